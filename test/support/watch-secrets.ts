// All output of the library in any test is searched for tokens, passwords, addresses of databases and stack traces:
// heads and bodies of answers, debug output, the console, and, by `startApp`, the arguments of hooks. Loaded by
// jest.config.js.
import { ServerResponse } from 'node:http'
import createDebug from 'debug'
import { leaks, lookAtAnswer, lookAtLog, passwords } from './leaks.js'

const WATCHED = Symbol.for('express-scim.test.watched')

passwords.clear()
watchAnswers()
watchConsole()
createDebug.enable('scim:*')
createDebug.log = (...given: unknown[]) => lookAtLog(given, 'the debug output')

afterEach(() => {
  expect(leaks.splice(0)).toEqual([])
})

function watchAnswers(): void {
  const prototype = ServerResponse.prototype as ServerResponse & { [WATCHED]?: true }
  if (prototype[WATCHED]) return
  prototype[WATCHED] = true
  const { write, end, writeHead } = prototype
  const look = (written: unknown): void => {
    if (typeof written === 'string' || Buffer.isBuffer(written)) lookAtAnswer(written.toString())
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
    lookAtAnswer(JSON.stringify([this.getHeaders(), given]))
    return result
  } as typeof writeHead
}

function watchConsole(): void {
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const write = console[name]
    console[name] = (...given: unknown[]) => {
      lookAtLog(given, 'the console')
      write.apply(console, given)
    }
  }
}
