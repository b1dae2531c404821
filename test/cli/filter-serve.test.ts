import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scimClient } from '../support/client.js'
import { type Ended, express } from './terminal.js'

test('a filter is shown as a tree, in its canonical form and as SQL', async () => {
  const { code, out } = await express(['filter', 'USERNAME Sw "b" AND emails[type eq "work"]'])
  expect(code).toBe(0)
  expect(out).toContain(
    '  and\n    userName sw "b"  (string, in any case)\n    one value of emails\n      emails.type eq "work"',
  )
  expect(out).toContain('Canonical\n  userName sw "b" and emails[type eq "work"]')
  expect(out).toMatch(/PostgreSQL\n {2}lower\("users"\."user_name"\) LIKE \$1 AND EXISTS/)
  expect(out).toMatch(/SQLite\n {2}instr/)
})

test('extensions and groups too, and as JSON', async () => {
  const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"'
  const { out } = await express(['filter', department, '--json'])
  expect(JSON.parse(out)).toMatchObject({ canonical: department, sql: { PostgreSQL: { values: ['x'] } } })
  expect(await express(['filter', 'members.value eq "1"', '--type', 'Group'])).toMatchObject({ code: 0 })
})

test.each([
  ['userName zz "x"', 1, 'the operator "zz" is not supported'],
  ['nothing eq "x"', 1, 'nothing'],
  [' ', 1, 'The text is empty.'],
  ['userName eq "x', 1, 'the string that begins here has no end.\n'],
])('%s is told to be no filter', async (text, code, words) => {
  expect(await express(['filter', text])).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
})

describe('serve', () => {
  test('answers at 127.0.0.1 with a new token, and nobody who asks for another host', async () => {
    const { base, token, end } = await serve([])
    expect(token.length).toBeGreaterThan(30)
    expect((await scimClient(base, token).get('/Users')).status).toBe(200)
    expect((await scimClient(base, 'other').get('/Users')).status).toBe(401)
    const status = await new Promise<number | undefined>((resolve) => {
      get(`${base}/Users`, { headers: { host: 'app.example', authorization: `Bearer ${token}` } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
    })
    expect(status).toBe(421)
    expect(await end()).toMatchObject({ code: 0 })
  })

  describe('--file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scim-serve-'))
    const path = join(folder, 'scim.db')
    const modes = (): readonly string[] =>
      readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))
    afterAll(() => rmSync(folder, { recursive: true }))

    test('keeps what is stored, for its owner alone', async () => {
      const first = await serve(['--file', path])
      const body = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'babs',
        password: 'a secret of Babs',
      }
      const { body: babs } = await scimClient(first.base, first.token).post('/Users', body)
      expect(babs).toMatchObject({ userName: 'babs', active: true })
      expect(new Set(modes())).toEqual(new Set(['600']))
      await first.end()
      chmodSync(path, 0o644)
      const second = await serve(['--file', path])
      expect((await scimClient(second.base, second.token).get(`/Users/${babs.id}`)).body).toMatchObject({
        userName: 'babs',
      })
      expect(new Set(modes())).toEqual(new Set(['600']))
      const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Tours' }
      await scimClient(second.base, second.token).post('/Groups', group)
      expect((await scimClient(second.base, second.token).post('/Groups', group)).status).toBe(409)
      expect(await second.end()).toMatchObject({ code: 0 })
      expect(readFileSync(path, 'latin1')).not.toContain('a secret of Babs')
    })

    test('says what is wrong with a file that is none', async () => {
      const text = join(folder, 'text')
      writeFileSync(text, 'This is a text, and it is longer than the head of a database.'.repeat(20))
      expect(await express(['serve', '--port', '0', '--file', text])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/--file: .*text cannot be opened as a database: /),
      })
      expect(await express(['serve', '--port', '0', '--file', join(folder, 'none', 'scim.db')])).toMatchObject({
        code: 2,
        err: expect.stringContaining('ENOENT'),
      })
    })
  })
})

describe('serve --pages', () => {
  test('prints a link that lets one browser in, once', async () => {
    const { base, token, told, end } = await serve(['--pages'])
    expect((await scimClient(base, token).get('/Users')).status).toBe(200)
    expect((await scimClient(base, 'other').get('/Users')).status).toBe(401)
    const origin = new URL(base).origin
    const link = /(http:\S+\?key=\S+)/.exec(told())?.[1] ?? ''
    const ask = (path: string, cookie = '') => fetch(new URL(path, origin), { redirect: 'manual', headers: { cookie } })
    for (const path of ['/', '/?key=', '/?key=other']) expect((await ask(path)).status).toBe(403)
    expect((await ask('/settings/scim/api/session')).status).toBe(403)
    const opened = await ask(link)
    const [cookie = ''] = opened.headers.getSetCookie()
    expect([opened.status, opened.headers.get('location')]).toEqual([302, './settings/scim/'])
    expect(cookie).toMatch(/^scim_serve=[\w-]{32}; HttpOnly; SameSite=Strict; Path=\/$/)
    const session = cookie.slice(0, cookie.indexOf(';'))
    expect((await ask(link)).status).toBe(403)
    expect((await ask('/', session)).status).toBe(302)
    expect((await ask('/settings/scim/', session)).status).toBe(200)
    expect(await (await ask('/settings/scim/api/session', session)).json()).toMatchObject({ audience: 'customer' })
    expect(await (await ask('/admin/scim/api/session', session)).json()).toMatchObject({ audience: 'staff' })
    expect((await ask('/admin/scim/api/session', 'scim_serve=other')).status).toBe(403)
    expect((await ask('/elsewhere', session)).status).toBe(404)
    expect(await end()).toMatchObject({ code: 0 })
  })

  test('keeps connections, log and people in the file; a start ends the token of the one before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scim-serve-'))
    const path = join(folder, 'scim.db')
    try {
      const first = await serve(['--pages', '--file', path])
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'babs' }
      const { body: babs } = await scimClient(first.base, first.token).post('/Users', body)
      await first.end()
      const second = await serve(['--pages', '--file', path])
      expect((await scimClient(second.base, second.token).get(`/Users/${babs.id}`)).status).toBe(200)
      expect((await scimClient(second.base, first.token).get('/Users')).status).toBe(401)
      await second.end()
      for (const name of readdirSync(folder))
        expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
      expect(readFileSync(path, 'latin1')).not.toContain(second.token)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

interface Served {
  readonly told: () => string
  readonly base: string
  readonly token: string
  /** Presses Ctrl-C. */
  readonly end: () => Promise<Ended>
}

function serve(line: readonly string[]): Promise<Served> {
  let press = (): void => undefined
  let told = ''
  return new Promise((resolve, reject) => {
    const ended = express(['serve', '--port', '0', ...line], {
      interrupt: (callback) => {
        press = () => void callback()
      },
      written: (text) => {
        told += text
        const [, base = ''] = /at (http:\S+)/.exec(told) ?? []
        const [, token] = /Token: (\S+)/.exec(told) ?? []
        if (token === undefined) return
        const end = (): Promise<Ended> => {
          press()
          return ended
        }
        resolve({ base, token, told: () => told, end })
      },
    })
    ended.then(({ err }) => reject(new Error(err)), reject)
  })
}
