import type { Compatibility, ToleranceName } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { type App, startApp } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { closedAfterEach, ENTERPRISE, expectError, user } from './service.js'

interface Pair {
  /** What a client sends. */
  readonly send: (scim: ScimClient) => Promise<Answer>
  readonly strict: { readonly status: number; readonly scimType?: string }
  readonly tolerant: { readonly status: number; readonly body?: object }
}

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** What a tolerance changes, as a client sees it. Most have their pairs where they act; here are those of whole requests. */
const PAIRS: Partial<Record<ToleranceName, Pair>> = {
  acceptHeader: {
    send: (scim) => scim.get('/Users', { headers: { Accept: 'text/html' } }),
    strict: { status: 406 },
    tolerant: { status: 200, body: { schemas: [LIST] } },
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
  unservedEndpoint: {
    send: (scim) => scim.get('/Groups'),
    strict: { status: 404 },
    tolerant: { status: 200, body: { schemas: [LIST], totalResults: 0 } },
  },
}

const closing = closedAfterEach()

/** A service with users alone, and the tolerances that its requests needed. */
async function service(compatibility: Compatibility): Promise<{ readonly app: App; readonly needed: string[] }> {
  const needed: string[] = []
  const { users } = memoryAdapters()
  const on = { request: ({ tolerances }: { readonly tolerances: readonly string[] }) => needed.push(...tolerances) }
  return { app: await closing(startApp({ resources: { User: { adapter: users } }, compatibility, on })), needed }
}

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

describe.each(Object.entries(PAIRS))('the tolerance %s', (name, { send, strict, tolerant }) => {
  test('is off in strict mode', async () => {
    const { app } = await service('strict')
    expectError(await send(app.scim), strict.status, strict.scimType)
  })

  test('is off when it alone is switched off', async () => {
    const { app } = await service({ [name]: false })
    expectError(await send(app.scim), strict.status, strict.scimType)
  })

  test('is on when it alone is switched on, and reported', async () => {
    const { app, needed } = await service({ base: 'strict', [name]: true })
    const answer = await send(app.scim)
    expect(answer.status).toBe(tolerant.status)
    if (tolerant.body) expect(answer.body).toMatchObject(tolerant.body)
    await new Promise(setImmediate)
    expect(needed).toContain(name)
  })
})
