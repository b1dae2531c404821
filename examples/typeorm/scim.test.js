import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { compileList } from 'express-scim/sql'
import { declaration, resourcesOf } from '../existing-tables/resources.js'
import { appOf } from '../sqlite-file/app.js'
import { protect, prove, proveLists } from '../sqlite-file/prove.js'
import { Account, openDataSource, poolOf } from './database.js'

const { dataSource, close } = await openDataSource()
after(close)
const resources = resourcesOf(poolOf(dataSource), { protect })

test('what SCIM writes is an entity of TypeORM', async () => {
  const server = appOf({ resources }, new Map([['token-of-acme', 'acme']])).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { status } = await fetch(`http://127.0.0.1:${server.address().port}/scim/v2/Users`, {
    method: 'POST',
    headers: { authorization: 'Bearer token-of-acme', 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'entity@example.com',
      name: { givenName: 'Enid' },
    }),
  })
  server.close()
  assert.equal(status, 201)
  const found = await dataSource.getRepository(Account).findOneByOrFail({ email: 'entity@example.com' })
  assert.equal(found.firstName, 'Enid')
  assert.equal(found.organization, 'acme')
  await dataSource.getRepository(Account).delete({ id: found.id })
})
prove({ resources })

// A query of the application with the filter of a client.
proveLists({ resources }, async (query, tenant) => {
  const { where, orderBy, page } = compileList(query, declaration.User)
  const [condition, order] = [where.named(), orderBy.named('order')]
  const accounts = dataSource
    .getRepository(Account)
    .createQueryBuilder('accounts')
    .where('accounts.organization = :tenant', { tenant: tenant ?? '' })
    .andWhere(condition.text, condition.parameters)
  const found = accounts.clone().select('accounts.id', 'id').orderBy(order.text).setParameters(order.parameters)
  const rows = await (page ? found.limit(page.limit).offset(page.offset) : found).getRawMany()
  const ids = rows.map(({ id }) => id)
  return page ? { ids, totalResults: await accounts.getCount() } : { ids }
})
