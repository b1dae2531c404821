import { type EventHooks, type Exchange, SetupError } from '../../index.js'
import { DAY } from '../../time.js'
import { requireTenant } from '../shared/tenant.js'
import { connectionOf } from './entry-of.js'
import type { ExchangeQuery, ExchangeStore, LoggedExchange } from './exchange.js'
import { Pruner } from './pruner.js'
import { LogQueue, type QueueEvents } from './queue.js'
import { untilDone } from './until-done.js'

const STEP = 100
const MOST_PAGE = 100
/** The most stored exchanges of a connection, and the most waiting exchanges of all. */
const MOST = 500

/** Selects recorded exchanges. */
export interface ExchangesQuery extends Omit<ExchangeQuery, 'count'> {
  /**
   * At most so many exchanges, up to 100.
   *
   * @defaultValue 20
   */
  readonly count?: number
}

/** A page of recorded exchanges, the latest first. */
export interface ExchangePage {
  /** The exchanges of the page. */
  readonly exchanges: readonly LoggedExchange[]
  /** Pass it as `before` for the next page; undefined: this is the last. */
  readonly next: string | undefined
}

/** The parts of a recorder. */
interface RecorderParts {
  readonly store: ExchangeStore | undefined
  /** Days for which the log is kept: a recording never lives longer, and a day at most. */
  readonly days: number
  readonly now: () => number
  /** Milliseconds of a monotonic clock. */
  readonly ticks: () => number
  readonly nextKey: () => string
  readonly events: Pick<QueueEvents, 'dropped' | 'failed'>
}

/** An exchange that waits to be stored. */
interface WaitingExchange {
  readonly exchange: LoggedExchange
  isWaiting: boolean
}

/** Keeps the exchanges that `on.exchange` gets, for a day at most. A recording ends and is removed by itself. */
export class Recorder {
  readonly #parts: RecorderParts
  readonly #queue: LogQueue<WaitingExchange>
  readonly #pruner: Pruner

  constructor(parts: RecorderParts) {
    this.#parts = parts
    this.#queue = new LogQueue(
      (waiting) =>
        this.#store.append(
          waiting.map(({ exchange }) => exchange),
          MOST,
        ),
      MOST,
      {
        ...parts.events,
        stored: () => this.wrote(),
      },
    )
    this.#pruner = new Pruner(() => this.#pruneStep(), parts.ticks, parts.events.failed)
  }

  /** Without a store the router has no listener for exchanges, and so makes none. */
  get hooks(): Pick<EventHooks, 'exchange'> {
    return this.#parts.store === undefined ? {} : { exchange: (exchange) => this.#note(exchange) }
  }

  async page({ count = 20, ...query }: ExchangesQuery): Promise<ExchangePage> {
    requireTenant('journal.exchanges', query.tenant)
    const most = Math.min(Math.max(1, Math.trunc(count)), MOST_PAGE)
    const found = await this.#store.page({ ...query, count: most + 1 })
    // Without writes nothing is removed, and old exchanges are over all the same.
    const oldest = this.#oldest()
    const exchanges = found.slice(0, most).filter(({ time }) => time >= oldest)
    return { exchanges, next: found.length > most ? exchanges.at(-1)?.key : undefined }
  }

  async erase(tenant: string): Promise<void> {
    const { store } = this.#parts
    if (store === undefined) return
    await this.#queue.flush()
    await untilDone(() => store.erase({ tenant, count: STEP }))
  }

  async prune(): Promise<void> {
    const { store } = this.#parts
    if (store !== undefined) await untilDone(() => store.prune({ before: this.#oldest(), count: STEP }))
  }

  /** Must be called when something was stored: it may be time to remove old exchanges. */
  wrote(): void {
    if (this.#parts.store !== undefined) this.#pruner.wrote()
  }

  async #pruneStep(): Promise<boolean> {
    return (await this.#store.prune({ before: this.#oldest(), count: STEP })) === STEP
  }

  flush(): Promise<void> {
    return this.#queue.flush()
  }

  #note({ auth, tenant = '', ...exchange }: Exchange): void {
    const key = this.#parts.nextKey()
    this.#queue.add({ exchange: { ...exchange, tenant, connection: connectionOf(auth), key }, isWaiting: false })
  }

  #oldest(): Date {
    const { now, days } = this.#parts
    return new Date(now() - Math.min(days * DAY, DAY))
  }

  get #store(): ExchangeStore {
    const { store } = this.#parts
    if (store !== undefined) return store
    throw new SetupError('ERR_SCIM_OPTION', 'Option store of journal must have the key exchanges to keep recordings.')
  }
}
