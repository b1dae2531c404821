import type { Random } from './random.js'

/** Names that objects have by themselves, and other names with a special meaning in some program. */
export const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'toJSON',
  'length',
  '$ref',
  '$where',
  '$gt',
  'id',
  'meta',
  'schemas',
  'password',
  'userName',
  'USERNAME',
  'emails',
  'members',
  'name',
  'active',
  'groups',
  'manager',
  'value',
  'Operations',
  'operations',
  'op',
  'path',
  '',
  ' ',
  '.',
  'a.b',
  'name.givenName',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:User',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:x:__proto__',
  '\u0000',
  '\ud800',
  'é',
  'İ',
  'ﬁ',
] as const

/** Texts that have hurt other programs. */
export const TEXTS = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff',
  'x\ud83d',
  '\ufeff',
  '\u200b',
  '\u202e',
  '\uffff',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0301\u0301',
  'İıſK',
  'ß',
  'ﬀ',
  '日本',
  '\u0085',
  '\u2028',
  'null',
  'true',
  'undefined',
  'NaN',
  'Infinity',
  '-0',
  '0',
  '1e999',
  '9007199254740993',
  '0x10',
  '2011-05-13T04:42:34Z',
  '9999-99-99T99:99:99Z',
  'P1Y',
  'AAAA',
  '====',
  'data:,x',
  'javascript:alert(1)',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '..\\..\\x',
  '%00',
  '%',
  '%zz',
  '#{7*7}',
  '{{7*7}}',
  '$(id)',
  '`id`',
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" or "" eq "',
  '\\',
  '\\"',
  '"',
  "'",
  '`',
  '%s%n',
  '$1 $& $`',
  '(((((((((((a+)+)+)+)+)+)+)+)+)+)+)$',
  'a]',
  '[a',
  'bulkId:',
  'bulkId:x',
  'https://evil.example/Users/1',
  '//evil.example',
  '__proto__',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  'x'.repeat(3_000),
  '\u0130'.repeat(500),
  '"'.repeat(300),
  '\\'.repeat(301),
  '('.repeat(200),
] as const

/** Every reserved character of RFC 3986, and characters outside of all its sets. */
export const RESERVED = [...':/?#[]@!$&\'()*+,;=%"<>\\^`{|} \u0000é']

const NUMBERS = [0, -0, 1, -1, 0.1, 1e308, -1e308, 5e-324, 2 ** 53, -(2 ** 53) - 2, 2 ** 31, 200, 1e21] as const

/** Any JSON value, seldom a reasonable one. */
export function oddValue(random: Random, depth = 4): unknown {
  const kind = random.below(depth > 0 ? 12 : 6)
  switch (kind) {
    case 0:
      return null
    case 1:
      return random.chance(50)
    case 2:
      return random.pick(NUMBERS)
    case 3:
    case 4:
    case 5:
      return random.pick(TEXTS)
    case 6:
    case 7:
    case 8:
      return random.times(random.chance(2) ? 300 : 4, () => oddValue(random, depth - 1))
    default:
      return oddObject(random, depth)
  }
}

/** An object with odd names; `__proto__` is one of its own. */
export function oddObject(random: Random, depth = 4): Record<string, unknown> {
  return Object.fromEntries(random.times(5, () => [oddName(random), oddValue(random, depth - 1)]))
}

function oddName(random: Random): string {
  return random.chance(85) ? random.pick(NAMES) : random.pick(TEXTS)
}

/** An id as a client may write it into a path: percent-encoded, half of it, or not at all. */
export function oddId(random: Random, known: readonly string[]): string {
  const text = random.chance(40) ? random.pick(known) : random.pick([...TEXTS.map(encodable), ...RESERVED])
  const mixed = random.chance(30) ? `${text}${random.pick(RESERVED)}${random.pick(known)}` : text
  if (random.chance(75)) return encodeURIComponent(encodable(mixed))
  // The line of a request ends at the first blank, and control characters end it too.
  return mixed.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(encodable(character))).slice(0, 4_000)
}

/** Half a surrogate pair cannot be percent-encoded. */
export function encodable(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd')
}
