import { type Profiler, Session } from 'node:inspector'
import createDebug from 'debug'
import type { ResourceAdapter, WriteCall } from '../../src/adapter/contract.js'
import { journal, memoryLog } from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { SEARCH_REQUEST } from '../../src/urn.js'
import { type App, startApp, TOKEN } from '../support/app.js'
import { callOf } from '../support/calls.js'
import { sample } from '../support/length.js'

// How often the engine lets others have their turn. The clock of these tests moves on by more than a stretch at each
// look, so that the engine takes each chance for a pause: the counts do not depend on the machine.
let pauses = 0
jest.mock('node:timers/promises', () => {
  const real = jest.requireActual('node:timers/promises')
  return {
    ...real,
    setImmediate: (...given: unknown[]) => {
      pauses += 1
      return real.setImmediate(...given)
    },
  }
})

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

interface Probe {
  readonly store: string
  readonly before?: (maker: {
    readonly create: (path: string, body: object) => Promise<unknown>
    readonly patch: (path: string, body: object) => Promise<unknown>
  }) => Promise<unknown>
  readonly request: (made: unknown, info: { ids: readonly string[]; groupIds: readonly string[] }, n: number) => Request
}

const { PROBES, reduceProbes } = jest.requireActual('../../bench/probes.mjs') as {
  readonly PROBES: Readonly<Record<string, Probe>>
  readonly reduceProbes: (part: number) => void
}

const { documents } = jest.requireActual('../../bench/servers/documents.mjs') as {
  readonly documents: () => ResourceAdapter
}

const PART = 1 / 20

/**
 * The expected result of each probe of the benchmark with a twentieth of the work: the status, the fewest pauses, and
 * the most calls of functions between two pauses. The limits bound the work between two pauses; half as many calls more
 * are allowed than there were when this was written.
 */
const EXPECTED: Readonly<Record<string, readonly [status: number, pauses: number, calls: number]>> = {
  'object of 90,000 unknown names': [201, 30, 7_000],
  'array of 500,000 numbers': [413, 0, 3_400],
  'array of 95,000 numbers': [201, 10, 16_000],
  'array of 95,000 empty objects': [400, 8, 12_000],
  'arrays 500,000 deep': [400, 0, 3_400],
  'text of JSON 400,000 deep': [400, 0, 3_500],
  'text of JSON, 400,000 numbers': [413, 0, 3_000],
  'texts of JSON, 100 of 4,000 numbers': [201, 2, 3_000],
  'userName of full width letters': [201, 2, 2_000],
  'array of 95,000 numbers beside a dotted key': [201, 10, 16_000],
  'addresses without value, 20,000': [201, 2, 10_000],
  'emails, 18,000, all primary': [201, 2, 13_000],
  'text of a megabyte, 290 conditions': [200, 232, 1_000],
  'list of 40,000, 250 conditions': [200, 160, 24_000],
  'list of 40,000, 200 conditions in brackets': [200, 1_600, 3_000],
  'root: list of 40,000, 200 conditions': [200, 161, 24_000],
  'filter 50 deep': [200, 0, 5_300],
  'filter of one value of 8,000 characters': [200, 0, 1_000],
  'attributes: a text of a megabyte of commas': [200, 0, 2_000],
  'attributes: a text of one name 250,000 times': [413, 0, 8_000],
  'attributes: 90,000 names': [200, 0, 51_000],
  'excludedAttributes: 90,000 names': [200, 0, 79_000],
  '90 operations with filters over 18,000': [413, 81, 20_000],
  '20 operations with filters over 18,000': [200, 33, 20_000],
  '1,000 operations with filters over 18,000': [413, 81, 20_000],
  '1,000 operations that add one each to 18,000': [200, 81, 3_000],
  'add 18,000 to 18,000': [200, 10, 6_500],
  'value without path of 18,000 to 18,000': [200, 10, 6_500],
  'replace 18,000 by 18,000': [200, 6, 12_000],
  'replace 18,000 by 18,000 with letters beyond ASCII': [200, 6, 21_500],
  'replace 18,000 by the same in another order': [200, 6, 21_000],
  'add 18,000 of one value and other types': [200, 10, 8_500],
  '4 changes of what tells values apart, with adds between': [200, 12, 19_500],
  'PUT of 18,000 over 18,000': [200, 3, 7_500],
  '3 removes that list 15,000 each': [200, 6, 15_000],
  '1,000 operations without path, 50 keys each': [200, 81, 2_000],
  'value without path of 80,000 unknown keys': [200, 15, 11_000],
  'value without path of 10,000 paths with filters': [413, 4, 264_000],
  '1,000 filters of 80 conditions': [413, 81, 11_000],
  '1,000 values that are created': [200, 81, 4_000],
  'bulk path of a megabyte of quotes': [200, 2, 2_000],
  'bulk of 1,000 users': [200, 120, 1_000],
  'bulk with 95,000 unknown names in one operation': [200, 33, 7_000],
  'bulk of 1,000 groups that require each other': [200, 280, 1_000],
  'bulk: 200 groups that hold each other': [200, 1_600, 2_000],
  'watched: object of 90,000 unknown names': [201, 31, 8_000],
  'watched: object of 60,000 dotted names': [201, 21, 10_000],
  'watched: array of 95,000 numbers': [201, 10, 18_500],
  'watched: text of JSON, 400,000 numbers': [413, 0, 4_000],
  'watched: text that looks like JSON, of a megabyte': [201, 2, 2_500],
  'watched: password of 90,000 texts': [400, 0, 15_000],
  'watched: 20 passwords of 50,000 characters': [400, 0, 4_500],
  'watched: broken text of a megabyte': [400, 0, 42_000],
  'watched: broken list of 90,000 texts': [400, 0, 31_000],
  'watched: filter of 250 conditions': [200, 0, 36_500],
  'watched: attributes: a text of one name 250,000 times': [413, 0, 22_500],
  'watched: 1,000 operations with unknown paths': [200, 81, 1_000],
  'watched: 3 operations without path, 30,000 names each': [200, 18, 14_000],
  'watched: replace 18,000 by 18,000': [200, 7, 12_500],
  'watched: PUT of 18,000 over 18,000': [200, 4, 8_000],
  'watched: a group of 9,000 members that come': [204, 3, 7_500],
  'watched: bulk of 1,000 users': [200, 160, 1_000],
  'documents: PATCH of active beside three lists of 18,000': [200, 16, 1_300],
  'documents: one of 18,000 is replaced': [200, 7, 4_000],
  'documents: replace 18,000 by 18,000': [200, 10, 8_500],
  'documents: PUT of 18,000 over 18,000': [200, 8, 4_500],
  'people: sorted': [200, 4_080, 1_000],
  'people: sorted, from 90,000': [200, 4_080, 1_000],
  'people: root sorted, from 90,000': [200, 4_173, 1_000],
  'people: filter': [200, 4_080, 1_000],
  'people: 300 conditions': [200, 4_000, 3_000],
  'candidates: sorted': [200, 8_000, 1_000],
  'candidates: sorted, from 90,000': [200, 8_000, 1_000],
  'candidates: root sorted, from 90,000': [200, 16_013, 1_000],
  'candidates: filter': [200, 8_000, 1_000],
  'candidates: 300 conditions': [200, 8_000, 2_000],
  'group of 100,000: read': [200, 20, 5_000],
  'group of 100,000: add 18,000': [400, 3, 13_000],
  'group of 100,000: PUT with 10 members': [200, 2, 17_000],
  'group of 100,000: PUT with 20,000 others': [200, 2, 35_000],
  'group of 100,000: replace by 18,000': [204, 6, 9_000],
  'group of 100,000: remove 18,000': [204, 5, 13_000],
  'group of 100,000: add 18,000 that exist': [204, 6, 10_000],
  'group of 100,000: DELETE': [204, 0, 20_000],
  'group of 100,000: filter on a member': [200, 3, 55_000],
}

const PEOPLE = 100_000 * PART

/** The log, recordings of each client, and the events of each write. */
const watched = () => ({
  authenticate: () => ({ subject: 'probe', record: { until: new Date(Date.now() + 86_400_000), values: true } }),
  on: [
    journal({ store: memoryLog(), secret: 'a secret of more than thirty-two characters' }),
    { change: () => undefined, 'user.updated': () => undefined, 'group.member.added': () => undefined },
  ],
})

async function store(name: string, jsonValues: number) {
  const { users, groups } = memoryAdapters()
  const call: WriteCall = callOf({ tenant: undefined } as never)
  const ids: string[] = []
  const groupIds: string[] = []
  const isEmpty = ['empty', 'watched', 'documents'].includes(name)
  if (!isEmpty) {
    for (let at = 0; at < PEOPLE; at += 1) {
      const displayName = `Person ${(at * 7_919) % PEOPLE}`
      const person = { userName: `user${at}`, displayName, title: `t${at % 10}` }
      ids.push(String((await users.create(person as never, call)).id))
    }
  }
  if (name === 'group') {
    const members = ids.map((value) => ({ value }))
    for (let at = 0; at < 16; at += 1) {
      groupIds.push(String((await groups.create({ displayName: `large ${at}`, members } as never, call)).id))
    }
    // The first question for a member of the last group indexes its members: that is no part of a probe.
    await users.get(String(ids[0]), call)
  }
  const everything = { sort: undefined, filter: undefined, count: 1_000_000, startIndex: 1, pagination: 'index' }
  const left = {
    ...users,
    list: async (_query: unknown, given: never) => {
      const page = await users.list({ ...everything, equals: () => undefined } as never, given)
      return (page as { resources: never }).resources
    },
  }
  const app = await startApp({
    limits: { scanTime: 1_000_000, requestTime: 10_000_000, jsonValues },
    resources: {
      User: { adapter: (name === 'candidates' ? left : name === 'documents' ? documents() : users) as never },
      Group: { adapter: groups },
    },
    password: { hash: (password) => `hash of ${password.length}` },
    ...((name === 'watched' || name === 'documents') && watched()),
  })
  return { app, ids, groupIds }
}

async function send({ base }: App, { method, path, body }: Request) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

const session = new Session()

function post<Result>(method: string, given?: object): Result {
  let result: unknown
  session.post(method as never, given as never, (error: Error | null, answer: unknown) => {
    if (error) throw error
    result = answer
  })
  return result as Result
}

/** How often functions of the engine have been called since the last look. */
function calls(): number {
  const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage')
  const engine = result.filter(({ url }) => /[\\/]src[\\/]/.test(url) && !url.includes('node_modules'))
  return engine.flatMap(({ functions }) => functions).reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0)
}

/** The result of one request. */
interface Counted {
  readonly status: number
  readonly pauses: number
  /** Calls of functions between two pauses. */
  readonly calls: number
}

// This probe has no large number to be reduced.
const WHOLE = 'bulk: 200 groups that hold each other'

async function run(probe: Probe, name: string): Promise<Counted> {
  const { app, ids, groupIds } = await store(probe.store, 100_000 * (name === WHOLE ? 1 : PART))
  const create = async (path: string, body: object) =>
    JSON.parse((await send(app, { method: 'POST', path, body })).text)
  const change = (path: string, body: object) => send(app, { method: 'PATCH', path, body })
  const made = await probe.before?.({ create, patch: change })
  let now = performance.now()
  jest.spyOn(performance, 'now').mockImplementation(() => {
    now += 6
    return now
  })
  pauses = 0
  calls()
  const { status } = await send(app, probe.request(made, { ids, groupIds }, 0))
  const all = calls()
  const counted = { status, pauses, calls: Math.round(all / (pauses + 1)) }
  jest.restoreAllMocks()
  return counted
}

beforeAll(() => {
  reduceProbes(PART)
  // Debug output would be additional work.
  createDebug.disable()
  session.connect()
  post('Profiler.enable')
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
})

afterAll(() => {
  reduceProbes(1)
  createDebug.enable('scim:*')
  post('Profiler.stopPreciseCoverage')
  session.disconnect()
})

test('each probe is expected to come to something', () => {
  expect(Object.keys(EXPECTED)).toEqual(Object.keys(PROBES))
})

test.each(sample(Object.entries(PROBES), 4))('%s lets others have their turn, or ends early', async (name, probe) => {
  const [status, least, most] = EXPECTED[name] ?? [0, 0, 0]
  const counted = await run(probe, name)
  expect(counted.status).toBe(status)
  expect(counted.pauses).toBeGreaterThanOrEqual(least)
  expect(counted.calls).toBeLessThanOrEqual(most)
})

test.each(['attributes', 'excludedAttributes'])('%s of more than 10,000 names are refused', async (name) => {
  const { app } = await store('empty', 100_000)
  const search = (count: number) => ({
    method: 'POST',
    path: '/Users/.search',
    body: { schemas: [SEARCH_REQUEST], [name]: Array.from({ length: count }, (_, at) => `a${at % 9}`) },
  })
  expect((await send(app, search(10_000))).status).toBe(200)
  expect((await send(app, search(10_001))).status).toBe(413)
  // In a text each name counts once.
  const text = (count: number) => ({
    ...search(0),
    body: { schemas: [SEARCH_REQUEST], [name]: Array.from({ length: count }, (_, at) => `a${at}`).join() },
  })
  expect((await send(app, text(10_000))).status).toBe(200)
  expect((await send(app, text(10_001))).status).toBe(413)
})
