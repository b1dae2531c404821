import { BULK_REQUEST, ENTERPRISE_USER_SCHEMA, PATCH_OP, SEARCH_REQUEST, USER_SCHEMA } from '../../../src/urn.js'
import { RESERVED } from './atoms.js'
import type { HostileRequest } from './exchange.js'

/** A hostile input from a person, and its result. */
export interface Case {
  readonly title: string
  readonly request: HostileRequest
  readonly status: number | 'closed' | readonly (number | 'closed')[]
}

const MOUNT = '/scim/v2'
const AUTHORIZED = ['Authorization: Bearer hostile-token', 'Content-Type: application/scim+json']
const LIMIT = 1_048_576

let names = 0
const user = (rest: object = {}): object => {
  names += 1
  return { schemas: [USER_SCHEMA], userName: `corpus-${names}`, ...rest }
}

function send(method: string, path: string, body?: unknown, rest: Partial<HostileRequest> = {}): HostileRequest {
  const bytes =
    body === undefined || Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const framing = bytes ? 'length' : 'none'
  return { kind: 'corpus', method, target: MOUNT + path, headers: AUTHORIZED, body: bytes, framing, ...rest }
}

const post = (title: string, body: unknown, status: Case['status'], rest?: Partial<HostileRequest>): Case => ({
  title,
  request: send('POST', '/Users', body, rest),
  status,
})
const get = (title: string, path: string, status: Case['status'], rest?: Partial<HostileRequest>): Case => ({
  title,
  request: send('GET', path, undefined, rest),
  status,
})
const patchOf = (operations: readonly object[]): object => ({ schemas: [PATCH_OP], Operations: operations })
const filtered = (title: string, filter: string, status: Case['status']): Case =>
  get(`filter: ${title}`, `/Users?filter=${encodeURIComponent(filter)}`, status)

const nested = (levels: number, open: string, close: string): string =>
  `{"schemas":["${USER_SCHEMA}"],"userName":"deep-${levels}-${open.length}","name":${open.repeat(levels)}1${close.repeat(levels)}}`

const BODIES: readonly Case[] = [
  post('body: nothing', '', 400),
  post('body: blanks', '  \n ', 400),
  post('body: null', 'null', 400),
  post('body: a number', '42', 400),
  post('body: a text', '"user"', 400),
  post('body: a list', '[]', 400),
  post('body: an empty object', '{}', 400),
  post('body: cut off', JSON.stringify(user()).slice(0, -1), 400),
  post('body: two of them', JSON.stringify(user()) + JSON.stringify(user()), 400),
  post('body: single quotes', "{'schemas':[]}", 400),
  post('body: comments', `/* */${JSON.stringify(user())}`, 400),
  post('body: a comma too many', '{"schemas":[],}', 400),
  post('body: NaN', '{"schemas":[],"userName":NaN}', 400),
  post('body: UTF-16', Buffer.from(JSON.stringify(user()), 'utf16le'), 400),
  post(
    'body: bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff, 0xfe]), Buffer.from('"}')]),
    400,
  ),
  post('body: a byte order mark', `\ufeff${JSON.stringify(user())}`, [201, 400]),
  post(
    'body: overlong UTF-8',
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    400,
  ),
  post('body: 10,000 lists in each other', nested(10_000, '[', ']'), 400),
  post('body: 10,000 objects in each other', nested(10_000, '{"a":', '}'), 400),
  post('body: 100,000 lists in each other', nested(100_000, '[', ']'), 400),
  post(
    'body: a list of 20,000 emails',
    user({ emails: Array.from({ length: 20_000 }, (_, n) => ({ value: `e${n}@x.example` })) }),
    [201, 413],
  ),
  post('body: 50,000 attributes', Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`a${n}`, 1])), 400),
  post('body: a member twice', `{"schemas":["${USER_SCHEMA}"],"userName":"twice-1","userName":"twice-2"}`, [201, 400]),
  post('body: a member twice, in other letters', user({ USERNAME: 'other' }), 400),
  post(
    'body: __proto__ as a member',
    `{"schemas":["${USER_SCHEMA}"],"userName":"proto-1","__proto__":{"active":true,"isAdmin":true}}`,
    [201, 400],
  ),
  post('body: constructor.prototype as a member', user({ constructor: { prototype: { isAdmin: true } } }), [201, 400]),
  post(
    'body: __proto__ in a complex attribute',
    `{"schemas":["${USER_SCHEMA}"],"userName":"proto-2","name":{"__proto__":{"x":1}}}`,
    [201, 400],
  ),
  post('body: toString as a member', user({ toString: 'x', valueOf: 'y', hasOwnProperty: 'z' }), [201, 400]),
  post('body: then as a member', `{"schemas":["${USER_SCHEMA}"],"userName":"then","then":"x"}`, [201, 400]),
  post(
    'body: __proto__ as the URN of an extension',
    `{"schemas":["${USER_SCHEMA}","__proto__"],"userName":"proto-3"}`,
    [201, 400],
  ),
  post('body: half a surrogate pair', `{"schemas":["${USER_SCHEMA}"],"userName":"half-\\ud800"}`, [201, 400]),
  post('body: NUL in a text', user({ displayName: 'a\u0000b' }), [201, 400]),
  post('body: numbers for texts', user({ displayName: 1e308, title: -0 }), [201, 400]),
  post(
    'body: a number that JSON cannot hold',
    `{"schemas":["${USER_SCHEMA}"],"userName":"big","displayName":1e999}`,
    400,
  ),
  post('body: a list for a text', user({ displayName: ['a', 'b'] }), 400),
  post('body: a text for an object', user({ name: 'Jensen' }), 400),
  post('body: an extension that is a list', user({ [ENTERPRISE_USER_SCHEMA]: ['x'] }), 400),
  post(
    'body: two primary values',
    user({
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    }),
    [201, 400],
  ),
  post('body: the id of another', user({ id: '../../etc/passwd', meta: { version: 'x' } }), 201),
  post(
    'body: a regular expression that takes for ever',
    user({ profileUrl: `https://x/${'a'.repeat(30_000)}!` }),
    [201, 400],
  ),
  post('body: a password of 100,000 characters', user({ password: 'x'.repeat(100_000) }), [201, 400]),
  post(`body: ${LIMIT} bytes`, JSON.stringify(user()).padEnd(LIMIT), 201),
  post(`body: ${LIMIT + 1} bytes`, JSON.stringify(user()).padEnd(LIMIT + 1), [413, 'closed'], { mayBreakHttp: true }),
  post(`body: ${LIMIT + 1} bytes in chunks`, JSON.stringify(user()).padEnd(LIMIT + 1), [413, 'closed'], {
    framing: 'chunked',
  }),
  post('body: 5 MB in chunks', Buffer.alloc(5_000_000, '['), [413, 'closed'], {
    framing: 'chunked',
    mayBreakHttp: true,
  }),
]

const FRAMING: readonly Case[] = [
  post('length: less than comes', user(), 400, { framing: ['Content-Length: 10'], mayBreakHttp: true }),
  post('length: negative', user(), 400, { framing: ['Content-Length: -1'], mayBreakHttp: true }),
  post('length: two of them', user(), 400, { framing: ['Content-Length: 5', 'Content-Length: 6'], mayBreakHttp: true }),
  post('length: with chunks', user(), 400, {
    framing: ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    mayBreakHttp: true,
  }),
  post('length: more than a number holds', user(), [400, 413], {
    framing: ['Content-Length: 99999999999999999999'],
    mayBreakHttp: true,
  }),
  post('length: announced beyond the limit, and nothing comes', '{', 413, { framing: ['Content-Length: 2000000'] }),
  post('length: more than comes, and the client says so', user(), [400, 'closed'], {
    framing: ['Content-Length: 500'],
    ends: true,
    mayBreakHttp: true,
  }),
  post('length: more than comes, and the client goes', user(), 'closed', {
    framing: ['Content-Length: 500'],
    dropAfter: 2_000,
  }),
  post('length: none at all', user(), 400, { framing: 'none', mayBreakHttp: true }),
  post('chunks: without an end', user(), 'closed', {
    framing: ['Transfer-Encoding: chunked'],
    dropAfter: 400,
    mayBreakHttp: true,
  }),
  post('chunks: without an end, and the client says so', user(), [400, 'closed'], {
    framing: ['Transfer-Encoding: chunked'],
    ends: true,
    mayBreakHttp: true,
  }),
  post('upload: dropped in the head', user(), 'closed', { dropAfter: 30 }),
  post('upload: dropped before the body', user(), 'closed', { dropAfter: 220 }),
  post('upload: dropped in the body', Buffer.alloc(900_000, ' '), 'closed', { dropAfter: 500_000 }),
  post('packed', Buffer.from('x'), 415, { headers: [...AUTHORIZED, 'Content-Encoding: gzip'] }),
]

const IDS: readonly Case[] = [
  ...RESERVED.map((sign) => get(`id: ${JSON.stringify(sign)} encoded`, `/Users/a${encodeURIComponent(sign)}b`, 404)),
  get('id: not percent-encoded right', '/Users/%E0%A4%A', 404),
  get('id: a single percent', '/Users/%', 404),
  get('id: NUL', '/Users/%00', 404),
  get('id: dots', '/Users/..', 404, { outside: true }),
  get('id: encoded dots', '/Users/%2e%2e%2f%2e%2e%2fetc%2fpasswd', 404),
  get('id: backslashes', '/Users/..%5c..%5cwindows', 404),
  get('id: __proto__', '/Users/__proto__', 404),
  get('id: constructor', '/Users/constructor', 404),
  get('id: 10,000 characters', `/Users/${'x'.repeat(10_000)}`, 404),
  get('id: half a surrogate pair', '/Users/%ED%A0%80', 404),
  get('id: a query in it', '/Users/x%3Ffilter=id', 404),
  get('endpoint: __proto__', '/__proto__', 404),
  get('endpoint: constructor/prototype', '/constructor/prototype', 404),
  get('endpoint: two slashes', '//Users', 200),
  get('endpoint: a host', '//evil.example/Users', 404),
  get('schema: __proto__', '/Schemas/__proto__', 404),
  get('resource type: constructor', '/ResourceTypes/constructor', 404),
]

const FILTERS: readonly Case[] = [
  filtered('empty', '', 200),
  filtered('half', 'userName eq', 400),
  filtered('no operator', 'userName "x"', 400),
  filtered('__proto__', '__proto__ pr', 400),
  filtered('constructor.prototype', 'constructor.prototype eq "x"', 400),
  filtered('password', 'password eq "x"', 400),
  filtered('a password of another', 'password sw "a"', 400),
  filtered('5,000 brackets', `${'('.repeat(3_000)}id pr${')'.repeat(3_000)}`, 400),
  filtered('brackets without an end', '('.repeat(2_000), 400),
  filtered('1,000 conditions', Array.from({ length: 900 }, () => 'id pr').join(' or '), 400),
  filtered('9,000 characters', `userName eq "${'x'.repeat(8_200)}"`, 400),
  filtered('a text without an end', `userName eq "${'\\'.repeat(2_000)}`, 400),
  filtered('escapes', `userName eq "${'\\u0061'.repeat(1_000)}"`, 200),
  filtered('a bad escape', 'userName eq "\\x"', 400),
  filtered('half a surrogate pair', 'userName eq "\\ud800"', 200),
  filtered('NUL', 'userName eq "a\\u0000b"', 200),
  filtered('NUL as it is', 'userName eq "a\u0000b"', 400),
  filtered('SQL', `userName eq "' OR 1=1; --"`, 200),
  filtered('SQL behind it', `userName eq "x"; DROP TABLE users`, 400),
  filtered('a value filter in a value filter', 'emails[value[x pr] pr]', 400),
  filtered('a regular expression', 'userName co "(a+)+$"', 200),
  filtered('a boolean that is greater', 'active gt true', 400),
  filtered('a number for a text', 'userName gt 5', [200, 400]),
  get('filter twice', '/Users?filter=id%20pr&filter=id%20pr', 400),
  get('filter as a list', '/Users?filter[]=id%20pr', 200),
  get('filter with broken encoding', '/Users?filter=%E0%A4%A', 400),
  get('1,000 parameters', `/Users?${Array.from({ length: 1_000 }, (_, n) => `p${n}=1`).join('&')}`, 200),
  get('count beyond reason', '/Users?count=99999999999999999999&startIndex=99999999999999999999', 200),
  get('count with an exponent', '/Users?count=1e3', 400),
  get('count in other digits', '/Users?count=%D9%A3', 400),
  get('sortBy __proto__', '/Users?sortBy=__proto__', 400),
  get('sortBy password', '/Users?sortBy=password', 400),
  get('attributes __proto__,constructor', '/Users?attributes=__proto__,constructor,toString', 200),
  get('attributes password', '/Users?attributes=password', 200),
  get('10,000 attributes', `/Users?attributes=${'a,'.repeat(5_000)}`, 200),
  get('cursor: forged', `/Users?cursor=${'A'.repeat(120)}`, 400),
  get('cursor: no base64', '/Users?cursor=%00%ff', 400),
  get('cursor: too short', '/Users?cursor=AA', 400),
  get('cursor: 8,000 characters', `/Users?cursor=${'A'.repeat(8_000)}`, 400),
  get('cursor and startIndex', '/Users?cursor=&startIndex=1', 400),
]

const HEADERS: readonly Case[] = [
  get('header: no token', '/Users', 401, { headers: [] }),
  get('header: token of 8,000 characters', '/Users', 401, { headers: [`Authorization: Bearer ${'x'.repeat(8_000)}`] }),
  get('header: token with bytes', '/Users', 401, { headers: ['Authorization: Bearer \xff\xfe'] }),
  get('header: two tokens', '/Users', [200, 401], {
    headers: ['Authorization: Bearer hostile-token', 'Authorization: Bearer x'],
  }),
  get('header: Host that is none', '/Users', 400, { headers: [...AUTHORIZED, 'Host: a b'] }),
  get('header: Host with a user', '/Users', 400, { headers: [...AUTHORIZED, 'Host: user@evil.example'] }),
  get('header: Host that breaks the line', '/Users', 400, { headers: [...AUTHORIZED, 'Host: x\\r\\nSet-Cookie: y'] }),
  get('header: Accept of nothing known', '/Users', 200, { headers: [...AUTHORIZED, 'Accept: text/html'] }),
  get('header: 500 media types', '/Users', 200, { headers: [...AUTHORIZED, `Accept: ${'a/b;q=0.1,'.repeat(500)}*/*`] }),
  get('header: If-None-Match of 500 tags', '/Users', 200, {
    headers: [...AUTHORIZED, `If-None-Match: ${'W/"1",'.repeat(500)}`],
  }),
  get('header: 20 KB', '/Users', 431, {
    headers: [...AUTHORIZED, `X-Large: ${'x'.repeat(20_000)}`],
    mayBreakHttp: true,
  }),
  post('header: no media type', user(), [201, 415], { headers: AUTHORIZED.slice(0, 1) }),
  post('header: text/html', user(), 415, { headers: [...AUTHORIZED.slice(0, 1), 'Content-Type: text/html'] }),
  post('header: another character set', user(), 415, {
    headers: [...AUTHORIZED.slice(0, 1), 'Content-Type: application/scim+json; charset=utf-16'],
  }),
  post('header: a form', 'userName=x', 415, {
    headers: [...AUTHORIZED.slice(0, 1), 'Content-Type: application/x-www-form-urlencoded'],
  }),
  { title: 'method: TRACE', request: send('TRACE', '/Users'), status: 405 },
  { title: 'method: PROPFIND', request: send('PROPFIND', '/Users'), status: 405 },
  { title: 'method: unknown', request: send('HACK', '/Users', undefined, { mayBreakHttp: true }), status: [400, 405] },
  {
    title: 'method: in small letters',
    request: send('get', '/Users', undefined, { mayBreakHttp: true }),
    status: [400, 405],
  },
  { title: 'method: GET with a body', request: send('GET', '/Users', '{"filter":"id pr"}'), status: 200 },
]

const MESSAGES: readonly Case[] = [
  ['no operations', patchOf([]), [204, 400, 404]],
  [
    '1,001 operations',
    patchOf(Array.from({ length: 1_001 }, () => ({ op: 'add', path: 'title', value: 'x' }))),
    [404, 413],
  ],
  ['a path of 9,000 characters', patchOf([{ op: 'add', path: 'a'.repeat(9_000), value: 1 }]), [400, 404]],
  ['__proto__ as a path', patchOf([{ op: 'add', path: '__proto__.isAdmin', value: true }]), [400, 404]],
  ['constructor as a path', patchOf([{ op: 'add', path: 'constructor.prototype', value: {} }]), [400, 404]],
  ['an extension named __proto__', patchOf([{ op: 'add', path: 'urn:__proto__:x', value: 1 }]), [400, 404]],
  ['brackets without an end', patchOf([{ op: 'remove', path: `emails${'['.repeat(2_000)}` }]), [400, 404]],
  ['an op that is an object', patchOf([{ op: { toString: 'add' }, path: 'title', value: 'x' }]), [400, 404]],
].map(([title, body, status]) => ({
  title: `patch: ${title as string}`,
  request: send('PATCH', '/Users/nobody', body),
  status: status as Case['status'],
}))

const BULK: readonly Case[] = (
  [
    ['no operations', { schemas: [BULK_REQUEST], Operations: [] }, 400],
    ['1,001 operations', { schemas: [BULK_REQUEST], Operations: Array.from({ length: 1_001 }, () => ({})) }, 413],
    [
      'bulk in bulk',
      { schemas: [BULK_REQUEST], Operations: [{ method: 'POST', path: '/Bulk', bulkId: 'a', data: {} }] },
      200,
    ],
    [
      'half a surrogate pair',
      { schemas: [BULK_REQUEST], Operations: [{ method: 'DELETE', path: '/Users/\ud83d' }] },
      200,
    ],
    [
      '__proto__ as a bulkId',
      { schemas: [BULK_REQUEST], Operations: [{ method: 'POST', path: '/Users', bulkId: '__proto__', data: user() }] },
      200,
    ],
    [
      '1,000 references in a chain',
      {
        schemas: [BULK_REQUEST],
        Operations: Array.from({ length: 1_000 }, (_, n) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `b${n}`,
          data: user({ [ENTERPRISE_USER_SCHEMA]: { manager: { value: `bulkId:b${(n + 1) % 1_000}` } } }),
        })),
      },
      200,
    ],
    ['an operation that is a text', { schemas: [BULK_REQUEST], Operations: ['DELETE /Users'] }, [200, 400]],
  ] as const
).map(([title, body, status]) => ({ title: `bulk: ${title}`, request: send('POST', '/Bulk', body), status }))

const SEARCHES: readonly Case[] = (
  [
    ['of nothing', {}, 400],
    ['with a filter that is an object', { schemas: [SEARCH_REQUEST], filter: { $ne: null } }, 400],
    ['with attributes that are numbers', { schemas: [SEARCH_REQUEST], attributes: [1, 2] }, 400],
    ['with count as a text', { schemas: [SEARCH_REQUEST], count: '10' }, 200],
    [
      'with __proto__',
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"__proto__":{"count":0}}',
      200,
    ],
  ] as const
).map(([title, body, status]) => ({ title: `search: ${title}`, request: send('POST', '/.search', body), status }))

/** Inputs that have hurt other servers. */
export const CORPUS: readonly Case[] = [
  ...BODIES,
  ...FRAMING,
  ...IDS,
  ...FILTERS,
  ...HEADERS,
  ...MESSAGES,
  ...BULK,
  ...SEARCHES,
]
