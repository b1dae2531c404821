import { TEXTS } from './atoms.js'
import type { Random } from './random.js'

const PATHS = [
  'userName',
  'USERNAME',
  'id',
  'externalId',
  'name.familyName',
  'name',
  'emails',
  'emails.value',
  'emails.type',
  'emails.primary',
  'active',
  'meta.created',
  'meta.lastModified',
  'meta.location',
  'meta.version',
  'meta.resourceType',
  'schemas',
  'password',
  'groups.value',
  'members',
  'members.value',
  'members.$ref',
  'displayName',
  'title',
  'x509Certificates.value',
  '__proto__',
  'constructor',
  'toString.length',
  'urn:ietf:params:scim:schemas:core:2.0:User:userName',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
  'urn:',
  ':',
  '.',
  'a.b.c',
  '$ref',
  '1a',
  'é',
  '',
] as const
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'EQ', 'regex', '==', 'in', ''] as const
const LITERALS = [
  'true',
  'false',
  'null',
  'TRUE',
  '1',
  '-1',
  '1.5',
  '1e999',
  '01',
  'NaN',
  '""',
  "'x'",
  'x',
  '2011-05-13T04:42:34Z',
  '{}',
  '[]',
] as const
const SCRAPS = [
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '\\',
  ' ',
  '  ',
  ' and ',
  ' or ',
  ' not ',
  'not(',
  'not (',
  ' AND ',
  '.',
  ':',
  ',',
  '\u0000',
  '\t',
  '%',
  '+',
  '\ud800',
  '💥',
] as const

/** A filter: mostly right, sometimes spoilt, sometimes nothing but scraps. */
export function oddFilter(random: Random): string {
  if (random.chance(8))
    return random.times(60, () => random.pick([...SCRAPS, ...PATHS, ...OPERATORS, ...LITERALS])).join('')
  if (random.chance(4)) return heavy(random)
  const filter = expression(random, 4)
  return random.chance(25) ? spoil(random, filter) : filter
}

function expression(random: Random, depth: number): string {
  const kind = random.below(depth > 0 ? 10 : 5)
  if (kind < 5) return comparison(random)
  if (kind < 7) return `${expression(random, depth - 1)} ${random.pick(['and', 'or'])} ${expression(random, depth - 1)}`
  if (kind === 7) return `not (${expression(random, depth - 1)})`
  if (kind === 8) return `(${expression(random, depth - 1)})`
  return `${random.pick(PATHS)}[${expression(random, depth - 2)}]`
}

function comparison(random: Random): string {
  const operator = random.pick(OPERATORS)
  return operator === 'pr' ? `${random.pick(PATHS)} pr` : `${random.pick(PATHS)} ${operator} ${literal(random)}`
}

function literal(random: Random): string {
  return random.chance(60) ? JSON.stringify(random.pick(TEXTS)) : random.pick(LITERALS)
}

/** Filters that cost a careless parser more than their length. */
function heavy(random: Random): string {
  const times = 50 + random.below(4_000)
  return random.pick([
    `${'('.repeat(times)}id pr${')'.repeat(times)}`,
    `${'not ('.repeat(times)}id pr${')'.repeat(times)}`,
    Array.from({ length: times }, () => 'id pr').join(' and '),
    `userName eq "${'\\u0041'.repeat(times)}"`,
    `userName eq "${'\\'.repeat(times)}`,
    `${'emails['.repeat(times)}value pr${']'.repeat(times)}`,
    `${'a'.repeat(times)}${'.b'.repeat(times)} pr`,
    `${' '.repeat(times)}id${' '.repeat(times)}pr${' '.repeat(times)}`,
    `id eq ${'9'.repeat(times)}`,
    `userName co "${'ab'.repeat(times)}"`,
    `${'urn:'.repeat(times)}id pr`,
  ])
}

/** Takes a piece out, puts a scrap in, or cuts it off. */
export function spoil(random: Random, text: string): string {
  const at = random.below(text.length + 1)
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + random.pick(SCRAPS) + text.slice(at)
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3))
    default:
      return text.slice(at) + text.slice(0, at)
  }
}

/** The path of a PATCH operation. */
export function oddPath(random: Random): string {
  const path = random.pick(PATHS)
  const kind = random.below(5)
  if (kind === 0) return path
  if (kind === 1) return `${path}[${oddFilter(random)}]`
  if (kind === 2) return `${path}[${comparison(random)}].${random.pick(['value', 'type', 'primary', '__proto__', 'x'])}`
  if (kind === 3) return spoil(random, `${path}[${comparison(random)}].value`)
  return random.pick(TEXTS)
}
