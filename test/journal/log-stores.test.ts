import { LogStoreViolation, logStoreChecks } from '../../src/conformance/index.js'
import type { RequestReport } from '../../src/index.js'
import {
  ALL_TENANTS,
  type ExchangeStore,
  journal,
  type LogEntry,
  type LogQuery,
  type LogStore,
  memoryLog,
  sqlLog,
} from '../../src/journal/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { testDatabase } from '../support/postgres.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

describe('the log in memory', () => {
  test.each(logStoreChecks(() => memoryLog()))('$name', ({ run }) => run())
})

describe('the log in PostgreSQL', () => {
  const database = testDatabase()
  const store = () => sqlLog({ database: postgresDatabase({ pool: database.pool, schema: database.schema }) })
  beforeAll(() => store().migrate?.())
  test.each(logStoreChecks(store))('$name', ({ run }) => run())
})

describe('the log in SQLite', () => {
  const open = sqliteInMemory()
  let store: LogStore
  beforeAll(async () => {
    store = sqlLog({ database: sqliteDatabase({ database: open() }) })
    await store.migrate?.()
    await store.migrate?.()
  })
  test.each(logStoreChecks(() => store))('$name', ({ run }) => run())
})

describe('characters that a database does not take', () => {
  const database = testDatabase()
  const sqlite = sqliteInMemory()
  test.each([
    ['PostgreSQL', () => postgresDatabase({ pool: database.pool, schema: database.schema })],
    ['SQLite', () => sqliteDatabase({ database: sqlite() })],
  ])('%s stores the entry, and the others of its batch', async (_, open) => {
    const store = sqlLog({ database: open() })
    await store.migrate?.()
    const ids: string[] = []
    const log = journal({ store, secret: 'odd-texts-test-secret-of-32-characters' })
    const report = (resourceId: string) => log.hooks.request?.({ ...REPORT, resourceId }, CONTEXT)
    for (const id of ['plain', 'nul\0', 'half\ud83d', 'whole\u{1f600}', 'back\\u0000', '\\\\\0']) report(id)
    await log.flush()
    const { entries } = await log.page({ tenant: 'acme' })
    for (const { resourceId = '' } of entries) ids.push(resourceId)
    expect(ids.reverse()).toEqual(['plain', 'nul\ufffd', 'half\ufffd', 'whole\u{1f600}', 'back\\u0000', '\\\\\ufffd'])
    expect(log.dropped()).toBe(0)
    expect((await log.page({ tenant: 'acme', resourceId: 'nul\ufffd' })).entries).toHaveLength(1)
  })
})

const CONTEXT = { request: undefined, identifiers: () => [{ attribute: 'userName', value: 'anna' }] }
const REPORT: RequestReport = {
  ...{ id: 'r', clientId: undefined, time: new Date(), ms: 1, method: 'DELETE', path: '/Users/1', query: undefined },
  ...{ status: 204, code: undefined, scimType: undefined, attribute: undefined, detail: undefined, refusal: undefined },
  ...{ action: 'delete', resourceType: 'User', resourceId: '1', count: undefined, changes: undefined, bulk: undefined },
  ...{ tolerances: [], tolerated: [], userAgent: undefined, provider: undefined, params: {}, auth: { tenant: 'acme' } },
  ...{ tenant: 'acme', via: 'client' },
}

describe('the checks find what is wrong with a store', () => {
  const sound = (): LogStore => memoryLog()
  const paged = (change: (query: LogQuery) => LogQuery): LogStore => {
    const store = sound()
    return { ...store, page: (query) => store.page(change(query)) }
  }
  const without = (...names: (keyof LogQuery)[]): LogStore =>
    paged((query) => ({ ...query, ...Object.fromEntries(names.map((name) => [name, undefined])) }))
  const kept = (change: (entry: LogEntry) => LogEntry): LogStore => {
    const store = sound()
    return { ...store, append: (entries) => store.append(entries.map(change)) }
  }
  const recordings = (change: (sound: ExchangeStore) => Partial<ExchangeStore>): LogStore => {
    const store = sound()
    const exchanges = store.exchanges as ExchangeStore
    return { ...store, exchanges: { ...exchanges, ...change(exchanges) } }
  }
  const BROKEN: readonly (readonly [string, () => LogStore])[] = [
    ['forgets', () => ({ ...sound(), append: async () => {} })],
    [
      'gives times as texts',
      () => {
        const store = sound()
        return { ...store, page: async (query) => JSON.parse(JSON.stringify(await store.page(query))) }
      },
    ],
    ['loses persons', () => kept((entry) => ({ ...entry, persons: entry.persons.slice(0, 1) }))],
    ['stores an entry twice', () => kept((entry) => ({ ...entry, key: `${entry.key}${entry.times}` }))],
    ['mixes tenants', () => paged((query) => ({ ...query, tenant: ALL_TENANTS }))],
    ['forgets recordings', () => recordings(() => ({ append: async () => {} }))],
    ['keeps all recordings', () => recordings(({ append }) => ({ append: (some) => append(some, 1_000) }))],
    [
      'mixes recordings of connections',
      () => recordings(({ page }) => ({ page: (query) => page({ ...query, connection: undefined }) })),
    ],
    ['erases no recordings', () => recordings(() => ({ erase: async () => 0 }))],
    [
      'prunes all recordings',
      () => recordings(({ prune }) => ({ prune: (what) => prune({ ...what, before: new Date() }) })),
    ],
    ['does not look at before', () => without('before')],
    ['does not look at after', () => without('after')],
    ['does not look at the connection', () => without('connection')],
    ['does not look at the status', () => without('status')],
    ['does not look at the code', () => without('code')],
    ['does not look at the resource', () => without('resourceId')],
    ['does not look at persons', () => without('persons')],
    ['does not look at from', () => without('from')],
    ['does not look at to', () => without('to')],
    ['gives more than it should', () => paged((query) => ({ ...query, count: query.count + 1 }))],
    [
      'gives the oldest first',
      () => {
        const store = sound()
        return { ...store, page: async (query) => [...(await store.page(query))].reverse() }
      },
    ],
    ['keeps old entries', () => ({ ...sound(), prune: async () => 0 })],
    [
      'prunes all at once',
      () => {
        const store = sound()
        return { ...store, prune: ({ before }) => store.prune({ before, count: 1_000 }) }
      },
    ],
    [
      'erases too much',
      () => {
        const store = sound()
        return { ...store, erase: ({ tenant, count }) => store.erase({ tenant, count }) }
      },
    ],
    [
      'stores a part of a large batch',
      () => {
        const store = sound()
        return { ...store, append: (entries) => store.append(entries.slice(0, 1_000)) }
      },
    ],
  ]

  test.each(BROKEN)('one that %s', async (_, open) => {
    const failures: unknown[] = []
    for (const { run } of logStoreChecks(open)) await run().catch((error: unknown) => failures.push(error))
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toBeInstanceOf(LogStoreViolation)
  })
})
