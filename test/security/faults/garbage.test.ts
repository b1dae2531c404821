import { setTimeout as delay } from 'node:timers/promises'
import { ERROR } from '../../../src/urn.js'
import { expectError } from '../../rfc7644/service.js'
import type { Answer } from '../../support/client.js'
import { sample } from '../../support/length.js'
import { type Callback, type Faulty, faultyService, REQUESTS } from './service.js'

const circular: Record<string, unknown> = { id: 'x', userName: 'x', meta: { version: '1' } }
circular['name'] = circular

/** Results that no callback may return. */
const NOTHING_OF_USE: readonly (readonly [string, unknown])[] = [
  ['a number', 42],
  ['a text', 'garbage'],
  ['true where there is nothing true', Symbol('garbage')],
  ['a function', () => undefined],
  ['an empty object', {}],
  ['an empty list', []],
  ['a resource without id', { userName: 'x', meta: { version: '1' } }],
  ['a resource with an empty id', { id: '', meta: { version: '1' } }],
  ['a resource whose id is an object', { id: {}, meta: { version: '1' } }],
  ['a resource whose id is null', { id: null, meta: { version: '1' } }],
  ['a resource without a version', { id: 'x', userName: 'x' }],
  ["other people's resource", { id: 'somebody-else', userName: 'secret-of-somebody-else', meta: { version: '1' } }],
  ['a Date', new Date()],
  ['a Map', new Map([['id', 'x']])],
]

/** Lists that are none, or cannot be read to their end. */
const LISTS: readonly (readonly [string, () => unknown])[] = [
  ['null', () => null],
  ['nothing', () => undefined],
  ['a page of nothing', () => ({ resources: null, totalResults: 0 })],
  ['a page of a text', () => ({ resources: 'abc', totalResults: 3 })],
  ['a page of texts', () => ({ resources: ['a', 'b'], totalResults: 2 })],
  ['a page with holes', () => ({ resources: [undefined, null], totalResults: 2 })],
  ['a page with half a total', () => ({ resources: [], totalResults: 0.5 })],
  ['a page with a negative total', () => ({ resources: [], totalResults: -1 })],
  ['a page with fewer than it has', () => ({ resources: [resource()], totalResults: 0 })],
  ['a page with a total in letters', () => ({ resources: [], totalResults: 'many' })],
  ['a page that comes bit by bit', () => ({ resources: (async function* () {})(), totalResults: 0 })],
  [
    'candidates that fail at once',
    () => ({
      [Symbol.iterator]: () => {
        throw new Error('store')
      },
    }),
  ],
  [
    'candidates that fail half way',
    function* () {
      yield resource()
      throw new Error('store')
    },
  ],
  [
    'candidates that fail half way, later',
    async function* () {
      yield resource()
      throw new Error('store')
    },
  ],
  ['candidates without ids', () => [{ userName: 'x', displayName: 'x', title: 'x' }]],
]

const resource = (): object => ({ id: 'x', userName: 'x', displayName: 'x', title: 'x', meta: { version: '1' } })

/** Resources with values that no JSON can hold, or that do not fit the schema. */
const ODD: readonly (readonly [string, unknown])[] = [
  ['a BigInt', 10n],
  ['a symbol', Symbol('x')],
  ['a function', () => 'x'],
  ['NaN', Number.NaN],
  ['an invalid Date', new Date(Number.NaN)],
  ['a Map', new Map([['a', 1]])],
  ['a Buffer', Buffer.from('x')],
  ['itself', circular],
  ['a list in lists', [[['x']]]],
  ['a list with holes', [undefined, null, { value: null }]],
  ['an object without a prototype', Object.assign(Object.create(null), { value: 'x' })],
  [
    'a getter that throws',
    Object.defineProperty({}, 'value', {
      enumerable: true,
      get: () => {
        throw new Error('secret getter')
      },
    }),
  ],
  [
    'a toJSON that throws',
    {
      value: 'x',
      toJSON: () => {
        throw new Error('secret toJSON')
      },
    },
  ],
  ['a promise', Promise.resolve('secret promise')],
  [
    'an iterator that fails',
    {
      [Symbol.iterator]: function* () {
        yield { value: 'x' }
        throw new Error('secret iterator')
      },
    },
  ],
  ['half a surrogate pair', '\ud800'],
  ['a text of 1,000,000 characters', 'x'.repeat(1_000_000)],
]

describe.each([
  ['with patch', true],
  ['without patch', false],
])('an adapter %s', (_title, patches) => {
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

  // An adapter without patch has one callback less, and no other way to answer.
  test.each(patches ? NOTHING_OF_USE : sample(NOTHING_OF_USE, 3))(
    'that returns %s is told as a fault, with the section that says so',
    async (_what, garbage) => {
      for (const [title, callback, send] of requests) {
        if (isRight(callback, garbage, title)) continue
        faulty.told.length = 0
        faulty.breakCallback(callback, () => garbage)
        const answer = await send(faulty)
        expect([title, answer.status]).toEqual([title, 500])
        expectError(answer, 500)
        expect(answer.text).not.toContain('secret')
        expect(faulty.told.map(({ error }) => String(error))).toEqual([
          expect.stringMatching(
            /^AdapterFault: (User|Group)\.\w+ .*\(node_modules\/express-scim\/docs\/adapters\.md#[a-z-]+\)$/,
          ),
        ])
        faulty.repair()
      }
      expect(await faulty.stored()).toBe(before)
    },
  )

  test.each(patches ? LISTS : sample(LISTS, 3))('that lists %s is answered with 500', async (_what, make) => {
    for (const [title, callback, send] of requests) {
      if (callback !== 'list') continue
      faulty.told.length = 0
      faulty.breakCallback('list', make)
      const answer = await send(faulty)
      expect([title, answer.status, faulty.told.length]).toEqual([title, 500, 1])
      expectError(answer, 500)
    }
  })

  test('that has null for the next position is at its end', async () => {
    faulty.breakCallback('list', () => ({ resources: [resource()], next: null, previous: null }))
    const { status, body } = await faulty.scim.get('/Users?cursor&count=1')
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('nextCursor')
  })

  test('that never comes to an end of its candidates is stopped', async () => {
    // Time is no bound here: it would hide that the number is none.
    const limits = { scanResources: 20_000, scanTime: 1_000_000_000 }
    const own = await faultyService({ limits }, patches)
    let given = 0
    // The test fails, instead of running for ever, if the router does not stop the list.
    const goesOn = (): boolean => given++ < 100_000
    own.breakCallback('list', function* () {
      while (goesOn()) yield resource()
    })
    expectError(await own.scim.get('/Users'), 400, 'tooMany')
    expect(given).toBe(20_001)
    given = 0
    own.breakCallback('list', async function* () {
      while (goesOn()) yield resource()
    })
    expectError(await own.scim.get('/Users'), 400, 'tooMany')
    expect(given).toBe(20_001)
  })

  test('that takes too long over its candidates is stopped before it has given as many as it may', async () => {
    const own = await faultyService({ limits: { scanResources: 1_000_000_000, scanTime: 20 } }, patches)
    let given = 0
    own.breakCallback('list', async function* () {
      for (; given < 1_000; given += 1) {
        await delay(5)
        yield resource()
      }
    })
    expectError(await own.scim.get('/Users'), 400, 'tooMany')
    expect(given).toBeLessThan(1_000)
  })

  test('that scans for long lets others have their turn', async () => {
    const own = await faultyService({ limits: { scanResources: 1_000_000_000, scanTime: 5_000 } }, patches)
    try {
      let served = false
      own.breakCallback('list', function* () {
        // Without an answer to the other request the list goes on until the router stops it, and then the status is not
        // 200.
        while (!served) yield resource()
      })
      const [long] = await Promise.all([
        own.scim.get('/Users?count=1'),
        own.scim.get(`/Users/${own.ids.user}`).then(() => {
          served = true
        }),
      ])
      expect(long.status).toBe(200)
    } finally {
      await own.app.close()
    }
  })
})

describe('what a store hands out with', () => {
  let faulty: Faulty
  let before: string
  beforeAll(async () => {
    faulty = await faultyService()
    before = await faulty.stored()
  })
  afterAll(() => faulty.app.close())

  test.each(ODD)('%s does no harm', async (_what, odd) => {
    for (const attribute of [
      'title',
      'name',
      'emails',
      'displayName',
      'members',
      'active',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      'meta',
    ]) {
      // The store takes its time when the machine does.
      const broken = async (work: () => unknown): Promise<unknown> => withOdd(await work(), attribute, odd)
      for (const callback of ['get', 'list'] as const) faulty.breakCallback(callback, broken)
      for (const path of [
        `/Users/${faulty.ids.user}`,
        '/Users',
        '/Users?filter=title%20pr',
        '/Users?sortBy=title',
        `/Groups/${faulty.ids.group}`,
        '/',
      ]) {
        expectWhole(await faulty.scim.get(path).catch((error: Error) => error))
      }
    }
    faulty.repair()
    expect(await faulty.stored()).toBe(before)
  })
})

/** Whether a callback may return that after all: an empty list is a list, and a new resource may have any id. */
function isRight(callback: Callback, garbage: unknown, title: string): boolean {
  if (title === 'POST')
    return (
      typeof garbage === 'object' && garbage !== null && 'userName' in garbage && 'meta' in garbage && 'id' in garbage
    )
  if (callback !== 'list') return false
  return Array.isArray(garbage) || garbage instanceof Map
}

function withOdd(found: unknown, attribute: string, odd: unknown): unknown {
  if (typeof found !== 'object' || found === null) return found
  const put = (stored: object): object => ({
    ...stored,
    [attribute]: attribute === 'meta' ? { version: '1', created: odd } : odd,
  })
  return 'resources' in found
    ? { ...found, resources: [...(found.resources as Iterable<object>)].map(put) }
    : Symbol.iterator in found
      ? [...(found as Iterable<object>)].map(put)
      : put(found)
}

/** A whole answer: a resource, a list, or a SCIM error without internals. A broken connection is allowed too. */
function expectWhole(answer: Answer | Error): void {
  if (!('status' in answer)) {
    expect(answer.message).toMatch(/^(?:aborted|socket hang up)$/)
    return
  }
  expect([200, 500]).toContain(answer.status)
  expect(answer.body).toBeDefined()
  expect(answer.text).not.toMatch(/secret|\.ts:\d/)
  if (answer.status === 500) expect(answer.body.schemas).toEqual([ERROR])
  else expect(answer.body.schemas.length).toBeGreaterThan(0)
}
