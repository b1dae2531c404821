/**
 * A pool of connections to MySQL or MariaDB: that of `mysql2/promise` or of `mariadb`. The pool of `mysql2` with
 * callbacks has one in `pool.promise()`.
 */
export interface MysqlPool {
  /** Takes a connection from the pool. */
  getConnection(): Promise<MysqlConnection>
}

/** A connection of such a pool. */
export interface MysqlConnection {
  /** Runs a statement without values. */
  query(options: MysqlStatement): Promise<unknown>
  /** Runs a statement whose values are bound by the server. */
  // biome-ignore lint/suspicious/noExplicitAny: drivers type values each in their own way.
  execute(options: MysqlStatement, values?: any): Promise<unknown>
  /** Gives the connection back to the pool. */
  release(): unknown
  /** Closes the connection, so that the pool does not use it again. */
  destroy(): unknown
  /** By which the server knows it. */
  readonly threadId: number | null
}

/** A statement, with the form of its rows that overrides the settings of the pool. */
export interface MysqlStatement {
  /** The text of the statement. */
  readonly sql: string
  /** Whether rows are arrays; the library sends false. */
  readonly rowsAsArray: boolean
  /** Whether rows are nested by table; the library sends false. */
  readonly nestTables: boolean
  /** Whether placeholders have names; the library sends false. */
  readonly namedPlaceholders: boolean
}
