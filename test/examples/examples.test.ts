import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import { scimClient } from '../support/client.js'
import { ROOT, type ServerProcess, startServer } from '../support/process.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

describe.each(['quick-start', 'own-callbacks'])('examples/%s', (name) => {
  const script = `examples/${name}/server.js`
  let server: ServerProcess

  beforeAll(async () => {
    server = await startServer(script, { SCIM_TOKEN: 'example-token' })
  })
  afterAll(() => server?.stop('SIGKILL'))

  test('creates, changes, finds and deletes a user', async () => {
    const scim = scimClient(server.base, 'example-token')
    const created = await scim.post('/Users', { schemas: [USER], userName: 'babs@example.com', active: true })
    expect(created.status).toBe(201)
    const { id } = created.body
    const operations = [{ op: 'replace', path: 'active', value: false }]
    const patched = await scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: operations })
    expect([200, 204]).toContain(patched.status)
    const found = await scim.get(`/Users?filter=${encodeURIComponent('userName eq "BABS@example.com"')}`)
    expect(found.body.Resources).toMatchObject([{ id, userName: 'babs@example.com', active: false }])
    expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
    expect((await scim.get(`/Users/${id}`)).status).toBe(404)
  })

  test('asks for the token', async () => {
    expect((await scimClient(server.base, undefined).get('/Users')).status).toBe(401)
    expect((await scimClient(server.base, 'example-tokem').get('/Users')).status).toBe(401)
  })

  test('does not print a token that was given to it', () => {
    expect(server.output()).not.toContain('example-token')
  })

  const all = Object.entries(sequences).flatMap(([client, sent]) => sent.map((one) => [client, one.id, one] as const))
  test.each(all)('%s: %s', async (_client, _id, sequence) => {
    expect(await playSequence(sequence, scimClient(server.base, 'example-token'))).toEqual([])
  })

  test('ends cleanly by SIGTERM, with a client still connected', async () => {
    await scimClient(server.base, 'example-token').get('/ServiceProviderConfig')
    expect(await server.stop('SIGTERM')).toBe(0)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('prints a token of its own that works, and ends by %s', async (signal) => {
    const own = await startServer(script, { SCIM_TOKEN: '' }, /Token: \S+\n/)
    try {
      const token = /Token: (\S+)/.exec(own.output())?.[1]
      expect(token).toMatch(/^[\w-]{32,}$/)
      expect((await scimClient(own.base, token).get('/Users')).status).toBe(200)
    } finally {
      expect(await own.stop(signal)).toBe(0)
    }
  })
})

test('npm start ends by SIGTERM though the shell between npm and the server hands on no signal', async () => {
  const env = { ...process.env, PORT: '0', SCIM_TOKEN: 'example-token', npm_lifecycle_event: 'start' }
  const shell = spawn('sh', ['-c', 'node examples/quick-start/server.js; true'], { cwd: ROOT, env })
  const closed = new Promise((resolve) => shell.stdout.once('close', resolve))
  await new Promise((resolve) => shell.stdout.once('data', resolve))
  shell.kill('SIGTERM')
  // The pipe is open as long as the server holds its end.
  await closed
  expect(shell.signalCode).toBe('SIGTERM')
})

test('npm start -- --keep finds after a start what it stored before, in a file that its owner alone can read', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'scim-keep-')), 'data')
  const start = () =>
    startServer('examples/quick-start/server.js', { SCIM_TOKEN: 'example-token', SCIM_DATA: folder }, /-d .*\n/, [
      '--keep',
    ])
  try {
    const first = await start()
    const client = scimClient(first.base, 'example-token')
    const { id } = (await client.post('/Users', { schemas: [USER], userName: 'babs@example.com' })).body
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)
    expect([statSync(folder).mode & 0o777, ...new Set(modes)]).toEqual([0o700, 0o600])
    await first.stop('SIGKILL')
    const second = await start()
    expect((await scimClient(second.base, 'example-token').get(`/Users/${id}`)).body).toMatchObject({ active: true })
    await second.stop('SIGTERM')
  } finally {
    rmSync(dirname(folder), { recursive: true, force: true })
  }
})

test('the adapter of own-callbacks keeps the contract, by its own test', async () => {
  // Node 20 reports as TAP if the output is no terminal, later versions do not.
  const args = ['--test', '--test-reporter=tap', 'examples/own-callbacks/adapter.test.js']
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT })
  expect(stdout).toMatch(/^# fail 0$/m)
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(80)
})

test('the adapter or the declaration of each example has under 120 lines', () => {
  const examples = join(ROOT, 'examples')
  // Only one level: an example that is installed has a link to the repository itself among its packages.
  const files = readdirSync(examples).flatMap((name) =>
    readdirSync(join(examples, name))
      .filter((file) => /^(?:adapter|mapping|models|resources)\.js$/.test(file))
      .map((file) => `${name}/${file}`),
  )
  const lines = files.map((name) => [name, readFileSync(join(examples, name), 'utf8').trimEnd().split('\n').length])
  expect(lines.filter(([, count]) => Number(count) >= 120)).toEqual([])
  expect(files).toEqual(
    expect.arrayContaining([
      'drizzle/adapter.js',
      'mongoose/adapter.js',
      'prisma/adapter.js',
      'sqlite-file/resources.js',
    ]),
  )
})

test.each([
  ['PostgreSQL', 'existing-tables/tables.sql'],
  ['MySQL and MariaDB', 'mysql-mapped/tables.sql'],
  ['SQLite', 'sqlite-file/tables.sql'],
  ['Prisma', 'prisma/schema.prisma'],
  ['Drizzle', 'drizzle/tables.js'],
])('the indexes of docs/databases.md for %s are those of the example', (heading, file) => {
  const page = readFileSync(join(ROOT, 'docs/databases.md'), 'utf8')
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [, block = ''] = /^```(?:sql|prisma)\n([^`]+)^```/m.exec(section.split('\n## ')[0] ?? '') ?? []
  const lines = block.trim().split('\n')
  expect(lines).toHaveLength(4)
  const own = readFileSync(join(ROOT, 'examples', file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
  expect(lines.filter((line) => !own.includes(line))).toEqual([])
})

test('the curl line of the quick start works as it is printed', async () => {
  const server = await startServer('examples/quick-start/server.js', { SCIM_TOKEN: '' }, /-d .*\n/)
  try {
    const line = /curl .*/s.exec(server.output())?.[0] ?? ''
    const [, url = '', authorization = '', type = '', body = ''] =
      /^curl (\S+) -H "Authorization: ([^"]+)" \\\n {2}-H 'Content-Type: ([^']+)' \\\n {2}-d '([^']+)'\n$/.exec(line) ??
      []
    const headers = { authorization, 'content-type': type }
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201)
  } finally {
    await server.stop('SIGTERM')
  }
})
