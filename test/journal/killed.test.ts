import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { scimRouter } from '../../src/index.js'
import { auditTrail, sqlAudit } from '../../src/journal/index.js'
import { postgresAdapters, postgresDatabase } from '../../src/postgres/index.js'
import { IS_LONG } from '../support/length.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'
import { ROOT } from '../support/process.js'

const SECRET = 'audit-test-secret-of-32-characters-or-more'
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const WHEN = ['before', 'during', 'after'] as const
const run = promisify(execFile)

const database = testDatabase()
const trail = () =>
  auditTrail({
    store: sqlAudit({ database: postgresDatabase({ pool: database.pool, schema: database.schema }) }),
    secret: SECRET,
  })
const service = () => {
  const { resources, transaction } = postgresAdapters({ pool: database.pool, schema: database.schema })
  return scimRouter({ authenticate: () => null, resources, transaction })
}

beforeAll(async () => {
  await postgresAdapters({ pool: database.pool, schema: database.schema }).migrate()
  await trail().migrate()
})

/**
 * Lets a process do three changes, and kills it at a statement. Returns the signal that ended it, or its statements.
 */
async function changes(tenant: string, at: number, when: string): Promise<{ statements?: number; signal?: string }> {
  const { body } = await service()
    .as({ tenant, actor: 'setup' })
    .request({ method: 'POST', path: '/Users', body: { schemas: [USER], userName: 'anna' } })
  const person = (body as { readonly id: string }).id
  const url = await databaseUrl()
  const given = JSON.stringify({ url, schema: database.schema, secret: SECRET, tenant, person, at, when })
  try {
    const { stdout } = await run(process.execPath, [join(ROOT, 'test/support/killed-server.mjs'), given], { cwd: ROOT })
    return { statements: Number(stdout) }
  } catch (error) {
    return { signal: (error as { readonly signal?: string }).signal ?? String(error) }
  }
}

/** Each change has its entry, and each entry its change. */
async function expectWhole(tenant: string): Promise<void> {
  // Statements of a killed process may still be at work: a lock on the chain waits for them.
  await trail().note({ tenant, actor: 'test', action: 'looked' })
  const { request } = service().as({ tenant, actor: 'test' })
  const read = async (path: string) => (await request({ method: 'GET', path })).body as Record<string, unknown>
  const { totalResults: groups } = await read('/Groups')
  const people = await read('/Users')
  const person = (people['Resources'] as readonly { readonly title?: string }[])[0]
  const happened = [
    groups === 1 && 'group.created',
    (person === undefined || person.title === 'x') && 'user.updated',
    person === undefined && 'user.deleted',
    'looked',
  ]
  const actions = (await trail().page({ tenant })).map(({ action }) => action)
  expect([tenant, actions]).toEqual([tenant, happened.filter((one) => one !== false)])
  expect((await trail().verify(tenant)).fault).toBeUndefined()
}

test('a process that is killed at any statement leaves no change without its entry and no entry without its change', async () => {
  const { statements = 0, signal } = await changes('whole', 0, 'never')
  expect(signal).toBeUndefined()
  expect(statements).toBeGreaterThan(15)
  await expectWhole('whole')
  const all = Array.from({ length: statements }, (_, index) => index + 1)
  // The short form takes four statements, each at another moment: the rest is for the long one, and a connection that
  // ends at each statement is tried in audit.test.ts.
  const some = [2, statements - 9, statements - 4, statements - 1].map((at, index) => [at, WHEN[index % 3]] as const)
  const chosen = IS_LONG ? all.flatMap((at) => WHEN.map((when) => [at, when] as const)) : some
  for (const [at, when] of chosen) {
    const tenant = `${when}-${at}`
    expect(await changes(tenant, at, String(when))).toEqual({ signal: 'SIGKILL' })
    await expectWhole(tenant)
  }
}, 600_000)
