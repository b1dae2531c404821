import { checkGiven } from '../../check-options.js'
import { type EventHooks, type HookContext, type Listener, type RequestReport, SetupError } from '../../index.js'
import { DAY } from '../../time.js'
import { TenantKeys } from '../shared/keys.js'
import { requireTenant, requireTenantChoice, type TenantChoice } from '../shared/tenant.js'
import type { LogEntry } from './entry.js'
import { acceptedEntry, connectionOf, failedForm, namesIn, normalName, refusedEntry } from './entry-of.js'
import { Forms } from './form.js'
import { endOfMinute, endOfPolls, Gatherer, isAlikePoll, keyMaker, wordOfPoll, wordOfRefused } from './gather.js'
import { ringOf } from './memory-log.js'
import type { NotedEntry } from './noted-entry.js'
import { ERASE, EXCHANGES, OPTIONS, PAGE } from './option-table.js'
import { Pruner } from './pruner.js'
import { LogQueue } from './queue.js'
import { type ExchangePage, type ExchangesQuery, Recorder } from './recorder.js'
import { idForm, pathShape } from './shape.js'
import type { LogQuery, LogStore } from './store.js'
import { Trouble } from './trouble.js'
import { untilDone } from './until-done.js'

const STEP = 1_000
const MOST_PAGE = 1_000
const MOST_WAITING = 10_000

/** The options of {@link journal}. */
export interface JournalOptions {
  /** The store of entries: `memoryLog()`, `sqlLog({ database })`, or a store of your own. */
  readonly store: LogStore
  /**
   * A random text of 32 characters or more. The keys of the HMACs of people's names are derived from it. To change it,
   * pass the new text, a comma and the old one.
   */
  readonly secret: string | undefined
  /**
   * Days for which entries are kept.
   *
   * @defaultValue 30
   */
  readonly days?: number
  /**
   * The form of the ids of your resources, for the whole id: the log keeps `<not an id>` in place of any other text,
   * unless a request about it succeeded.
   *
   * @defaultValue UUIDs, numbers, ULIDs and 24 hexadecimal digits
   */
  readonly ids?: RegExp
  /**
   * Called if the store fails, with the number of lost entries, once a minute at most. It must not throw.
   *
   * @defaultValue no call; `dropped` counts
   */
  readonly onError?: (error: Error) => void
  /**
   * The time in milliseconds, for tests.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number
}

/** Selects entries of the log, as {@link LogQuery} does, with a person in place of HMACs. */
export interface PageQuery extends Omit<LogQuery, 'persons' | 'count'> {
  /**
   * A userName or externalId: entries of requests that contained it, refused ones included. The log does not store it.
   */
  readonly person?: string | undefined
  /**
   * At most so many entries, up to 1,000.
   *
   * @defaultValue 50
   */
  readonly count?: number
}

/** A page of the log, the latest entries first. */
export interface LogPage {
  /** The entries of the page. */
  readonly entries: readonly LogEntry[]
  /** Pass it as `before` for the next page; undefined: this is the last. */
  readonly next: string | undefined
}

/** The log of requests and of the reasons of their answers. Pass it whole: `on: [log]`. */
export interface Journal extends Listener {
  /**
   * Entries of one tenant, or of all by `ALL_TENANTS`, in pages. A new request is there after a second, or {@link
   * flush}.
   */
  readonly page: (query: PageQuery) => Promise<LogPage>
  /**
   * The recorded exchanges of a tenant's clients ({@link Exchange}), the latest first: of the last 24 hours, at most
   * 500 of each connection.
   */
  readonly exchanges: (query: ExchangesQuery) => Promise<ExchangePage>
  /**
   * Removes all entries of a tenant, of one of its resources, or of a person, and all recordings of the tenant, because
   * they may be about any person. Returns how many entries there were.
   */
  readonly erase: (what: {
    readonly tenant: string
    readonly resourceId?: string
    readonly person?: string
  }) => Promise<number>
  /**
   * Removes entries that are older than the days, of all tenants. The journal does so itself in small steps when it
   * writes.
   */
  readonly prune: () => Promise<number>
  /** Stores the entries that wait. It settles also if the store fails. */
  readonly flush: () => Promise<void>
  /** How many entries were lost, because the store failed or was too slow. */
  readonly dropped: () => number
  /** Makes the tables of the store. */
  readonly migrate: () => Promise<void>
}

/**
 * A log of requests. It is written after the answer, in batches, so a slow or failing store delays no request: if the
 * queue is full, an entry is lost and counted. It holds no value of an attribute; a person is found by an HMAC of their
 * userName or externalId.
 *
 * @example
 * ```ts
 * import { bearer, scimRouter } from 'express-scim'
 * import { journal, memoryLog } from 'express-scim/journal'
 * import { memoryAdapters } from 'express-scim/memory'
 *
 * const { users, groups } = memoryAdapters()
 * export const log = journal({ store: memoryLog(), secret: process.env.SCIM_SECRET })
 * export const scim = scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: { User: { adapter: users }, Group: { adapter: groups } },
 *   on: [log],
 * })
 *
 * const { entries } = await log.page({ tenant: '', person: 'anna@example.com' })
 * for (const entry of entries) console.log(entry.time, entry.method, entry.path, entry.status)
 * ```
 */
export function journal(options: JournalOptions): Journal {
  checkGiven(options, OPTIONS, { owner: 'journal', code: 'ERR_SCIM_OPTION' })
  const { store, secret, days = 30, ids, onError, now = Date.now } = options
  // The time of day may be set; durations need a monotonic clock.
  const ticks = options.now ?? (() => performance.now())
  if (typeof store?.append !== 'function') {
    throw new SetupError('ERR_SCIM_OPTION', 'Option store of journal must be a log store, such as memoryLog().')
  }
  if (!(Number.isFinite(days) && days > 0)) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option days of journal must be a number above 0.')
  }
  const keys = new TenantKeys(secret, 'person', 'journal')
  const isId = idForm(ids)
  const nextKey = keyMaker(now)
  const forms = new Forms()
  const polls = new Gatherer(isAlikePoll, endOfPolls)
  // Their word is made of all common members.
  const refusals = new Gatherer<undefined>(() => true, endOfMinute)
  const trouble = new Trouble(onError, ticks)
  const oldest = (): Date => new Date(now() - days * DAY)
  const events = {
    dropped: (count: number) => trouble.dropped(count),
    failed: (error: unknown) => trouble.failed(error),
  }
  const recorder = new Recorder({ store: store.exchanges, days, now, ticks, nextKey, events })
  const pruner = new Pruner(
    async () => (await store.prune({ before: oldest(), count: STEP })) === STEP,
    ticks,
    events.failed,
  )
  const stored = (): void => {
    pruner.wrote()
    // Recordings also end if no client is recorded any more.
    recorder.wrote()
  }
  const append = (noted: readonly NotedEntry[]): Promise<void> | undefined => {
    for (const entry of noted) entry.hideNames(keys)
    const ring = ringOf(store)
    if (ring === undefined) return store.append(noted.map((entry) => entry.toEntry()))
    for (const entry of noted) ring.put(entry)
    return undefined
  }
  const queue = new LogQueue<NotedEntry>(append, MOST_WAITING, { ...events, stored })
  const noteRefused = (report: RequestReport): void => {
    const word = wordOfRefused(report)
    const known = refusals.find(word, report, undefined)
    const entry = known ?? refusedEntry(report, nextKey())
    if (known === undefined) refusals.begin(word, entry)
    else known.add(report)
    if (!entry.isKept) queue.add(entry)
  }
  const noteAccepted = (report: RequestReport, context: HookContext): void => {
    const names = namesIn(context)
    const connection = connectionOf(report.auth)
    const form = report.status < 400 ? forms.of(report, connection) : failedForm(report, connection)
    const shown = { form, path: pathShape(report, isId), names }
    const word = wordOfPoll(report, shown.path, names)
    const known = word === undefined ? undefined : polls.find(word, report, shown)
    const entry = known ?? acceptedEntry(report, nextKey(), shown, isId)
    if (known !== undefined) known.add(report)
    else if (word !== undefined) polls.begin(word, entry)
    if (!entry.isKept) queue.add(entry)
  }
  const note = (report: RequestReport, context: HookContext): void => {
    if (report.auth === undefined) noteRefused(report)
    else noteAccepted(report, context)
  }
  const hooks: EventHooks = { request: note, ...recorder.hooks }
  const personsOf = (tenant: TenantChoice, person: string | undefined): readonly string[] | undefined => {
    if (person === undefined) return undefined
    requireTenant('journal.page with a person', tenant)
    return keys.hmacs(tenant, [normalName(person)])
  }
  return {
    hooks,
    async page(given) {
      checkGiven(given, PAGE, { owner: 'journal.page', code: 'ERR_SCIM_OPTION' })
      const { person, count = 50, ...query } = given
      requireTenantChoice('journal.page', query.tenant)
      const most = Math.min(Math.max(1, Math.trunc(count)), MOST_PAGE)
      const found = await store.page({ ...query, persons: personsOf(query.tenant, person), count: most + 1 })
      const entries = found.slice(0, most)
      return { entries, next: found.length > most ? entries.at(-1)?.key : undefined }
    },
    async erase(what) {
      checkGiven(what, ERASE, { owner: 'journal.erase', code: 'ERR_SCIM_OPTION' })
      const { tenant, resourceId, person } = what
      requireTenant('journal.erase', tenant)
      polls.clear()
      refusals.clear()
      await queue.flush()
      const persons = personsOf(tenant, person)
      await recorder.erase(tenant)
      return untilDone(() => store.erase({ tenant, resourceId, persons, count: STEP }))
    },
    async exchanges(query) {
      checkGiven(query, EXCHANGES, { owner: 'journal.exchanges', code: 'ERR_SCIM_OPTION' })
      return recorder.page(query)
    },
    async prune() {
      await recorder.prune()
      return untilDone(() => store.prune({ before: oldest(), count: STEP }))
    },
    async flush() {
      await queue.flush()
      await recorder.flush()
    },
    dropped: () => trouble.count,
    async migrate() {
      await store.migrate?.()
    },
  }
}
