import { NAMES, oddId, TEXTS } from './atoms.js'
import { oddBody, type Purpose } from './bodies.js'
import type { HostileRequest } from './exchange.js'
import { oddFilter, oddPath } from './filters.js'
import type { Random } from './random.js'

/** The facts that the requests know about the service. */
export interface Known {
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly cursors: readonly string[]
}

const MOUNT = '/scim/v2'
const TOKEN = 'Authorization: Bearer hostile-token'

/** One hostile request: most of it is right, so that its wrong part gets far. */
export function hostileRequest(random: Random, known: Known): HostileRequest {
  const kind = random.below(100)
  if (kind < 45) return aboutBody(random, known)
  if (kind < 65) return aboutQuery(random, known)
  if (kind < 78) return aboutPath(random, known)
  if (kind < 90) return aboutHeaders(random, known)
  return aboutFraming(random, known)
}

function aboutBody(random: Random, known: Known): HostileRequest {
  const ids = [...known.users, ...known.groups]
  const purpose = random.pick<Purpose>(['user', 'user', 'group', 'patch', 'patch', 'patch', 'bulk', 'search'])
  const [method, path] = {
    user: random.chance(50) ? ['POST', '/Users'] : ['PUT', `/Users/${random.pick(known.users)}`],
    group: random.chance(50) ? ['POST', '/Groups'] : ['PUT', `/Groups/${random.pick(known.groups)}`],
    patch: ['PATCH', random.chance(60) ? `/Users/${random.pick(known.users)}` : `/Groups/${random.pick(known.groups)}`],
    bulk: ['POST', '/Bulk'],
    search: ['POST', random.pick(['/.search', '/Users/.search', '/Groups/.search'])],
  }[purpose] as [string, string]
  return request(`body of a ${purpose}`, method, path, {
    body: oddBody(random, purpose, ids),
    framing: random.chance(15) ? 'chunked' : 'length',
  })
}

function aboutQuery(random: Random, known: Known): HostileRequest {
  const path = random.pick([
    '',
    '/',
    '/Users',
    '/Groups',
    '/Users',
    `/Users/${random.pick(known.users)}`,
    '/Schemas',
    '/Me',
  ])
  const parameters = random.times(5, () => {
    const name = random.chance(85) ? random.pick(PARAMETERS) : random.pick(NAMES)
    return `${encode(random, name)}=${encode(random, parameter(random, known, name))}`
  })
  return request('query', 'GET', `${path}?${parameters.join(random.pick(['&', '&', '&&', ';']))}`)
}

const PARAMETERS = [
  'filter',
  'filter',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'attributes',
  'excludedAttributes',
  'cursor',
  'FILTER',
  'Count',
] as const

function parameter(random: Random, { cursors }: Known, name: string): string {
  const lower = name.toLowerCase()
  if (lower === 'filter') return oddFilter(random)
  if (lower === 'cursor') return oddCursor(random, cursors)
  if (lower === 'count' || lower === 'startindex') {
    return random.pick(['0', '1', '5', '-1', '1e3', '0x10', '99999999999999999999', '1.5', '', 'NaN', ' 7 ', '+3', '٣'])
  }
  if (lower === 'sortorder') return random.pick(['ascending', 'descending', 'DESCENDING', 'up', ''])
  return random.chance(80) ? random.times(4, () => oddPath(random)).join(',') : random.pick(TEXTS)
}

/** A good cursor, one with a change in one place, or none at all. */
function oddCursor(random: Random, cursors: readonly string[]): string {
  const cursor = random.pick(cursors)
  const at = random.below(cursor.length)
  return random.pick([
    cursor,
    cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    cursor.slice(0, at),
    cursor + cursor,
    cursor.split('').reverse().join(''),
    'A'.repeat(at),
    `${cursor}=`,
    '',
    random.pick(TEXTS),
  ])
}

function encode(random: Random, text: string): string {
  const safe = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
  if (random.chance(90)) return safe
  // As careless clients do it: blanks as plus, or escapes only for characters that would end the line.
  return random.chance(50)
    ? safe.replaceAll('%20', '+')
    : text.replace(/[^\x21-\x7e]|[#&]/g, (one) => encodeURIComponent(one.replace(/\p{Cs}/gu, '?')))
}

function aboutPath(random: Random, known: Known): HostileRequest {
  const endpoint = random.pick([
    '/Users',
    '/Groups',
    '/Schemas',
    '/ResourceTypes',
    '/ServiceProviderConfig',
    '/Me',
    '/Bulk',
    '/.search',
    '/users',
    '/Nothing',
    '',
  ])
  const id = oddId(random, [...known.users, ...known.groups])
  const more = random.chance(15) ? `/${oddId(random, known.users)}` : ''
  const method = random.pick([
    'GET',
    'GET',
    'HEAD',
    'DELETE',
    'PUT',
    'PATCH',
    'POST',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'LINK',
    'REPORT',
  ])
  // A deletion of resources that other requests ask for would leave none to ask for.
  const safe = method === 'DELETE' && [...known.users, ...known.groups].some((one) => id.includes(one)) ? 'GET' : method
  const purpose: Purpose = method === 'PATCH' ? 'patch' : 'user'
  const withBody = ['PUT', 'PATCH', 'POST'].includes(method)
  return request('path', safe, `${endpoint}/${id}${more}`, {
    ...(withBody && { body: oddBody(random, purpose, known.users), framing: 'length' as const }),
    mayBreakHttp: true,
  })
}

function aboutHeaders(random: Random, known: Known): HostileRequest {
  const method = random.pick(['GET', 'PUT', 'PATCH', 'POST'])
  const path = method === 'POST' ? '/Users' : `/Users/${random.pick(known.users)}`
  const lines = random.times(4, () => `${random.pick(HEADERS)}: ${headerValue(random)}`)
  const withBody = method !== 'GET'
  return request('header', method, path, {
    headers: random.chance(80) ? [TOKEN, ...lines] : lines,
    ...(withBody && {
      body: oddBody(random, method === 'PATCH' ? 'patch' : 'user', known.users),
      framing: 'length' as const,
    }),
    mayBreakHttp: true,
  })
}

const HEADERS = [
  'Accept',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Authorization',
  'Host',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-For',
  'Forwarded',
  'Content-Encoding',
  'Accept-Encoding',
  'Accept-Charset',
  'Expect',
  'X-HTTP-Method-Override',
  'Cookie',
  'Range',
  'If-Modified-Since',
  'If-Unmodified-Since',
  '__proto__',
  'constructor',
  'Upgrade-Insecure-Requests',
  'Prefer',
  'Content-Language',
] as const

function headerValue(random: Random): string {
  return random.pick([
    '*/*',
    'application/scim+json',
    'application/json;q=0',
    'text/html',
    ',,,',
    ';;;',
    'a/b;q=2',
    'application/*;q=0.5, */*;q=0',
    '*',
    'W/"1"',
    '"1"',
    'W/"',
    '"',
    'W/"1", W/"2", "3"',
    '"a,b"',
    `${'W/"1",'.repeat(300)}`,
    'W/"%E0%A4%A"',
    'W/"%00"',
    'Bearer',
    'Bearer ',
    'Bearer hostile-token',
    'bearer hostile-token',
    'Bearer hostile-token x',
    'Basic Og==',
    `Bearer ${'x'.repeat(5_000)}`,
    'Digest username="x"',
    'application/scim+json; charset=utf-8',
    'application/json; charset=utf-16',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/scim+json; a="b;c"',
    'evil.example',
    'evil.example:99999',
    'a b',
    '[::1]:80',
    '127.0.0.1@evil.example',
    'x/../y',
    'gzip',
    'identity',
    'br',
    '100-continue',
    'bytes=0-1',
    'DELETE',
    'http',
    'javascript',
    'Sun, 06 Nov 1994 08:49:37 GMT',
    '\xe9\xff\x80',
    `${'a'.repeat(4_000)}`,
    '',
  ])
}

/** The length that is announced against the length that comes, chunks, and clients that go away. */
function aboutFraming(random: Random, known: Known): HostileRequest {
  const purpose = random.pick<Purpose>(['user', 'patch', 'bulk'])
  const [method, path] = {
    user: ['POST', '/Users'],
    patch: ['PATCH', `/Users/${random.pick(known.users)}`],
    bulk: ['POST', '/Bulk'],
    group: ['', ''],
    search: ['', ''],
  }[purpose] as [string, string]
  const body = oddBody(random, purpose, known.users)
  const framings: readonly HostileRequest['framing'][] = [
    [`Content-Length: ${Math.max(0, body.length - 1 - random.below(20))}`],
    [`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`],
    ['Content-Length: -1'],
    ['Content-Length: 1e3'],
    ['Content-Length: 99999999999999999999'],
    ['Content-Length: 5000000'],
    // A whole document that is not all of the body: taken for it, half of another one would be taken too.
    [`Content-Length: ${body.length + 1 + random.below(2_000)}`],
    ['Transfer-Encoding: chunked', `Content-Length: ${body.length}`],
    ['Transfer-Encoding: gzip, chunked'],
    ['Transfer-Encoding: chunked'],
    ['Transfer-Encoding: xchunked'],
    'none',
    'chunked',
  ]
  const kind = random.below(3)
  if (kind === 0) {
    const sent = request('framing', method, path, { body, framing: random.pick(framings), mayBreakHttp: true })
    // The rest of a body that does not come is not waited for.
    if (!isWaitedFor(sent)) return sent
    return random.chance(50) ? { ...sent, ends: true } : { ...sent, dropAfter: 2_000_000 }
  }
  if (kind === 1) {
    const large = Buffer.concat([body, Buffer.alloc(1_100_000, ' ')])
    return request('large body', method, path, {
      body: large,
      framing: random.pick(['chunked', 'length'] as const),
      mayBreakHttp: true,
    })
  }
  return {
    ...request('dropped', method, path, { body, framing: 'length' }),
    dropAfter: random.below(300 + body.length),
  }
}

/** Whether the server waits for more than is sent. */
function isWaitedFor({ framing, body }: HostileRequest): boolean {
  if (!Array.isArray(framing)) return false
  const [, announced] = /^Content-Length: (\d+)$/.exec(framing[0] ?? '') ?? []
  return framing.some((line) => /chunked/.test(line)) || Number(announced ?? 0) > (body?.length ?? 0)
}

type Rest = Partial<Omit<HostileRequest, 'kind' | 'method' | 'target'>>

function request(kind: string, method: string, path: string, rest: Rest = {}): HostileRequest {
  const { body, headers = [TOKEN], framing = 'none', ...more } = rest
  const type =
    body && !headers.some((line) => /^content-type:/i.test(line)) ? ['Content-Type: application/scim+json'] : []
  return { kind, method, target: MOUNT + path, headers: [...headers, ...type], body, framing, ...more }
}
