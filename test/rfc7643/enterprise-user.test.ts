import { EnterpriseUser, User } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { created } from './device.js'

const URN = EnterpriseUser.id
const app = sharedApp(() => memoryOptions({ compatibility: 'strict' }))

function patch(id: string, ...Operations: readonly object[]): Promise<Answer> {
  return app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations })
}

let count = 0
async function create(extension?: object): Promise<any> {
  count += 1
  return created(await app.scim.post('/Users', user(`enterprise-${count}`, extension && { [URN]: extension })))
}

test('[S-4.3-01, S-3.3-02] its attributes live under its URN, in every operation', async () => {
  const extension = {
    employeeNumber: '701984',
    costCenter: '4130',
    organization: 'Universal Studios',
    division: 'Theme Park',
    department: 'Tour Operations',
  }
  const { id, userName, ...posted } = await create(extension)
  expect(posted[URN]).toEqual(extension)
  expect(Object.keys(posted).sort()).toEqual(['meta', 'schemas', URN].sort())
  const put = await app.scim.put(`/Users/${id}`, user(userName, { [URN]: { department: 'Tours' } }))
  expect(put.body[URN]).toEqual({ department: 'Tours' })
  const filter = encodeURIComponent(`${URN}:department eq "tours"`)
  expect((await app.scim.get(`/Users?filter=${filter}`)).body.totalResults).toBe(1)
  await patch(id, { op: 'remove', path: `${URN}:department` })
  const { body } = await app.scim.get(`/Users/${id}`)
  expect(body.schemas).toEqual([User.id])
  expect(body).not.toHaveProperty([URN])
})

test('[S-4.3-02] manager.displayName is readOnly: ignored in POST and PUT, 400 mutability in PATCH', async () => {
  const manager = { value: 'boss', displayName: 'Mine' }
  const { id, userName, ...posted } = await create({ manager })
  expect(posted[URN].manager).not.toHaveProperty('displayName')
  const put = await app.scim.put(`/Users/${id}`, user(userName, { [URN]: { manager } }))
  expect(put.status).toBe(200)
  expect(put.body[URN].manager).not.toHaveProperty('displayName')
  const operation = { op: 'replace', path: `${URN}:manager.displayName`, value: 'Mine' }
  expectError(await patch(id, operation), 400, 'mutability')
})

test('[S-4.3-03, S-2.3.7-03] the server gives the URI of a manager', async () => {
  const boss = await create()
  const expected = { value: boss.id, $ref: boss.meta.location }
  const { id, userName, ...posted } = await create({ manager: { value: boss.id } })
  expect(posted[URN].manager).toEqual(expected)
  await patch(id, { op: 'remove', path: `${URN}:manager` })
  expect((await app.scim.get(`/Users/${id}`)).body).not.toHaveProperty([URN])
  await patch(id, { op: 'add', path: `${URN}:manager`, value: { value: boss.id } })
  expect((await app.scim.get(`/Users/${id}`)).body[URN].manager).toEqual(expected)
  const wrong = { value: boss.id, $ref: 'https://example.com/Users/1' }
  const put = await app.scim.put(`/Users/${id}`, user(userName, { [URN]: { manager: wrong } }))
  expect(put.body[URN].manager).toEqual(expected)
})

test('[S-4.3-03] another manager has another URI, and nothing of the one before', async () => {
  const [one, two] = [await create(), await create()]
  const { id } = await create({ manager: { value: one.id, $ref: one.meta.location } })
  await patch(id, { op: 'replace', path: `${URN}:manager.value`, value: two.id })
  const expected = { value: two.id, $ref: two.meta.location }
  expect((await app.scim.get(`/Users/${id}`)).body[URN].manager).toEqual(expected)
})
