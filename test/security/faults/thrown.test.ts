import { ScimError } from '../../../src/index.js'
import { expectError } from '../../rfc7644/service.js'
import { sample } from '../../support/length.js'
import { CALLBACKS, type Faulty, faultyService, REQUESTS } from './service.js'

const INTERNAL = 'postgres://scim:hunter2@10.0.0.7/prod'

function circular(): Error {
  const error = new Error(INTERNAL)
  return Object.assign(error, { cause: error, self: error })
}

/** Values that a store may throw, none of which may reach a client. */
const THROWN: readonly (readonly [string, () => unknown])[] = [
  ['an Error', () => new Error(INTERNAL)],
  ['a TypeError', () => new TypeError(INTERNAL)],
  ['an error with a status', () => Object.assign(new Error(INTERNAL), { status: 404, statusCode: 404, expose: true })],
  [
    'an error of a database',
    () => Object.assign(new Error(INTERNAL), { code: '42P01', detail: INTERNAL, query: INTERNAL }),
  ],
  ['an error that holds itself', circular],
  ['an AggregateError', () => new AggregateError([new Error(INTERNAL)], INTERNAL)],
  ['a frozen error', () => Object.freeze(new Error(INTERNAL))],
  ['an error without a message', () => new Error()],
  [
    'an error whose message cannot be read',
    () =>
      Object.defineProperty(new Error(), 'message', {
        get: () => {
          throw new Error(INTERNAL)
        },
      }),
  ],
  ['an AbortError', () => new DOMException(INTERNAL, 'AbortError')],
  ['a text', () => INTERNAL],
  ['nothing', () => undefined],
  ['null', () => null],
  ['a number', () => 404],
  ['an object', () => ({ status: 404, message: INTERNAL })],
  [
    'an object like a ScimError',
    () => ({ name: 'ScimError', status: 404, message: INTERNAL, toMessage: () => INTERNAL }),
  ],
  ['a function', () => () => INTERNAL],
  ['a symbol', () => Symbol(INTERNAL)],
  ['a ScimError that cannot be sent', () => new ScimError(200, INTERNAL)],
  [
    'a ScimError with a header that breaks the line',
    () => new ScimError(400, INTERNAL, { headers: { 'X-A': 'a\r\nSet-Cookie: b' } }),
  ],
  [
    'an object that throws whatever is done to it',
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error(INTERNAL)
          },
          ownKeys: () => {
            throw new Error(INTERNAL)
          },
        },
      ),
  ],
]

describe.each([
  ['with patch', true],
  ['without patch', false],
])('an adapter %s that throws', (_title, patches) => {
  let faulty: Faulty
  let before: string
  beforeAll(async () => {
    faulty = await faultyService({ cursor: { secrets: ['sixteen characters and more'] } }, patches)
    before = await faulty.stored()
  })
  afterEach(() => {
    faulty.repair()
    faulty.told.length = 0
  })
  afterAll(() => faulty.app.close())

  const requests = REQUESTS.filter(([, callback]) => patches || callback !== 'patch')

  // An adapter without patch has one callback less, and no other way to fail.
  test.each(patches ? THROWN : sample(THROWN, 3))(
    '%s: 500 without a word of it, told once, nothing written',
    async (_what, make) => {
      for (const [title, callback, send] of requests) {
        for (const way of ['thrown', 'rejected'] as const) {
          faulty.told.length = 0
          faulty.breakCallback(callback, () => {
            if (way === 'thrown') throw make()
            return Promise.reject(make())
          })
          const answer = await send(faulty)
          expectError(answer, 500)
          expect(answer.text).not.toMatch(/hunter2|10\.0\.0\.7|at .*:\d+/)
          expect([title, way, faulty.told.length]).toEqual([title, way, 1])
          faulty.repair()
        }
      }
      expect(await faulty.stored()).toBe(before)
    },
  )

  test('a patch that is done and cannot be read back is 500: sent again it changes nothing', async () => {
    const own = await faultyService({}, patches)
    try {
      let reads = 0
      const path = `/Groups/${own.ids.group}?attributes=displayName`
      const rename = { op: 'replace', path: 'displayName', value: 'renamed' }
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [rename] }
      // Without patch the router does the first read, and writes behind it.
      own.breakCallback('get', (work) => {
        reads += 1
        return reads > (patches ? 0 : 1) ? Promise.reject(new Error(INTERNAL)) : work()
      })
      const answer = await own.scim.patch(path, body)
      if (patches) expectError(answer, 500)
      else expect(answer.body.displayName).toBe('renamed')
      own.repair()
      const again = await own.scim.patch(path, body)
      expect([again.status, again.body.displayName]).toEqual([200, 'renamed'])
      expect((await own.scim.get(`/Groups/${own.ids.group}`)).body.meta.version).toBe('W/"2"')
    } finally {
      await own.app.close()
    }
  })

  test('a ScimError goes out as it is, and is a failure of the server from 500 on', async () => {
    for (const [, callback, send] of requests) {
      faulty.told.length = 0
      faulty.breakCallback(callback, () => Promise.reject(ScimError.unavailable({ retryAfter: 7 })))
      const answer = await send(faulty)
      expectError(answer, 503)
      expect(answer.headers.get('retry-after')).toBe('7')
      expect(faulty.told.length).toBe(1)
      faulty.breakCallback(callback, () => Promise.reject(ScimError.forbidden()))
      expectError(await send(faulty), 403)
      expect(faulty.told.length).toBe(1)
      faulty.repair()
    }
    expect(await faulty.stored()).toBe(before)
  })

  test('mapError and on.error that throw themselves change nothing, and both failures are told', async () => {
    const told: string[] = []
    const own = await faultyService(
      {
        mapError: () => {
          throw new Error('mapError failed')
        },
        on: {
          error: ({ error }) => {
            told.push((error as Error).message)
            throw new Error('on.error failed')
          },
        },
      },
      patches,
    )
    try {
      for (const callback of CALLBACKS) own.breakCallback(callback, () => Promise.reject(new Error(INTERNAL)))
      for (const [title, , send] of requests) {
        told.length = 0
        expectError(await send(own), 500)
        expect([title, [...new Set(told)]]).toEqual([title, ['mapError failed', INTERNAL]])
      }
      own.repair()
      expect((await own.scim.get(`/Users/${own.ids.user}`)).status).toBe(200)
    } finally {
      await own.app.close()
    }
  })
})
