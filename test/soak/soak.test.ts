import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import pg from 'pg'
import { IS_LONG, runs } from '../support/length.js'
import { databaseUrl } from '../support/postgres.js'
import { ROOT } from '../support/process.js'

const DATABASE = `soak_${randomBytes(6).toString('hex')}`

/**
 * Runs the script for a few seconds: `npm run soak` is the long form. Gives its summary; rejects when anything was
 * wrong.
 */
async function soak(env: NodeJS.ProcessEnv, ...args: string[]): Promise<any> {
  const script = ['scripts/soak/soak.mjs', '--seconds', `${runs(1, 3)}`, '--clients', '6', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: ROOT, env: { ...process.env, ...env } })
  return JSON.parse(stdout.slice(stdout.indexOf('\n{\n') + 1))
}

describe('a soak of a few seconds', () => {
  afterAll(() => withDatabase(`DROP DATABASE IF EXISTS "${DATABASE}" WITH (FORCE)`))

  test('two processes on one PostgreSQL: every acknowledged write is there in the end, and memory is flat', async () => {
    await withDatabase(`CREATE DATABASE "${DATABASE}"`)
    const url = new URL(await databaseUrl())
    url.pathname = `/${DATABASE}`
    const { processes, acknowledged, checked, failures } = await soak({ DATABASE_URL: url.href }, '--processes', '2')
    expect({ processes, failures }).toEqual({ processes: 2, failures: 0 })
    expect(acknowledged).toBeGreaterThan(0)
    expect(checked).toBeGreaterThan(0)
  })

  // The next test runs one process in memory, too.
  if (IS_LONG)
    test('one process in memory', async () => {
      const { processes, acknowledged, checked, failures } = await soak({}, '--memory')
      expect({ processes, failures }).toEqual({ processes: 1, failures: 0 })
      expect(acknowledged).toBeGreaterThan(0)
      expect(checked).toBeGreaterThan(0)
    })

  test('a service that loses writes does not pass', async () => {
    // A busy machine makes few writes in a second, and the loss must hit some of them.
    const run = soak({ SOAK_LOSES: '3' }, '--memory', '--writes', '200')
    await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/in place of|acknowledged was/) })
  })
})

async function withDatabase(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: await databaseUrl() })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
