/**
 * A pool of connections to MySQL or MariaDB: that of `mysql2/promise` or of `mariadb`. The pool of `mysql2` with
 * callbacks has one in `pool.promise()`.
 */
export interface MysqlPool {
  getConnection(): Promise<MysqlConnection>
}

/** A connection of such a pool. */
export interface MysqlConnection {
  /** Runs a statement without values. */
  query(options: MysqlStatement): Promise<unknown>
  /** Runs a statement whose values are bound by the server. */
  // biome-ignore lint/suspicious/noExplicitAny: drivers type values each in their own way.
  execute(options: MysqlStatement, values?: any): Promise<unknown>
  release(): unknown
  destroy(): unknown
  /** By which the server knows it. */
  readonly threadId: number | null
}

/** A statement, with the form of its rows that overrides the settings of the pool. */
export interface MysqlStatement {
  readonly sql: string
  readonly rowsAsArray: boolean
  readonly nestTables: boolean
  readonly namedPlaceholders: boolean
}
