import fc from 'fast-check'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST, LIST_RESPONSE, PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { expectError } from '../rfc7644/service.js'
import { startApp, TOKEN } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { IS_LONG, runs } from '../support/length.js'
import { type RawAnswer, type RawRequest, sendRaw } from '../support/raw.js'

const RUNS = runs(150, 300)
const HOSTILE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'then',
  '',
  '\0',
  '\ud800',
  '%',
  '日本',
  'bulkId:x',
]
const NAMES = [
  'schemas',
  'id',
  'userName',
  'password',
  'name',
  'givenName',
  'emails',
  'value',
  'type',
  'primary',
  '$ref',
  'active',
  'members',
  'displayName',
  'manager',
  'meta',
  'groups',
  EnterpriseUser.id,
]

const word = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.constantFrom(...NAMES),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const leaf = fc.oneof(word, fc.boolean(), fc.integer(), fc.double(), fc.constant(null))
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(word, tie('json'), { maxKeys: 4 }),
  ),
}))
const members = fc.dictionary(word, json, { maxKeys: 5 })

const filter = fc.oneof(
  fc.constantFrom(
    'userName eq "a"',
    'members pr',
    'emails[type eq "work"]',
    'meta.resourceType ne "x"',
    'not (id pr)',
    '$ref pr',
    '__proto__ pr',
    'schemas eq "\ud800"',
  ),
  fc
    .array(
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        ' ',
        'not',
        'and',
        'or',
        'eq',
        'pr',
        'gt',
        '"',
        '\\',
        '.',
        ':',
        '1',
        'null',
        'true',
        ...NAMES,
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
  word,
)
const path = fc.oneof(
  fc.constantFrom(
    'userName',
    'emails',
    'members',
    'emails[type eq "work"].value',
    'members[value eq "x"]',
    EnterpriseUser.id,
    'id',
  ),
  filter,
)
const operation = fc.record(
  { op: fc.constantFrom('add', 'remove', 'replace', 'Add', 'move'), path, value: json },
  { requiredKeys: ['op'] },
)
const bulkOperation = fc.record(
  {
    method: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET'),
    path: fc.constantFrom('/Users', '/Groups', '/Users/1', '/Users/bulkId:a', '/Bulk', '/', 'x:y'),
    bulkId: fc.constantFrom('a', 'b', '__proto__'),
    data: fc.oneof(
      json,
      members.map((rest) => ({ ...rest, schemas: [User.id], userName: 'bulkId:b' })),
    ),
  },
  { requiredKeys: [] },
)

const userBody = members.map((rest) => ({ ...rest, schemas: [User.id], userName: `u${Math.random()}` }))
const groupBody = members.map((rest) => ({ displayName: 'g', ...rest, schemas: [Group.id] }))
const patchBody = fc.array(operation, { maxLength: 4 }).map((Operations) => ({ schemas: [PATCH_OP], Operations }))
const bulkBody = fc
  .array(bulkOperation, { maxLength: 4 })
  .map((Operations) => ({ schemas: [BULK_REQUEST], Operations }))
const searchBody = fc
  .record({ filter, sortBy: word, count: leaf, startIndex: leaf, attributes: json, cursor: word }, { requiredKeys: [] })
  .map((query) => ({ schemas: [SEARCH_REQUEST], ...query }))
const anyBody = fc.oneof(userBody, groupBody, patchBody, bulkBody, searchBody, json)
const text = (body: fc.Arbitrary<unknown>) => body.map((value) => JSON.stringify(value) ?? '')
const bytes = fc.oneof(
  { weight: 9, arbitrary: text(anyBody) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array)) },
)

const segment = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'Users',
      'Groups',
      'users',
      'Me',
      'Bulk',
      '.search',
      'Schemas',
      'ResourceTypes',
      'ServiceProviderConfig',
      User.id,
    ),
  },
  { weight: 4, arbitrary: fc.constantFrom('known', 'group', 'unknown') },
  { weight: 1, arbitrary: word.map(encode) },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-~]{0,6}$/) },
)
const target = fc.oneof(
  fc.constantFrom('/Users', '/Users/known', '/Groups', '/Groups/group', '/.search', '/Users/.search', '/Bulk', '/'),
  fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.join('/')}`),
)
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom(
      'filter',
      'sortBy',
      'sortOrder',
      'count',
      'startIndex',
      'attributes',
      'excludedAttributes',
      'cursor',
      'Filter',
    ),
    word,
  ),
  fc.oneof(filter, word, fc.integer().map(String), fc.constantFrom('ascending', '1', '0')),
)
const query = fc
  .array(parameter, { maxLength: 3 })
  .map((parameters) => parameters.map((pair) => pair.map(encode).join('=')).join('&'))

const header = (...values: string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    fc.constantFrom(...values),
    fc.stringMatching(/^[ -~]{0,12}$/),
  )
interface Given {
  readonly method: string
  readonly target: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string | Buffer | undefined
}

/** Requests that are close to the requests of clients. */
const plausible: fc.Arbitrary<Given> = fc.oneof(
  ...(
    [
      ['GET', fc.constantFrom('/Users', '/Groups', '/', '/Users/known', '/Groups/known'), undefined],
      ['POST', fc.constant('/Users'), userBody],
      ['POST', fc.constant('/Groups'), groupBody],
      ['PUT', fc.constant('/Users/known'), userBody],
      ['PATCH', fc.constant('/Users/known'), patchBody],
      ['PATCH', fc.constant('/Groups/known'), patchBody],
      ['POST', fc.constantFrom('/.search', '/Users/.search'), searchBody],
      ['POST', fc.constant('/Bulk'), bulkBody],
    ] as const
  ).map(([method, target, body]) =>
    fc.record({
      method: fc.constant(method),
      target,
      query: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, query),
      ...(body && { body: text(body) }),
    }),
  ),
)

const arbitrary: fc.Arbitrary<Given> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  target,
  query: fc.oneof({ weight: 2, arbitrary: query }, fc.constant(''), fc.stringMatching(/^[!-~]{0,12}$/)),
  headers: fc.record({
    authorization: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.stringMatching(/^[ -~]{0,12}$/)),
    accept: header('application/json', 'application/scim+json;q=0', 'text/html', ',,;='),
    'content-type': header('application/json', 'application/scim+json; charset=utf-8', 'text/plain', 'x/y; charset="'),
    'if-match': header('*', 'W/"1"', '"x", W/"y"', '"'),
    'if-none-match': header('*', 'W/"1"', '"'),
  }),
  body: fc.option(bytes, { nil: undefined }),
})
const request = fc.oneof({ weight: 2, arbitrary: plausible }, { weight: 1, arbitrary })

function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

function toRaw({ method, target, query = '', headers = {}, body }: Given, known: string): RawRequest {
  const given = { authorization: `Bearer ${TOKEN}`, ...withoutUndefined(headers) }
  const path = `/scim/v2${target.replaceAll('known', known)}${query === '' ? '' : `?${query}`}`
  return { method, path, headers: given, ...(body !== undefined && { body }) }
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(given)
}

/** An error is a SCIM error, and any other answer has the members of its kind. */
function check({ method }: RawRequest, answer: RawAnswer): void {
  const { status, text, body, headers } = answer
  // No request may bring a store or the router to fail.
  expect(status === 501 || (status >= 200 && status < 500)).toBe(true)
  if (method === 'HEAD' || status === 204 || status === 304) {
    expect(text).toBe('')
    return
  }
  if (status >= 400) {
    expectError(answer, status, body.scimType)
    return
  }
  expect(headers['content-type']).toMatch(/^application\/(scim\+)?json$/)
  expect(Buffer.byteLength(text)).toBe(Number(headers['content-length']))
  expect(body.schemas[0]).toMatch(/^urn:/)
  if (body.schemas[0] === LIST_RESPONSE) {
    expect(body.itemsPerPage).toBe(body.Resources.length)
    expect(body.totalResults).toBeGreaterThanOrEqual(body.itemsPerPage)
  }
  for (const resource of body.Resources ?? [body]) {
    expect(resource.schemas[0]).toMatch(/^urn:/)
    expect(resource).not.toHaveProperty('password')
  }
}

/** Both kinds of stores: one pages and patches itself, the other gives all its resources. */
const SERVICES = {
  tolerant: () => {
    const { users, groups } = memoryAdapters({ members: { unknown: 'keep' } })
    return { User: { adapter: users }, Group: { adapter: groups } }
  },
  strict: () => ({
    User: { adapter: fixtureAdapter([], 'userName'), supports: { versions: true } },
    Group: { adapter: fixtureAdapter([]), supports: { versions: true } },
  }),
}

describe.each(IS_LONG ? ([4, 5] as const) : ([5] as const))('any request (Express %i)', (version) => {
  test.each(['tolerant', 'strict'] as const)(
    '[P-3.12-01, P-7.7-01] gets the right answer or a SCIM error, and never brings the server down: %s',
    async (compatibility) => {
      const error = jest.fn()
      const resources = SERVICES[compatibility]()
      const cursor = { secrets: ['0123456789abcdef'] }
      const app = await startApp({ compatibility, cursor, on: { error }, resources }, version)
      const read = (location: string) => app.scim.get(location.slice(app.base.length))
      let known = 'known'
      try {
        await fc.assert(
          fc.asyncProperty(request, async (given) => {
            const sent = toRaw(given, known)
            const answer = await sendRaw(app.base, sent)
            check(sent, answer)
            expect(error.mock.calls).toEqual([])
            const { location } = answer.headers
            if (answer.status !== 201 || location === undefined) return
            // The created resource is there, and the next requests are about it.
            const { status, body } = await read(location)
            expect({ status, id: body.id }).toEqual({ status: 200, id: answer.body.id })
            known = encodeURIComponent(body.id)
          }),
          { numRuns: RUNS },
        )
        for (const path of ['/Users?count=200', '/Groups?count=200', '/'])
          expect((await app.scim.get(path)).status).toBe(200)
        expect(Object.keys(Object.prototype)).toEqual([])
      } finally {
        await app.close()
      }
    },
  )
})
