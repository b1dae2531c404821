import { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { TOKEN } from './token.js'

interface Watch {
  /** What was found since the last test. */
  readonly leaks: string[]
  /** Passwords that were sent since the test file began. */
  readonly passwords: Set<string>
}

const WATCH = Symbol.for('express-scim.test.watch')
// Node's own modules are shared by the test files of a process, which come one after the other.
const holder = ServerResponse.prototype as { [WATCH]?: Watch }
holder[WATCH] ??= { leaks: [], passwords: new Set() }
const watch: Watch = holder[WATCH]

/** What was found since the last test; taking it out says that it was expected. */
export const { leaks, passwords } = watch

type Pattern = readonly [string, RegExp]

/** The middle of each generated secret. It is found much faster than the whole, and almost no text has one. */
const SECRET = /_[0-9A-Za-z]{16}_/

const TOKENS: readonly Pattern[] = [['the token', new RegExp(TOKEN)]]
const SECRETS: readonly Pattern[] = [
  // The pages tell one once, under the names of three members of an answer that has no others like them.
  [
    'a secret of a connection',
    /(?<!"(?:token|clientSecret)":"|"link":"i\/#)\b[a-z][a-z0-9]{0,11}_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}\b/,
  ],
  // The token endpoint answers with one; it is known by the name of the member.
  ['an access token', /(?<!"access_token":")\b[a-z][a-z0-9]{0,11}at_[0-9A-Za-z]{16}_[0-9A-Za-z]{72}\b/],
]
/** What those who run the service may be told, and nobody else. */
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

/** What a hook for events or requests is given. */
export function lookAtEvent(given: readonly unknown[]): void {
  look(show(given), 'an event', FOR_HOOKS)
}

/** What goes to a log: lines of the debug output and of the console, errors that are reported. */
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
