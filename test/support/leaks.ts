import { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { TOKEN } from './token.js'

interface Watch {
  /** The findings since the last test. */
  readonly leaks: string[]
  /** Passwords that were sent since the test file began. */
  readonly passwords: Set<string>
}

const WATCH = Symbol.for('express-scim.test.watch')
// All test files of a process, which run one after the other, share Node's own modules.
const holder = ServerResponse.prototype as { [WATCH]?: Watch }
holder[WATCH] ??= { leaks: [], passwords: new Set() }
const watch: Watch = holder[WATCH]

/** The findings since the last test; a test removes an expected one. */
export const { leaks, passwords } = watch

type Pattern = readonly [string, RegExp]

/** The middle of each generated secret. It is found much faster than the whole, and almost no text has one. */
const SECRET = /_[0-9A-Za-z]{16}_/

const TOKENS: readonly Pattern[] = [['the token', new RegExp(TOKEN)]]
const SECRETS: readonly Pattern[] = [
  // The pages show a secret once, under the names of three members of an answer that has no others like them.
  [
    'a secret of a connection',
    /(?<!"(?:token|clientSecret)":"|"link":"i\/#)\b[a-z][a-z0-9]{0,11}_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}\b/,
  ],
  // The token endpoint answers with one; it is known by the name of the member.
  ['an access token', /(?<!"access_token":")\b[a-z][a-z0-9]{0,11}at_[0-9A-Za-z]{16}_[0-9A-Za-z]{72}\b/],
]
/** Texts that operators may see, but clients may not. */
const FOR_CLIENTS: readonly Pattern[] = [
  ['a password', /"password":(?!\{)/],
  ['the address of a database', /\bpostgres(?:ql)?:\/\/[^\s"]+@/],
  ['a stack trace', /\\n\s+at .+:\d+:\d+/],
]
const FOR_HOOKS: readonly Pattern[] = [['a password', /\bpassword: (?!\[?undefined|'\[hidden\]')/]]

/** Text that goes to a client. */
export function lookAtAnswer(text: string): void {
  look(text, 'an answer', FOR_CLIENTS)
}

/** Looks at the arguments of a hook for events or requests. */
export function lookAtEvent(given: readonly unknown[]): void {
  look(show(given), 'an event', FOR_HOOKS)
}

/** Looks at the texts of a log: lines of the debug output and of the console, reported errors. */
export function lookAtLog(given: readonly unknown[], where: string): void {
  look(show(given), where, [])
}

// Shorter ones are found everywhere.
const TELLING = 5

/** Notes the passwords of a body, which may not be seen again. */
export function rememberPasswords(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [name, value] of Object.entries(body)) {
    if (/^password$/i.test(name) && typeof value === 'string' && value.length >= TELLING) passwords.add(value)
    else rememberPasswords(value)
  }
}

function look(text: string, where: string, patterns: readonly Pattern[]): void {
  for (const [what, pattern] of [...TOKENS, ...(SECRET.test(text) ? SECRETS : []), ...patterns]) {
    if (pattern.test(text)) leaks.push(`${what} in ${where}: ${text.slice(0, 500)}`)
  }
  for (const password of passwords) {
    if (text.includes(password)) leaks.push(`the password ${password} in ${where}: ${text.slice(0, 500)}`)
  }
}

function show(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null })
  } catch {
    // Tests throw objects that cannot be looked at.
    return ''
  }
}
