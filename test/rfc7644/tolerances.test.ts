import { type Compatibility, type ToleranceName, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { closedAfterEach, ENTERPRISE, expectError, user } from './service.js'

interface Pair {
  /** The request of a client. */
  readonly send: (scim: ScimClient, base: string) => Promise<Answer>
  /** An error, or the body of an answer that does without the tolerance. */
  readonly strict: { readonly status: number; readonly scimType?: string; readonly body?: object }
  readonly tolerant: { readonly status: number; readonly body?: object }
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/**
 * The effect of each tolerance, as a client sees it. Most tolerances have their pairs where they act; these concern
 * whole requests.
 */
const PAIRS: Partial<Record<ToleranceName, Pair>> = {
  acceptHeader: {
    send: (scim) => scim.get('/Users', { headers: { Accept: 'text/html' } }),
    strict: { status: 406 },
    tolerant: { status: 200, body: { schemas: [LIST] } },
  },
  bulkAbsolutePath: {
    send: (scim, base) => bulk(scim, { method: 'POST', path: `${base}/Users`, bulkId: 'a', data: user('absolute') }),
    strict: { status: 200, body: outcome('400', 'invalidSyntax') },
    tolerant: { status: 200, body: outcome('201') },
  },
  bulkMethodCase: {
    send: (scim) => bulk(scim, { method: 'Post', path: '/Users', bulkId: 'a', data: user('letters') }),
    strict: { status: 200, body: outcome('400', 'invalidSyntax') },
    tolerant: { status: 200, body: outcome('201') },
  },
  endpointCase: {
    send: (scim) => scim.get('/users'),
    strict: { status: 404 },
    tolerant: { status: 200, body: { schemas: [LIST] } },
  },
  // Decision A-12.
  filterAfterValuePath: {
    send: async (scim) => {
      await scim.post('/Users', user('by-mail', { emails: [{ type: 'work', value: 'x@example.com' }] }))
      await scim.post('/Users', user('at-home', { emails: [{ type: 'home', value: 'x@example.com' }] }))
      return scim.get(`/Users?filter=${encodeURIComponent('emails[type eq "work"].value eq "x@example.com"')}`)
    },
    strict: { status: 400, scimType: 'invalidFilter' },
    tolerant: { status: 200, body: { totalResults: 1, Resources: [{ userName: 'by-mail' }] } },
  },
  missingSchemas: {
    send: (scim) => scim.post('/Users', { userName: 'no-schemas' }),
    strict: { status: 400, scimType: 'invalidSyntax' },
    tolerant: { status: 201, body: { schemas: [User.id] } },
  },
  queryNameCase: {
    send: async (scim) => {
      for (const name of ['one', 'two']) await scim.post('/Users', user(name))
      return scim.get('/Users?COUNT=1')
    },
    strict: { status: 200, body: { totalResults: 2, itemsPerPage: 2 } },
    tolerant: { status: 200, body: { totalResults: 2, itemsPerPage: 1 } },
  },
  readOnlyPath: {
    send: async (scim) => {
      const { body } = await scim.post('/Users', user('read-only'))
      const Operations = [
        { op: 'replace', path: 'meta.lastModified', value: '2020-01-01T00:00:00Z' },
        { op: 'replace', path: 'title', value: 'Engineer' },
      ]
      return scim.patch(`/Users/${body.id}`, { schemas: [PATCH_OP], Operations })
    },
    strict: { status: 400, scimType: 'mutability' },
    tolerant: { status: 200, body: { title: 'Engineer' } },
  },
  singleForList: {
    send: (scim) => scim.post('/Users', user('single', { emails: { value: 'x@example.com' } })),
    strict: { status: 400, scimType: 'invalidValue' },
    tolerant: { status: 201, body: { emails: [{ value: 'x@example.com' }] } },
  },
  unservedEndpoint: {
    send: (scim) => scim.get('/Groups'),
    strict: { status: 404 },
    tolerant: { status: 200, body: { schemas: [LIST], totalResults: 0 } },
  },
}

/** One operation, as a bulk request. */
function bulk(scim: ScimClient, operation: object): Promise<Answer> {
  return scim.post('/Bulk', { schemas: [BULK_REQUEST], Operations: [operation] })
}

function outcome(status: string, scimType?: string): object {
  return { Operations: [{ status, ...(scimType !== undefined && { response: { scimType } }) }] }
}

const closing = closedAfterEach()

/** A service with users alone, and the tolerances that its requests needed. */
async function service(compatibility: Compatibility): Promise<{ readonly app: App; readonly needed: string[] }> {
  const needed: string[] = []
  const { users } = memoryAdapters()
  const on = { request: ({ tolerances }: { readonly tolerances: readonly string[] }) => needed.push(...tolerances) }
  return { app: await closing(startApp({ resources: { User: { adapter: users } }, compatibility, on })), needed }
}

// Decision A-54c.
test('trailingColon alone is enough for the URN of an extension as a key of a POST', async () => {
  const { app, needed } = await service({ base: 'strict', trailingColon: true })
  const { status, body } = await app.scim.post('/Users', user('colon', { [`${ENTERPRISE}:`]: { department: 'IT' } }))
  expect({ status, extension: body[ENTERPRISE] }).toEqual({ status: 201, extension: { department: 'IT' } })
  await new Promise(setImmediate)
  expect(needed).toEqual(['trailingColon'])
})

test('an id that repeats that of the resource is no change and needs no tolerance, another id does', async () => {
  const { app, needed } = await service('tolerant')
  const { body } = await app.scim.post('/Users', user('repeated'))
  const patch = (...Operations: object[]) =>
    app.scim.patch(`/Users/${body.id}`, { schemas: [PATCH_OP], Operations: [...Operations] })
  const answers = [
    await patch({ op: 'replace', value: { id: body.id, title: 'Pilot' } }),
    await patch({ op: 'add', path: 'id', value: body.id }, { op: 'replace', path: 'title', value: 'Nurse' }),
    await patch({ op: 'replace', value: { 'urn:ietf:params:scim:schemas:core:2.0:User:id': body.id } }),
    await patch({ op: 'replace', value: { id: 'other', title: 'Cook' } }),
    await patch({ op: 'add', path: 'id', value: 'other' }, { op: 'replace', path: 'title', value: 'Smith' }),
  ]
  expect(answers.map(({ status, body: { title } }) => [status, title])).toEqual([
    [200, 'Pilot'],
    [200, 'Nurse'],
    [200, 'Nurse'],
    [200, 'Cook'],
    [200, 'Smith'],
  ])
  await new Promise(setImmediate)
  expect(needed).toEqual(['dottedKeys', 'readOnlyInValue', 'readOnlyPath'])
  const strict = await service('strict')
  const { body: other } = await strict.app.scim.post('/Users', user('repeated'))
  const same = { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { id: other.id, title: 'Pilot' } }] }
  expect((await strict.app.scim.patch(`/Users/${other.id}`, same)).body.title).toBe('Pilot')
})

function expectStrict(answer: Answer, { status, scimType, body }: Pair['strict']): void {
  if (body === undefined) expectError(answer, status, scimType)
  else expect({ status: answer.status, body: answer.body }).toMatchObject({ status, body })
}

describe.each(Object.entries(PAIRS))('the tolerance %s', (name, { send, strict, tolerant }) => {
  test('is off in strict mode', async () => {
    const { app } = await service('strict')
    expectStrict(await send(app.scim, app.base), strict)
  })

  test('is off when it alone is switched off', async () => {
    const { app } = await service({ [name]: false })
    expectStrict(await send(app.scim, app.base), strict)
  })

  test('is on when it alone is switched on, and reported', async () => {
    const { app, needed } = await service({ base: 'strict', [name]: true })
    const answer = await send(app.scim, app.base)
    expect(answer.status).toBe(tolerant.status)
    if (tolerant.body) expect(answer.body).toMatchObject(tolerant.body)
    await new Promise(setImmediate)
    expect(needed).toContain(name)
  })
})
