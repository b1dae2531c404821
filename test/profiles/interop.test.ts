import { expectError, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp, startApp } from '../support/app.js'

/** The demands of draft-zollner-scim-interop-profile beyond the RFCs, as far as the library offers them. */
describe('interop profile', () => {
  const app = sharedApp(() => {
    const { resources } = memoryOptions()
    const { adapter } = resources['User'] as { adapter: never }
    return {
      ...memoryOptions(),
      resources: { ...resources, User: { adapter, attributes: { 'emails.type': { enforceCanonicalValues: true } } } },
      compatibility: 'strict',
    }
  })
  const emails = (type: string): object => ({ emails: [{ value: 'a@x.test', type }] })

  test('[X-INT-08] a PATCH that takes a value in use: 409 uniqueness', async () => {
    await app.scim.post('/Users', user('first'))
    const { body } = await app.scim.post('/Users', user('second'))
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'userName', value: 'FIRST' }],
    }
    expectError(await app.scim.patch(`/Users/${body.id}`, patch), 409, 'uniqueness')
    expect((await app.scim.get(`/Users/${body.id}`)).body.userName).toBe('second')
  })

  test('[X-INT-09] canonical values of type are declared, and enforced by an option', async () => {
    const { body } = await app.scim.get('/Schemas/urn:ietf:params:scim:schemas:core:2.0:User')
    const { subAttributes } = body.attributes.find(({ name }: { name: string }) => name === 'emails')
    const type = subAttributes.find(({ name }: { name: string }) => name === 'type')
    expect(type.canonicalValues).toEqual(['work', 'home', 'other'])
    expect((await app.scim.post('/Users', user('canonical', emails('work') as never))).status).toBe(201)
    expectError(await app.scim.post('/Users', user('not canonical', emails('office') as never)), 400, 'invalidValue')
  })
})

test('[X-INT-04] a page has 100 resources unless asked otherwise, and 200 when they are asked for', async () => {
  const app = await startApp(memoryOptions())
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
  const operations = Array.from({ length: 210 }, (_, at) => {
    return { method: 'POST', path: '/Users', bulkId: `${at}`, data: user(`many ${at}`) }
  })
  await app.scim.post('/Bulk', { schemas, Operations: operations })
  expect((await app.scim.get('/Users')).body.Resources).toHaveLength(100)
  expect((await app.scim.get('/Users?count=200')).body.Resources).toHaveLength(200)
})
