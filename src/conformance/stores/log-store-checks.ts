import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  ALL_TENANTS,
  type ExchangeQuery,
  type LogEntry,
  type LoggedExchange,
  type LogQuery,
  type LogStore,
} from '../../journal/store.js'
import { docsAt } from '../../setup-error.js'
import type { Check } from '../kit/check.js'
import { at } from './minute.js'

/** Thrown if a store of the log breaks a rule. */
export class LogStoreViolation extends Error {
  override readonly name = 'LogStoreViolation'

  constructor(sentence: string) {
    super(`${sentence} (${docsAt('journal.md#stores')})`)
  }
}

/** The tools of a check: a tenant of its own, whose entries it removes in the end. */
interface Bench {
  readonly store: LogStore
  readonly tenant: string
  /** An entry; its key grows with each. */
  readonly entry: (part?: Partial<LogEntry>) => LogEntry
  readonly append: (...parts: readonly Partial<LogEntry>[]) => Promise<readonly LogEntry[]>
  /** The ids of the entries that a query finds. */
  readonly found: (query?: Partial<LogQuery>) => Promise<readonly string[]>
  readonly hold: (got: unknown, wanted: unknown, sentence: string) => void
}

const RULES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'an entry comes back as it went': async ({ store, append, hold, tenant }) => {
    const [entry] = await append({
      path: '/Users/"ü\u2028',
      query: 'filter=userName eq "?"',
      changes: { attributes: ['members'], members: { added: ['a'], removed: [], more: 2 } },
      bulk: [
        { method: 'POST', resourceType: 'User', resourceId: '1', status: 201, code: undefined, attribute: undefined },
      ],
      tolerated: [{ name: 'unknownAttribute', attribute: 'x' }],
      persons: ['p1', 'p2'],
    })
    const [stored] = await store.page({ tenant, count: 10 })
    hold(
      withoutUndefined(stored),
      withoutUndefined(entry),
      'page must give back what append has stored, times as Date.',
    )
  },
  'pages have the latest entries first, and go on before and after a key': async ({ append, found, hold }) => {
    const [, second] = await append({ id: '1' }, { id: '2' }, { id: '3' })
    const key = second?.key
    hold(await found(), ['3', '2', '1'], 'page must give the latest entries first.')
    hold(await found({ count: 2 }), ['3', '2'], 'page must give no more than count entries.')
    hold(await found({ before: key }), ['1'], 'before must leave out its key and what is later.')
    hold(await found({ after: key }), ['3'], 'after must leave out its key and what is earlier.')
  },
  'an entry with a key that is there takes the place of the other': async ({ store, append, found, hold, tenant }) => {
    const [entry] = await append({ id: '1' }, { id: '2' })
    await store.append([{ ...(entry as LogEntry), times: 7, last: at(9) }])
    hold(await found(), ['2', '1'], 'An entry that is stored again must stay one entry.')
    const [, again] = await store.page({ tenant, count: 2 })
    hold([again?.times, again?.last], [7, at(9)], 'An entry that is stored again must be as it was stored last.')
  },
  'all that a query names must hold': async ({ append, found, hold }) => {
    await append(
      { id: '1', connection: 'a', status: 200, resourceId: 'r', time: at(1), last: at(1) },
      { id: '2', connection: 'b', status: 404, code: 'notFound', time: at(2), last: at(5), persons: ['p'] },
      { id: '3', connection: 'b', status: 409, code: 'uniqueness', resourceId: 'r', time: at(3), last: at(3) },
    )
    hold(await found({ connection: 'b' }), ['3', '2'], 'page must look at the connection.')
    hold(await found({ status: 404 }), ['2'], 'page must look at the status.')
    hold(await found({ status: { min: 200, max: 404 } }), ['2', '1'], 'A range of statuses must include both ends.')
    hold(await found({ code: 'uniqueness' }), ['3'], 'page must look at the code.')
    hold(await found({ resourceId: 'r' }), ['3', '1'], 'page must look at the id of the resource.')
    hold(await found({ persons: ['q', 'p'] }), ['2'], 'page must find an entry that has one of the persons.')
    hold(await found({ persons: [] }), [], 'page must find nothing for nobody.')
    hold(await found({ from: at(4) }), ['2'], 'from must look at the last request of an entry.')
    hold(
      await found({ to: at(2) }),
      ['1'],
      'to must look at the first request of an entry, and leave the time itself out.',
    )
    hold(await found({ connection: 'b', resourceId: 'r' }), ['3'], 'All that a query names must hold.')
  },
  'a tenant sees its own entries, and ALL_TENANTS all of them': async ({ store, append, found, hold, tenant }) => {
    const other = `${tenant}-other`
    await append({ id: '1', persons: ['p'] }, { id: '2', tenant: other, persons: ['p'] })
    hold(await found(), ['1'], 'page must look at the tenant.')
    hold(await found({ persons: ['p'] }), ['1'], 'page must look at the tenant when it looks for a person.')
    const all = (await store.page({ tenant: ALL_TENANTS, count: 1_000 })).filter((one) => one.tenant.startsWith(tenant))
    hold(
      all.map(({ id }) => id),
      ['2', '1'],
      'page must give entries of all tenants for ALL_TENANTS.',
    )
    hold(await store.erase({ tenant, count: 100 }), 1, 'erase must look at the tenant.')
    hold(await found({ tenant: other }), ['2'], 'erase must leave other tenants alone.')
    await store.erase({ tenant: other, count: 100 })
  },
  'old entries go in small steps, the others stay': async ({ store, append, found, hold }) => {
    await append(
      { id: '1', time: at(-9), last: at(-9) },
      { id: '2', time: at(-8), last: at(-8) },
      { id: '3', time: at(-8), last: at(4) },
    )
    hold(await store.prune({ before: at(-5), count: 1 }), 1, 'prune must remove no more than count entries.')
    hold(await store.prune({ before: at(-5), count: 5 }), 1, 'prune must remove what is left.')
    hold(await store.prune({ before: at(-5), count: 5 }), 0, 'prune must return 0 if nothing is left.')
    hold(await found(), ['3'], 'prune must keep entries whose last request is not old.')
  },
  'entries of a resource or a person are erased, and nothing stands for the person afterwards': async (bench) => {
    const { store, append, found, hold, tenant } = bench
    await append({ id: '1', resourceId: 'r' }, { id: '2', persons: ['p', 'q'] }, { id: '3', persons: ['q'] })
    hold(await store.erase({ tenant, persons: [], count: 9 }), 0, 'erase must remove nothing for nobody.')
    hold(await store.erase({ tenant, resourceId: 'r', count: 9 }), 1, 'erase must look at the resource.')
    hold(await store.erase({ tenant, persons: ['p', 'x'], count: 9 }), 1, 'erase must look at the person.')
    hold(await found(), ['3'], 'erase must leave other entries alone.')
    hold(await found({ persons: ['p'] }), [], 'erase must remove what stands for the person.')
    await append({ id: '4' }, { id: '5' })
    hold(await store.erase({ tenant, count: 2 }), 2, 'erase must remove no more than count entries.')
    hold(await store.erase({ tenant, count: 2 }), 1, 'erase must remove all entries of the tenant in the end.')
    hold(await found(), [], 'erase must leave nothing of the tenant.')
  },
  'recordings, if the store keeps them: pages, the latest of a connection, old ones, erasure': async (bench) => {
    const { store, tenant, hold } = bench
    const { exchanges } = store
    if (exchanges === undefined) return
    const one = (key: string, part: Partial<LoggedExchange> = {}): LoggedExchange => ({
      ...EXCHANGE,
      tenant,
      key,
      ...part,
    })
    const found = async (query: Partial<ExchangeQuery> = {}) =>
      (await exchanges.page({ tenant, count: 100, ...query })).map(({ key }) => key)
    await exchanges.append([one('a'), one('b', { connection: 'd' }), one('c', { time: at(9) })], 9)
    const [stored] = await exchanges.page({ tenant, count: 1 })
    hold(
      withoutUndefined(stored),
      withoutUndefined(one('c', { time: at(9) })),
      'A recording must come back as it went.',
    )
    hold(stored?.time instanceof Date, true, 'The time of a recording must be a Date.')
    hold(await found({ count: 2 }), ['c', 'b'], 'exchanges.page must give the latest first, at most count.')
    hold(await found({ connection: 'd' }), ['b'], 'exchanges.page must look at the connection.')
    hold(await found({ before: 'b' }), ['a'], 'before must leave out its key and what is later.')
    hold(await found({ after: 'b' }), ['c'], 'after must leave out its key and what is earlier.')
    hold(await found({ tenant: `${tenant}-other` }), [], 'exchanges.page must look at the tenant.')
    await exchanges.append([one('e'), one('f')], 2)
    hold(await found(), ['f', 'e', 'b'], 'exchanges.append must keep the latest of each connection it stores for.')
    await exchanges.append([one('g', { connection: 'd', time: at(-9) })], 9)
    hold(await exchanges.prune({ before: at(-5), count: 9 }), 1, 'exchanges.prune must remove what is old.')
    hold(await found(), ['f', 'e', 'b'], 'exchanges.prune must keep what is not old.')
    hold(await exchanges.erase({ tenant, count: 2 }), 2, 'exchanges.erase must remove no more than count.')
    hold(await exchanges.erase({ tenant, count: 2 }), 1, 'exchanges.erase must remove what is left.')
    hold(await found(), [], 'exchanges.erase must leave nothing of the tenant.')
  },
  'many entries come at once, and none is no mistake': async ({ store, append, found, hold }) => {
    await store.append([])
    await append(...Array.from({ length: 1_200 }, (_, index) => ({ id: String(index), persons: ['p', `p${index}`] })))
    hold((await found({ count: 2_000 })).length, 1_200, 'append must store all entries of a batch.')
    hold((await found({ count: 2_000, persons: ['p'] })).length, 1_200, 'append must store all persons of a batch.')
  },
}

/**
 * Checks of the contract of a log's store. They work in tenants of their own, which are empty in the end. Only the
 * checks of `prune` affect all tenants: they remove entries of 2001.
 *
 * @param open Returns the store, ready for use. It is called for each check.
 *
 * @example
 * ```ts
 * import { logStoreChecks } from 'express-scim/conformance'
 * import { memoryLog } from 'express-scim/journal'
 *
 * for (const { name, run } of logStoreChecks(() => memoryLog())) test(name, run)
 * ```
 */
export function logStoreChecks(open: () => LogStore | Promise<LogStore>): readonly Check[] {
  return Object.entries(RULES).map(([name, rule]) => ({
    name,
    run: async () => {
      const store = await open()
      const tenant = `check-${randomUUID()}`
      try {
        await rule(benchOf(store, tenant))
      } finally {
        while ((await store.erase({ tenant, count: 1_000 })) > 0);
        while (((await store.exchanges?.erase({ tenant, count: 1_000 })) ?? 0) > 0);
      }
    },
  }))
}

function benchOf(store: LogStore, tenant: string): Bench {
  let count = 0
  const entry = (part: Partial<LogEntry> = {}): LogEntry => {
    count += 1
    return { ...BLANK, tenant, key: `check${String(count).padStart(6, '0')}`, ...part }
  }
  return {
    store,
    tenant,
    entry,
    append: async (...parts) => {
      const entries = parts.map(entry)
      await store.append(entries)
      return entries
    },
    found: async (query) => (await store.page({ tenant, count: 100, ...query })).map(({ id }) => id),
    hold: (got, wanted, sentence) => {
      if (!isDeepStrictEqual(got, wanted)) throw new LogStoreViolation(sentence)
    },
  }
}

const BLANK: LogEntry = {
  key: '',
  id: '0',
  clientId: undefined,
  time: at(0),
  ms: 1.5,
  tenant: '',
  connection: '',
  method: 'GET',
  path: '/Users',
  query: undefined,
  status: 200,
  code: '',
  scimType: undefined,
  attribute: undefined,
  text: undefined,
  refusal: undefined,
  action: 'list',
  resourceType: 'User',
  resourceId: undefined,
  count: 0,
  changes: undefined,
  bulk: undefined,
  tolerated: [],
  tolerances: [],
  userAgent: undefined,
  provider: undefined,
  via: 'client',
  persons: [],
  times: 1,
  last: at(0),
}

const EXCHANGE: LoggedExchange = {
  key: '',
  tenant: '',
  connection: 'c',
  id: '0',
  time: at(0),
  ms: 1.5,
  values: false,
  via: 'client',
  request: {
    method: 'POST',
    path: '/Users',
    query: undefined,
    contentType: undefined,
    body: { userName: '[text, 7]', 'ü\u2028': ['"'] },
    broken: undefined,
  },
  response: { status: 201, contentType: 'application/scim+json', body: undefined },
}

/** JSON drops properties that are undefined, and a store may keep JSON. */
function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}
