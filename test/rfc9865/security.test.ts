import express from 'express'
import { scimRouter } from '../../src/index.js'
import { type CursorContent, type CursorOptions, cursorsOf } from '../../src/provider/shared/cursor.js'
import { expectError, memoryOptions } from '../rfc7644/service.js'
import { type AppOptions, serve, startApp } from '../support/app.js'
import { type ScimClient, scimClient, withoutRequestIds } from '../support/client.js'
import { createNamed, names, numbered, query, SECRET } from './service.js'

const CONTENT: CursorContent = { position: ['a@example.com', 7, null, { x: [true] }], direction: 'next', count: 10 }
const OLD = 'the secret of last month'

const seal = (options: CursorOptions, scope = 'scope'): string => cursorsOf(options)?.seal(CONTENT, scope) as string
const open = (cursor: string, options: CursorOptions, scope = 'scope'): unknown =>
  cursorsOf(options)?.open(cursor, scope)
const invalid = expect.objectContaining({ status: 400, scimType: 'invalidCursor' })

describe('sealed cursors (RFC 9865 section 5.2)', () => {
  const options = { secrets: [SECRET] }

  test('open for the scope they were sealed for, in any process that has the secret', () => {
    expect(open(seal(options), { secrets: [SECRET] })).toMatchObject(CONTENT)
  })

  test('[C-5.2-04] cannot be read', () => {
    const bytes = Buffer.from(seal(options), 'base64url').toString('latin1')
    for (const part of ['example', 'next', 'scope', 'count']) expect(bytes).not.toContain(part)
  })

  test('[C-5.2-04, C-5.2-05] changed, shortened, lengthened or made up they are all invalid in the same words', () => {
    const cursor = seal(options)
    const changed = Array.from(
      cursor,
      (letter, at) => cursor.slice(0, at) + (letter === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    )
    const others = [
      '',
      'A',
      '=',
      `${cursor}=`,
      `${cursor}A`,
      ` ${cursor}`,
      cursor.slice(1),
      cursor.slice(0, -4),
      'ü',
      'a.b',
    ]
    const messages = [...changed, ...others, seal({ secrets: [OLD] }), seal(options, 'other')].map((forged) => {
      try {
        return open(forged, options)
      } catch (error) {
        expect(error).toEqual(invalid)
        return (error as Error).message
      }
    })
    expect(new Set(messages).size).toBe(1)
  })

  test('secrets rotate: the first seals, all of them open', () => {
    const old = seal({ secrets: [OLD] })
    const both = { secrets: [SECRET, OLD] }
    expect(open(old, both)).toMatchObject(CONTENT)
    expect(open(seal(both), { secrets: [SECRET] })).toMatchObject(CONTENT)
    expect(() => open(old, { secrets: [SECRET] })).toThrow(invalid as never)
    expect(() => open(seal(both), { secrets: [OLD] })).toThrow(invalid as never)
  })

  test('[C-2.1-02] end after their time', () => {
    jest.useFakeTimers({ now: 1_000_000 })
    try {
      const cursor = seal({ ...options, timeout: 60 })
      jest.setSystemTime(1_060_000)
      expect(open(cursor, options)).toMatchObject(CONTENT)
      jest.setSystemTime(1_060_001)
      expect(() => open(cursor, options)).toThrow(
        expect.objectContaining({ status: 400, scimType: 'expiredCursor' }) as never,
      )
      expect(() => open(cursor, options, 'other')).toThrow(invalid as never)
    } finally {
      jest.useRealTimers()
    }
  })

  test.each<[unknown, RegExp]>([
    [{ secrets: [] }, /secrets must be an array of one or more/],
    [{ secrets: undefined }, /Option cursor.secrets is missing/],
    [{ secrets: [undefined] }, /16 characters or more/],
    [{ secrets: [SECRET, 'short'] }, /16 characters or more/],
    [{ secrets: [SECRET], timeout: 0 }, /timeout must be a whole number of seconds/],
    [{ secrets: [SECRET], timeout: 0.5 }, /timeout must be a whole number of seconds/],
    [{ secrets: [SECRET], timeout: '60' }, /timeout must be a whole number of seconds, 1 or more, got string/],
    [
      { secrets: [SECRET], default: 'cursors' },
      /default must be 'index' or 'cursor', got another string. Did you mean "cursor"\?/,
    ],
    [{ secret: [SECRET] }, /Unknown key "secret" in option cursor of scimRouter. Did you mean "secrets"\?/],
  ])('%j is refused at start, without the secret in the message', (given, message) => {
    const make = () => scimRouter({ ...memoryOptions(), authenticate: () => ({}), cursor: given as CursorOptions })
    expect(make).toThrow(message)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_SCIM_CURSOR' }))
    expect(make).not.toThrow(SECRET)
  })
})

describe('whose cursor it is', () => {
  /** The token names the tenant, the subject, and the state of the permissions. */
  const authenticate: AppOptions['authenticate'] = ({ token = '' }) => {
    const [tenant, subject, permissions] = token.split(' ').join('').split('.')
    return { tenant, subject, permissions } as { tenant: string; subject: string }
  }
  const denied = new Set<string>()
  const options = (): AppOptions =>
    memoryOptions({
      authenticate,
      cursor: { secrets: [SECRET], boundTo: (auth) => (auth as { permissions?: string }).permissions },
      authorize: ({ auth }) => !denied.has(`${auth.subject}`),
      access: ({ attribute, auth }) => (attribute === 'title' && auth.subject === 'blind' ? 'none' : 'write'),
    })
  let as: (token: string) => ScimClient
  let close: () => Promise<void>
  beforeAll(async () => {
    const app = await startApp(options())
    as = (token) => scimClient(app.base, token)
    close = app.close
    for (const tenant of ['acme', 'other']) await createNamed(as(`${tenant}.admin`), numbered(5, tenant))
  })
  afterAll(() => close())
  const cursorOf = async (token: string, parameters: object = {}): Promise<string> =>
    (await as(token).get(query({ cursor: '', count: 2, ...parameters }))).body.nextCursor

  test('[C-5.2-01, P-6-02] good for the tenant and subject it was made for, and nobody else', async () => {
    const cursor = await cursorOf('acme.okta')
    expect(names(await as('acme.okta').get(query({ cursor })))).toEqual(['acme03', 'acme04'])
    for (const token of ['other.okta', 'acme.entra', 'acme', '.okta']) {
      expectError(await as(token).get(query({ cursor })), 400, 'invalidCursor')
    }
  })

  test('[C-5.2-02] each page is authorized, whatever cursor one has', async () => {
    const cursor = await cursorOf('acme.okta')
    denied.add('okta')
    expectError(await as('acme.okta').get(query({ cursor })), 403)
    denied.delete('okta')
    expect((await as('acme.okta').get(query({ cursor }))).status).toBe(200)
  })

  test('[C-5.2-01] what a client may not see is on no page', async () => {
    const cursor = await cursorOf('acme.blind')
    const { body } = await as('acme.blind').get(query({ cursor }))
    for (const resource of body.Resources) expect(resource).not.toHaveProperty('title')
    expectError(await as('acme.blind').get(query({ cursor: '', sortBy: 'title' })), 403)
  })

  test('[C-5.2-03] cursors end when the permissions change', async () => {
    const cursor = await cursorOf('acme.okta.v1')
    expect((await as('acme.okta.v1').get(query({ cursor }))).status).toBe(200)
    expectError(await as('acme.okta.v2').get(query({ cursor })), 400, 'invalidCursor')
  })

  test('[C-5.2-05] an error is the same whether there is more or not', async () => {
    await createNamed(as('gone.admin'), ['one', 'two'])
    const done = (await as('gone.admin').get(query({ cursor: '', count: 1 }))).body.nextCursor
    for (const { id } of (await as('gone.admin').get('/Users')).body.Resources) {
      await as('gone.admin').delete(`/Users/${id}`)
    }
    expect(names(await as('gone.admin').get(query({ cursor: done })))).toEqual([])
    const more = await cursorOf('acme.okta')
    expect(names(await as('acme.okta').get(query({ cursor: more })))).toHaveLength(2)

    const answers = await Promise.all(
      [more, done, 'made-up', `${more}x`, `${done}x`].map((cursor) => as('other.okta').get(query({ cursor }))),
    )
    for (const answer of answers) expectError(answer, 400, 'invalidCursor')
    expect(new Set(answers.map(({ text }) => withoutRequestIds(text))).size).toBe(1)
  })

  test('[C-5.3-01] a cursor takes no memory of the server, so there may be any number', async () => {
    const cursors = await Promise.all(Array.from({ length: 200 }, () => cursorOf('acme.okta')))
    const other = await startApp({ ...options(), authorize: () => true })
    // A process that has never seen the cursors opens them: they hold everything it needs.
    const client = scimClient(other.base, 'acme.okta')
    const answers = await Promise.all(cursors.slice(0, 20).map((cursor) => client.get(query({ cursor }))))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

test('a tenant that only the mount path names has cursors of its own', async () => {
  const scim = scimRouter({ ...memoryOptions({ cursor: { secrets: [SECRET] } }), authenticate: () => ({}) })
  const app = await serve(express().use('/scim/v2/:org', scim))
  await createNamed(scimClient(`${app.base}/a`, 'x'), numbered(3))
  const { body } = await scimClient(`${app.base}/a`, 'x').get('/Users?cursor&count=1')
  const path = query({ cursor: body.nextCursor })
  expect((await scimClient(`${app.base}/a`, 'x').get(path)).status).toBe(200)
  expectError(await scimClient(`${app.base}/b`, 'x').get(path), 400, 'invalidCursor')
})
