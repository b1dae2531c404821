import { sharedApp } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { expectError, memoryOptions } from './service.js'

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

// The fault and the rule; types and positions, never a value that the client sent.
describe('a detail says what must be', () => {
  const app = sharedApp(() => memoryOptions({ compatibility: 'strict' }))

  test.each([
    ['/Users?count=abc', 'Parameter count must be an integer.'],
    ['/Users?startIndex=1.5', 'Parameter startIndex must be an integer.'],
    ['/Users?sortBy=userName&sortOrder=up', 'Parameter sortOrder must be "ascending" or "descending".'],
  ])('GET %s', async (path, detail) => {
    const answer = await app.scim.get(path)
    expectError(answer, 400, 'invalidValue')
    expect(detailOf(answer.body)).toBe(detail)
  })

  test.each<[object, string]>([
    [{ schemas: [PATCH_OP] }, 'Operations is missing.'],
    [{ schemas: [PATCH_OP], Operations: {} }, 'Operations must be an array.'],
    [
      { schemas: [PATCH_OP], Operations: [{ op: 'secret-op' }] },
      'The op of an operation must be "add", "remove" or "replace".',
    ],
    [{ schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'title' }] }, 'An operation "add" must have a value.'],
    [
      { schemas: [PATCH_OP], Operations: [{ op: 'add', path: 'active', value: 'secret-value' }] },
      'Attribute "active" must be true or false.',
    ],
  ])('PATCH %j', async (body, detail) => {
    const { body: created } = await app.scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: detail,
    })
    const answer = await app.scim.patch(`/Users/${created.id}`, body)
    expect([answer.status, detailOf(answer.body)]).toEqual([400, detail])
    expect(answer.text).not.toContain('secret')
  })

  test.each<[object, string]>([
    [{ schemas: [BULK] }, 'Operations is missing.'],
    [{ schemas: [BULK], Operations: [] }, 'Operations must be an array that is not empty.'],
  ])('POST /Bulk %j', async (body, detail) => {
    expect(detailOf((await app.scim.post('/Bulk', body)).body)).toBe(detail)
  })

  test('an operation of a bulk request', async () => {
    const { body } = await app.scim.post('/Bulk', {
      schemas: [BULK],
      Operations: [{ method: 'POST', path: '/Users', data: {} }],
    })
    expect(detailOf(body.Operations[0].response)).toBe('A bulk operation with method POST must have a bulkId.')
  })
})
