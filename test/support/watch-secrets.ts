// Every answer of every test is looked through: no JSON that a server sends may hold the token it was asked with, a
// password, the address of a database or a stack trace. Loaded by jest.config.js.
import { ServerResponse } from 'node:http'
import { TOKEN } from './token.js'

const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['the token', new RegExp(TOKEN)],
  ['a password', /"password":(?!\{)/],
  ['the address of a database', /\bpostgres(?:ql)?:\/\/[^\s"]+@/],
  ['a stack trace', /\\n\s+at .+:\d+:\d+/],
]

const LEAKS = Symbol.for('express-scim.test.leaks')

interface Watched {
  [LEAKS]?: string[]
}

const prototype = ServerResponse.prototype as ServerResponse & Watched
// Node's own modules are shared by the test files of a process.
prototype[LEAKS] ??= watch([])
/** What was found since the last test; taking it out says that it was expected. */
export const leaks: string[] = prototype[LEAKS]

afterEach(() => {
  expect(leaks.splice(0)).toEqual([])
})

function watch(found: string[]): string[] {
  const { write, end, writeHead } = prototype
  const look = (written: unknown): void => {
    if (typeof written !== 'string' && !Buffer.isBuffer(written)) return
    const text = written.toString()
    for (const [what, pattern] of SECRETS) if (pattern.test(text)) found.push(`${what} in ${text.slice(0, 500)}`)
  }
  prototype.write = function (this: ServerResponse, ...given: unknown[]): boolean {
    look(given[0])
    return Reflect.apply(write, this, given)
  } as typeof write
  prototype.end = function (this: ServerResponse, ...given: unknown[]): ServerResponse {
    look(given[0])
    return Reflect.apply(end, this, given)
  } as typeof end
  prototype.writeHead = function (this: ServerResponse, ...given: unknown[]): ServerResponse {
    const result: ServerResponse = Reflect.apply(writeHead, this, given)
    const head = JSON.stringify([this.getHeaders(), given])
    for (const [what, pattern] of SECRETS)
      if (pattern.test(head)) found.push(`${what} in the head ${head.slice(0, 500)}`)
    return result
  } as typeof writeHead
  return found
}
