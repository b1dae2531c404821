import {
  BULK_REQUEST,
  ENTERPRISE_USER_SCHEMA,
  GROUP_SCHEMA,
  PATCH_OP,
  SEARCH_REQUEST,
  USER_SCHEMA,
} from '../../../src/urn.js'
import { NAMES, oddObject, oddValue, TEXTS } from './atoms.js'
import { oddFilter, oddPath } from './filters.js'
import type { Random } from './random.js'

/** The purpose of a body. */
export type Purpose = 'user' | 'group' | 'patch' | 'bulk' | 'search'

/** The bytes of a body: JSON of the right shape with an odd part, or no JSON at all. */
export function oddBody(random: Random, purpose: Purpose, ids: readonly string[]): Buffer {
  if (random.chance(3)) return Buffer.from(random.pick(TEXTS))
  if (random.chance(3)) return garbage(random)
  const value = random.chance(5) ? oddValue(random, 5) : MAKERS[purpose](random, ids)
  const mutated = random.chance(60) ? mutate(random, value) : value
  return encode(random, write(random, mutated))
}

const MAKERS: Readonly<Record<Purpose, (random: Random, ids: readonly string[]) => unknown>> = {
  user: (random) => ({
    schemas: [USER_SCHEMA, ...(random.chance(50) ? [ENTERPRISE_USER_SCHEMA] : [])],
    userName: random.chance(10) ? 'KNOWN-1' : `hostile-${random.below(1e9)}`,
    name: { familyName: random.pick(TEXTS) },
    emails: random.times(3, () => ({
      value: random.pick(TEXTS),
      type: random.pick(['work', 'home', 'x']),
      primary: random.chance(50),
    })),
    active: random.chance(50),
    password: 'Hostile-Passw0rd',
    ...(random.chance(30) && {
      [ENTERPRISE_USER_SCHEMA]: { department: random.pick(TEXTS), manager: { value: random.pick(TEXTS) } },
    }),
  }),
  group: (random, ids) => ({
    schemas: [GROUP_SCHEMA],
    displayName: random.pick(TEXTS) || 'x',
    members: random.times(4, () => ({ value: random.chance(70) ? random.pick(ids) : random.pick(TEXTS) })),
  }),
  patch: (random, ids) => ({
    schemas: [PATCH_OP],
    Operations: random.times(4, () => ({
      op: random.pick(['add', 'replace', 'remove', 'Replace', 'move', '']),
      ...(random.chance(75) && { path: oddPath(random) }),
      value: random.chance(40) ? [{ value: random.pick(ids) }] : oddValue(random, 3),
    })),
  }),
  bulk: (random, ids) => ({
    schemas: [BULK_REQUEST],
    failOnErrors: random.chance(20) ? oddValue(random, 1) : 1 + random.below(5),
    Operations: random.times(5, () => bulkOperation(random, ids)),
  }),
  search: (random) => ({
    schemas: [SEARCH_REQUEST],
    filter: random.chance(80) ? oddFilter(random) : oddValue(random, 2),
    startIndex: random.chance(70) ? random.below(10) : oddValue(random, 1),
    count: random.chance(70) ? random.below(10) : oddValue(random, 1),
    sortBy: random.chance(60) ? oddPath(random) : undefined,
    sortOrder: random.chance(80) ? 'descending' : oddValue(random, 1),
    attributes: random.chance(50) ? random.times(3, () => oddPath(random)) : undefined,
    cursor: random.chance(20) ? random.pick(TEXTS) : undefined,
  }),
}

function bulkOperation(random: Random, ids: readonly string[]): unknown {
  const method = random.pick(['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'post', ''])
  const bulkId = random.pick(['a', 'b', 'c', '', '__proto__', 'constructor'])
  // A deletion of resources that other requests ask for would leave none to ask for.
  const known = method === 'DELETE' ? 'nobody' : random.pick(ids)
  const target = random.pick([known, `bulkId:${bulkId}`, random.pick(TEXTS), '__proto__'])
  const endpoint = random.pick([
    '/Users',
    '/Groups',
    '/Bulk',
    '/Me',
    '/',
    'Users',
    '/Users/../Groups',
    'http://x/Users',
  ])
  const purpose = method === 'PATCH' ? 'patch' : random.pick(['user', 'group'] as const)
  const data = MAKERS[purpose](random, [...ids, `bulkId:${random.pick(['a', 'b', 'c', 'd', '__proto__'])}`])
  return {
    method,
    path: method === 'POST' ? endpoint : `${endpoint}/${target}`,
    bulkId,
    ...(random.chance(20) && { version: random.pick(['W/"1"', '*', '1', '', '"']) }),
    data: random.chance(85) ? data : oddValue(random, 2),
  }
}

/** Puts something odd in the place of one part of a value, or beside it. */
function mutate(random: Random, value: unknown): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(75)) {
    const at = random.below(value.length)
    return value.map((element, index) => (index === at ? mutate(random, element) : element))
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
    if (random.chance(35)) return Object.fromEntries([...entries, ...Object.entries(oddObject(random))])
    if (entries.length > 0 && random.chance(85)) {
      const at = random.below(entries.length)
      return Object.fromEntries(
        entries.map(([name, part], index) => [name, index === at ? mutate(random, part) : part]),
      )
    }
  }
  return oddValue(random)
}

/** JSON text; sometimes with a member twice, in other letter case, or with very deep nesting. */
function write(random: Random, value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  if (random.chance(6) && text.startsWith('{')) {
    const name = JSON.stringify(random.pick(NAMES))
    return `{${name}:${JSON.stringify(oddValue(random, 1)) ?? 'null'},${name}:1${text === '{}' ? '' : ','}${text.slice(1)}`
  }
  if (random.chance(2)) {
    const levels = 10 + random.below(20_000)
    return random.chance(50)
      ? '['.repeat(levels) + ']'.repeat(levels)
      : '{"a":'.repeat(levels) + text + '}'.repeat(levels)
  }
  if (random.chance(1)) return text.replace(/\}$/, `,"emails":[${'{"value":"x"},'.repeat(2_000)}{}]}`)
  if (random.chance(4)) return text.slice(0, random.below(text.length))
  if (random.chance(3)) return text.replace(/"/g, "'")
  return random.chance(3) ? `${text}${text}` : text
}

function encode(random: Random, text: string): Buffer {
  const kind = random.below(40)
  if (kind === 0) return Buffer.from(`\ufeff${text}`)
  if (kind === 1) return Buffer.from(text, 'utf16le')
  if (kind === 2) return Buffer.from(text, 'latin1')
  if (kind === 3)
    return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(text.slice(-1))])
  return Buffer.from(text)
}

function garbage(random: Random): Buffer {
  return Buffer.from(random.times(200, () => random.below(256)))
}
