import type { Exchange } from '../../index.js'

/** A request and its answer, as the log keeps those of a client that is recorded. */
export interface LoggedExchange extends Omit<Exchange, 'auth' | 'tenant'> {
  /** Orders the exchanges of a tenant by the time at which they came. */
  readonly key: string
  /** The tenant of the client; `''` if the service has no tenants. */
  readonly tenant: string
  /** The id of the connection, or the subject of the identity. */
  readonly connection: string
}

/** Selects exchanges: all given members must match. */
export interface ExchangeQuery {
  /** The tenant of the exchanges. */
  readonly tenant: string
  /**
   * The id of the connection.
   *
   * @defaultValue all
   */
  readonly connection?: string | undefined
  /** At most so many, the latest first. */
  readonly count: number
  /** Only exchanges with a smaller key: the next page. */
  readonly before?: string | undefined
  /** Only exchanges with a larger key: later ones. */
  readonly after?: string | undefined
}

/** Where recordings are kept. */
export interface ExchangeStore {
  /** Stores exchanges, and keeps only the latest `most` of each connection among them. */
  readonly append: (exchanges: readonly LoggedExchange[], most: number) => Promise<void>
  /** Exchanges in the order of their keys, the latest first. */
  readonly page: (query: ExchangeQuery) => Promise<readonly LoggedExchange[]>
  /** Removes exchanges that came before a time, of all tenants: at most `count`. Returns how many there were. */
  readonly prune: (what: { readonly before: Date; readonly count: number }) => Promise<number>
  /** Removes exchanges of a tenant: at most `count`. Returns how many there were. */
  readonly erase: (what: { readonly tenant: string; readonly count: number }) => Promise<number>
}
