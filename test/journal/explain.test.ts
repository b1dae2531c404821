import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScimError, type ScimRouterOptions } from '../../src/index.js'
import { explain, type Journal, journal, memoryLog, situations } from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach } from '../rfc7644/service.js'
import { type App, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const SECRET = 'journal-test-secret-of-32-characters'
const UUID = '2819c223-7f76-453a-919d-413861904646'
const user = (userName: string, rest: object = {}) => ({ schemas: [USER], userName, ...rest })
const patch = (...Operations: object[]) => ({ Operations })
const where = (filter: string): string => `/Users?filter=${encodeURIComponent(filter)}`
const refusing = (reason: string): Partial<ScimRouterOptions> => ({
  authenticate: () => {
    throw ScimError.unauthorized({ reason, tenant: 'acme', subject: 'c-1' })
  },
})

const closed = closedAfterEach()

type Case = readonly [
  situation: string,
  send: (app: App, id: string) => Promise<unknown>,
  sentence: RegExp,
  options?: Partial<ScimRouterOptions>,
]

const anything = ({ scim }: App) => scim.get('/Users')
const CASES: readonly Case[] = [
  ['credentialsMissing', anything, /without a token/, refusing('missing')],
  ['credentialsMissing', anything, /without a token/, { authenticate: () => null }],
  ['credentialsUnknown', anything, /nobody here has given out/, refusing('unknown')],
  ['credentialsUnknown', anything, /nobody here has given out/, refusing('mistyped')],
  ['credentialsExpired', anything, /has expired/, refusing('expired')],
  ['credentialsEnded', anything, /switched off/, refusing('revoked')],
  ['credentialsEnded', anything, /switched off/, refusing('paused')],
  ['credentialsRefused', anything, /were refused/, refusing('audience')],
  [
    'tooManyRequests',
    anything,
    /more requests than/,
    {
      authenticate: () => {
        throw ScimError.tooManyRequests({ retryAfter: 1 })
      },
    },
  ],
  [
    'testing',
    ({ scim }) => scim.post('/Users', user('x')),
    /the User is not one of the test people/,
    {
      authenticate: () => ({
        validate: () => {
          throw ScimError.forbidden('No.', { code: 'testing' })
        },
      }),
    },
  ],
  ['baseUrl', ({ scim }) => scim.get('/Users/Users'), /came to \/Users\/Users\.$/],
  ['baseUrl', ({ scim }) => scim.post('/Users/Users', user('x')), /came to \/Users\/Users\.$/],
  ['baseUrl', ({ scim }) => scim.get('/v2/Users'), /came to \/v2\/Users\.$/],
  ['uniqueness', ({ scim }) => scim.post('/Users', user('there')), /another User with the same userName\.$/],
  ['requiredMissing', ({ scim }) => scim.post('/Users', { schemas: [USER] }), /because userName is missing\.$/],
  [
    'unknownMember',
    ({ scim }) => scim.post('/Groups', { schemas: [GROUP], displayName: 'g', members: [{ value: 'none' }] }),
    /Some members/,
  ],
  ['notJson', ({ scim }) => scim.post('/Users', '{bad'), /could not be read/],
  ['wrongShape', ({ scim }) => scim.post('/Bulk', { Operations: 7 }), /form that SCIM asks for/],
  [
    'mediaType',
    ({ scim }) => scim.post('/Users', 'x', { headers: { 'content-type': 'text/csv' } }),
    /its body is no JSON/,
  ],
  ['filter', ({ scim }) => scim.get(where('nickname2 eq "x"')), /: filter=nickname2 eq "\?"\.$/],
  ['filter', ({ scim }) => scim.get(where('userName eq')), /not understood/],
  ['wrongValue', ({ scim }) => scim.post('/Users', user('x', { active: 'perhaps' })), /value of active was refused/],
  [
    'bulkFailed',
    ({ scim }) =>
      scim.post('/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          { method: 'DELETE', path: '/Users/none' },
          { method: 'POST', path: '/Users', bulkId: '1', data: user('b') },
        ],
      }),
    /^1 of 2 operations/,
  ],
  [
    'version',
    ({ scim }, id) => scim.put(`/Users/${id}`, user('there'), { headers: { 'if-match': 'W/"none"' } }),
    /Somebody else changed the User/,
  ],
  ['alreadyGone', ({ scim }) => scim.delete('/Users/gone'), /The User that was to be deleted/],
  ['testOfConnection', ({ scim }) => scim.get(where(`userName eq "${UUID}"`)), /tested the connection/],
  ['testOfConnection', ({ scim }) => scim.get('/Users/0'), /tested the connection/],
  ['notFound', ({ scim }) => scim.get('/Users/7'), /The User that the identity provider asked for/],
  ['forbidden', anything, /may not do this/, { authorize: () => false }],
  ['notOffered', ({ scim }) => scim.get('/Me'), /does not offer/],
  ['notOffered', ({ scim }) => scim.delete('/Users'), /does not offer/],
  [
    'tooLarge',
    ({ scim }) => scim.post('/Users', user('x', { title: 'x'.repeat(300) })),
    /larger than/,
    { limits: { bodyBytes: 200 } },
  ],
  [
    'ourFault',
    anything,
    /its own fault/,
    {
      authorize: () => {
        throw new Error('down')
      },
    },
  ],
  [
    'bareToken',
    ({ scim }) => scim.get('/Users', { headers: { authorization: 'a-bare-token' } }),
    /without the word Bearer/,
  ],
  ['password', ({ scim }) => scim.post('/Users', user('p', { password: 'explain-Passw0rd' })), /sent a password/],
  [
    'notKept',
    ({ scim }) => scim.post('/Users', user('z', { costCenterX: 'x' })),
    /The User was stored, .*: costCenterX\.$/,
  ],
  [
    'notKept',
    ({ scim }, id) =>
      scim.patch(
        `/Users/${id}`,
        patch({ op: 'add', path: 'costCenterX', value: 'x' }, { op: 'add', path: 'title', value: 'y' }),
      ),
    /costCenterX/,
  ],
  [
    'activity',
    ({ scim }, id) => scim.patch(`/Users/${id}`, patch({ op: 'replace', path: 'active', value: false })),
    /whether the User is active/,
  ],
  [
    'nothingChanged',
    ({ scim }, id) => scim.patch(`/Users/${id}`, patch({ op: 'replace', path: 'userName', value: 'there' })),
    /had all of these values already/,
  ],
  ['lookUpOfNobody', ({ scim }) => scim.get(where('userName eq "nobody"')), /looked for a User, and there is none/],
  ['plain', ({ scim }, id) => scim.get(`/Users/${id}`), /^User read\.$/],
  ['plain', ({ scim }) => scim.get('/Schemas'), /^GET \/Schemas was answered with 200\.$/],
]

async function explained(log: Journal) {
  await hooksCalled()
  await log.flush()
  const [entry] = (await log.page({ tenant: 'acme', count: 1 })).entries
  const [other] = (await log.page({ tenant: '', count: 1 })).entries
  const found = entry ?? other
  if (found === undefined) throw new Error('The log is empty.')
  return found
}

describe('an entry of the log explains itself', () => {
  const cases = CASES.map(([name, send, sentence, options = {}]) => ({ name, send, sentence, options }))
  test.each(cases)('$name: $sentence', async ({ name, send, sentence, options }) => {
    const log = journal({ store: memoryLog(), secret: SECRET })
    const { users, groups } = memoryAdapters()
    const resources = { User: { adapter: users }, Group: { adapter: groups } }
    const first = await closed(startApp({ resources, authenticate: () => ({ tenant: 'acme' }) }))
    const { body } = await first.scim.post('/Users', user('there', { active: true }))
    const app = await closed(
      startApp({ resources, authenticate: () => ({ tenant: 'acme' }), on: log.hooks, ...options }),
    )
    await send(app, body.id)
    const entry = await explained(log)
    const explanation = explain(entry)
    expect([explanation.situation, explanation.sentence]).toEqual([name, expect.stringMatching(sentence)])
    expect(`${explanation.sentence} ${explanation.hint}`).not.toMatch(/[{}]|undefined/)
  })

  test('all situations are made by a request, but for the one of a client that has gone', () => {
    const made = new Set(CASES.map(([name]) => name))
    const names = situations.map(({ name }) => name)
    expect(names.filter((name) => !made.has(name))).toEqual(['clientGone'])
    expect(new Set(names).size).toBe(names.length)
    expect(explain({ method: 'GET', path: '/Users', status: 499 }).situation).toBe('clientGone')
  })

  test('the documentation has a section for each', () => {
    const text = readFileSync(join(__dirname, '../../docs/journal.md'), 'utf8')
    for (const { name, link } of situations) {
      expect(link.endsWith(`#${name.toLowerCase()}`)).toBe(true)
      expect(text).toContain(`\n### ${name}\n`)
    }
  })

  test('texts can be replaced, and the table has room for situations of the application', () => {
    const entry = { method: 'POST', path: '/Users', status: 409, attribute: 'userName', resourceType: 'User' }
    const texts = { uniqueness: { sentence: 'Es gibt schon jemanden mit {attribute}.' } }
    expect(explain(entry, { texts })).toMatchObject({
      situation: 'uniqueness',
      sentence: 'Es gibt schon jemanden mit userName.',
      hint: explain(entry).hint,
    })
    const seats = {
      name: 'seats',
      applies: ({ code }: { readonly code?: string | undefined }) => code === 'seats',
      sentence: 'All seats of your plan are taken.',
      hint: 'Buy more.',
      link: 'https://acme.example/seats',
    }
    const table = [seats, ...situations]
    expect(explain({ ...entry, code: 'seats' }, { table })).toMatchObject({ situation: 'seats' })
    expect(explain(entry, { table })).toMatchObject({ situation: 'uniqueness' })
  })

  test('a request that no rule knows is told as it is, also where little is known', () => {
    expect(explain({ method: '', path: '', status: 418 })).toEqual({
      situation: 'plain',
      sentence: 'A request was answered with 418.',
      hint: '',
      link: undefined,
    })
  })
})
