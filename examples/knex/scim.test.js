import { after } from 'node:test'
import { compileList, postgresql } from 'express-scim/sql'
import { declaration, resourcesOf } from '../existing-tables/resources.js'
import { protect, prove, proveLists } from '../sqlite-file/prove.js'
import { openKnex, poolOf } from './database.js'

const { knex, close } = await openKnex()
after(close)
const store = { resources: resourcesOf(poolOf(knex), { protect }) }
prove(store)

// A query of the application with the filter of a client.
const dialect = { ...postgresql, parameter: () => '?' }
proveLists(store, async (query, tenant) => {
  const { where, orderBy, page } = compileList(query, declaration.User, dialect)
  const accounts = knex('accounts')
    .where('org_id', tenant ?? '')
    .whereRaw(where.text, where.values)
  const found = accounts.clone().select('id').orderByRaw(orderBy.text, orderBy.values)
  const ids = (await (page ? found.limit(page.limit).offset(page.offset) : found)).map(({ id }) => id)
  if (!page) return { ids }
  const [{ count }] = await accounts.count()
  return { ids, totalResults: Number(count) }
})
