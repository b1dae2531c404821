import { join } from 'node:path'
import express from 'express'
import ts from 'typescript'
import * as connections from '../../src/connections/index.js'
import * as library from '../../src/index.js'
import * as memory from '../../src/memory/index.js'
import { serve } from '../support/app.js'
import { sample } from '../support/length.js'
import { ROOT } from '../support/process.js'
import { sendRaw } from '../support/raw.js'
import { type CodeBlock, codeBlocks, markdownFiles, sourceFiles } from './code-blocks.js'

// Every `authenticate` that users copy: of the documentation, of comments and of the examples.
const LANGUAGES = ['ts', 'typescript', 'js']
const blocks = [...markdownFiles(), ...sourceFiles()]
  .flatMap(codeBlocks)
  .filter(({ language, code }) => LANGUAGES.includes(language) && /\bauthenticate\b/.test(code))
const EXAMPLES = ['existing-tables', 'multi-tenant', 'own-callbacks', 'drizzle', 'postgres', 'quick-start']
const examples = EXAMPLES.map((name): CodeBlock => {
  const file = `examples/${name}/server.js`
  return { file, line: 1, language: 'js', code: ts.sys.readFile(join(ROOT, file)) ?? '' }
})

type Options = library.ScimRouterOptions

/** Runs code with the library that is tested, and gives the functions for authentication that it has made. */
async function authenticatesOf({ code, file }: CodeBlock): Promise<Options['authenticate'][]> {
  const found: Options['authenticate'][] = []
  const scimRouter = (options: Options) => {
    found.push(options.authenticate)
    // A block that sends a request gets an empty list.
    const as = () => ({ request: async () => ({ status: 200, headers: {}, body: { totalResults: 0, Resources: [] } }) })
    return Object.assign(() => undefined, {
      errors: () => undefined,
      as,
      describe: () => ({ resourceTypes: [] }),
      openapi: () => undefined,
    })
  }
  const app = {
    use: () => app,
    set: () => app,
    get: () => app,
    post: () => app,
    delete: () => app,
    listen: (...given: readonly unknown[]) => {
      const listening = given.at(-1)
      // Some make their router when the address is known.
      if (typeof listening === 'function') queueMicrotask(() => listening())
      return { address: () => ({ port: 1 }) }
    },
  }
  const express = Object.assign(() => app, { json: () => undefined, Router: () => app })
  const modules: Readonly<Record<string, unknown>> = {
    'express-scim': { ...library, scimRouter },
    'express-scim/connections': connections,
    'express-scim/memory': memory,
    express: { default: express, __esModule: true },
    pg: { default: { Pool: EmptyPool }, Pool: EmptyPool, __esModule: true },
  }
  const secret = 'the secret of a service that nobody runs'
  const env = {
    ...process.env,
    SCIM_TOKEN: 'the-right-token',
    SCIM_SECRET: secret,
    DATABASE_URL: 'postgres://127.0.0.1/none',
  }
  const host = Object.assign(Object.create(process), { env, once: () => undefined })
  const given = (name: string): unknown => {
    // A schema that a page takes from another file is not there for the memory adapter to read.
    if (name === 'express-scim/memory' && !file.startsWith('examples/')) return ANYTHING
    if (modules[name]) return modules[name]
    if (name.startsWith('node:')) return require(name)
    return name.startsWith('.') && file.startsWith('examples/')
      ? exampleFile(join(file, '..', name), given, host)
      : ANYTHING
  }
  await run(code, file, given, {}, host)
  return found
}

/** A file beside the server of an example: its rules for tokens are tested too. */
function exampleFile(file: string, given: (name: string) => unknown, host: object): unknown {
  const exported = {}
  if (file.endsWith('.js')) void run(ts.sys.readFile(join(ROOT, file)) ?? '', file, given, exported, host)
  return exported
}

function run(
  code: string,
  file: string,
  given: (name: string) => unknown,
  exported: object,
  host: object,
): Promise<unknown> {
  const meta = { url: `file://${join(ROOT, file)}`, dirname: join(ROOT, file, '..') }
  const { outputText } = ts.transpileModule(code.replaceAll('import.meta', 'meta'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  })
  const script = `return (async () => {\n${outputText}\n})()`
  return new Function('require', 'exports', 'process', 'meta', script)(given, exported, host, meta)
}

/** A database that has no row. */
class EmptyPool {
  readonly query = async () => ({ rows: [], rowCount: 0 })
  readonly connect = async () => ({ query: this.query, release: () => undefined })
  readonly on = () => this
}

/** Stands for a database or a file of an example: it has every member, and finds no rows. */
const ANYTHING: any = new Proxy(class {}, {
  get: (_, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : ANYTHING),
  apply: () => ANYTHING,
  construct: () => ANYTHING,
})

const TITLES = [...blocks, ...examples].map((block, number) => [`${block.file}:${block.line}`, block, number] as const)

test('the code with an authenticate is found', () => {
  expect(blocks.length).toBeGreaterThan(12)
  // Some examples take their app from sqlite-file.
  expect(examples.every(({ code }) => /authenticate|sqlite-file\/app\.js/.test(code))).toBe(true)
})

const PATHS = ['/scim/v2', '/lost/acme/v2', '/orgs/acme/v2', '/orgs/undefined/v2', '/other/acme/v2']
const WRONG = ['Bearer wrong', 'Bearer undefined', 'Bearer', 'wrong', '', undefined]
const ATTEMPTS = PATHS.flatMap((path) => WRONG.map((authorization) => [path, authorization] as const))

describe.each(TITLES)('authenticate of %s', (_title, block, number) => {
  const { users, groups } = memory.memoryAdapters()
  // In the short form every fourth for each block, and all for four blocks together: each path and each token is among
  // them.
  const attempts = sample(ATTEMPTS, 4, number)

  test('opens nothing to a wrong token, to none, and where the mount path has no parameters', async () => {
    // The lines that examples print when they listen are for people.
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
    const authenticates = await authenticatesOf(block)
    log.mockRestore()
    // In a block that makes its router later, a function of the test or of another tool, nothing is made here.
    const isMade = authenticates.length > 0 || /=>\s*scimRouter|bearer\(process|replay/.test(block.code)
    expect([block.file, isMade]).toEqual([block.file, true])
    for (const authenticate of authenticates) {
      const scim = library.scimRouter({
        authenticate,
        resources: { User: { adapter: users }, Group: { adapter: groups } },
      })
      const host = express()
        .use('/scim/v2', scim)
        .use('/lost/:org', express.Router().use('/v2', scim))
        .use('/orgs/:org/v2', scim)
        .use('/other/:customer/v2', scim)
      const app = await serve(host)
      try {
        for (const [path, authorization] of attempts) {
          const headers = authorization === undefined ? {} : { authorization }
          const { status } = await sendRaw(app.base, { path: `${path}/Users`, headers })
          expect([path, authorization, [401, 429, 500].includes(status)]).toEqual([path, authorization, true])
        }
      } finally {
        await app.close()
      }
    }
  })
})
