/** Further members of the Pool of `pg`: the class of its connections, and their options. */
export interface PgPool {
  readonly Client: new (options: unknown) => PgClient
  readonly options: unknown
}

/** A connection of `pg`. */
interface PgClient {
  connect(): Promise<unknown>
  query(text: string, values: unknown[]): Promise<unknown>
  end(): Promise<unknown>
  on(event: 'error', listener: () => void): unknown
}

/** Whether a pool is the Pool of `pg`. */
export function isPgPool(pool: unknown): pool is PgPool {
  const { Client, options } = pool as Partial<PgPool>
  return typeof Client === 'function' && typeof options === 'object'
}
