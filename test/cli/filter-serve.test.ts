import { get } from 'node:http'
import { scimClient } from '../support/client.js'
import { express } from './terminal.js'

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
])('%s is told to be no filter', async (text, code, words) => {
  expect(await express(['filter', text])).toMatchObject({ code, out: '', err: expect.stringContaining(words) })
})

test('serve answers at 127.0.0.1 with a new token, and nobody who asks for another host', async () => {
  let press = (): void => undefined
  let told = ''
  const ready = new Promise<string>((resolve) => {
    const served = express(['serve', '--port', '0'], {
      interrupt: (callback) => {
        press = () => void callback()
      },
      written: (text) => {
        told += text
        if (told.includes('Token: ')) resolve(told)
      },
    })
    ended = served
  })
  const [, base = ''] = /at (http:\S+)/.exec(await ready) ?? []
  const [, token = ''] = /Token: (\S+)/.exec(told) ?? []
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
  press()
  expect(await ended).toMatchObject({ code: 0 })
})

let ended: ReturnType<typeof express> | undefined
