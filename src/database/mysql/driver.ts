import { SetupError } from '../../setup-error.js'
import { mysql } from '../../sql/mysql.js'
import type { Connection, ConnectionPool, Queryable, QueryResult } from '../database.js'
import { FAILED_TRANSACTION, isConnectionLoss, isContention, UNIQUE_VIOLATION } from '../failure.js'
import { MysqlFailure, mysqlFailure } from './failure.js'
import type { MysqlConnection, MysqlPool } from './pool.js'

/** The pool of a driver behind the interface that the adapters know. */
export function mysqlDriver(pool: MysqlPool): ConnectionPool {
  const { getConnection } = pool ?? {}
  if (typeof getConnection !== 'function' || getConnection.length > 0) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      'Option pool must have getConnection() that returns a promise: pass a pool of mysql2/promise or mariadb.',
      'mysql.md',
    )
  }
  const connect = async (): Promise<Connection> => {
    try {
      return new MysqlSession(await pool.getConnection(), pool)
    } catch (error) {
      throw mysqlFailure(error, '')
    }
  }
  return {
    dialect: mysql,
    connect,
    query: async (text, values) => {
      const connection = await connect()
      let isLost = false
      try {
        return await connection.query(text, values)
      } catch (error) {
        isLost = isConnectionLoss(error)
        throw error
      } finally {
        connection.release(isLost)
      }
    },
  }
}

/**
 * Wraps the connection of the driver that the application passes with a call; undefined for any other value.
 */
export function adoptConnection(given: unknown, pool: MysqlPool): Queryable | undefined {
  const connection = given as Partial<MysqlConnection> | null
  if (typeof connection?.execute !== 'function' || typeof connection.query !== 'function') return undefined
  return new MysqlSession(connection as MysqlConnection, pool)
}

/** One connection. A deadlock ends its transaction: then it does nothing more until that is rolled back. */
class MysqlSession implements Connection {
  readonly dialect = mysql
  #isRolledBack = false

  constructor(
    private readonly connection: MysqlConnection,
    private readonly pool: MysqlPool,
  ) {}

  readonly query = async (text: string, values: readonly unknown[] = []): Promise<QueryResult> => {
    const [command = ''] = /^\w+(?: TO)?/.exec(text) ?? []
    if (command === 'ROLLBACK') this.#isRolledBack = false
    // Later statements would run outside of the transaction and could not be rolled back.
    if (this.#isRolledBack) throw new MysqlFailure(FAILED_TRANSACTION, ENDED, {})
    try {
      const result = await this.#run(text, values)
      return { ...result, command }
    } catch (error) {
      const failure = mysqlFailure(error, text)
      if (isContention(failure)) this.#isRolledBack = true
      throw failure instanceof MysqlFailure && failure.code === UNIQUE_VIOLATION
        ? await this.#withColumns(failure)
        : failure
    }
  }

  readonly release = (error?: Error | boolean): void => {
    if (error) this.connection.destroy()
    else this.connection.release()
  }

  /** By another connection: this one waits for its answer. */
  readonly cancelStatement = async (): Promise<void> => {
    const { threadId } = this.connection
    if (typeof threadId !== 'number') return
    const other = await this.pool.getConnection()
    try {
      await other.query({ ...PLAIN, sql: `KILL QUERY ${threadId}` })
    } finally {
      other.release()
    }
  }

  async #run(sql: string, values: readonly unknown[]): Promise<QueryResult> {
    const statement = { ...PLAIN, sql }
    const result =
      values.length === 0
        ? await this.connection.query(statement)
        : await this.connection.execute(statement, values.map(toBound))
    return readResult(result)
  }

  /** The server reports only the name of the index. Its columns lead to the attribute, which clients know. */
  async #withColumns(failure: MysqlFailure): Promise<MysqlFailure> {
    const { table, constraint, message, cause } = failure
    if (table === undefined || constraint === undefined) return failure
    const { rows } = await this.#run(COLUMNS_OF_INDEX, [table, constraint])
    if (rows.length === 0) return failure
    const detail = `(${rows.map(({ part }) => part).join(', ')})=()`
    return new MysqlFailure(failure.code, message, { table, constraint, detail, cause })
  }
}

const ENDED = 'MySQL has rolled the transaction back, because other transactions were in its way.'

const PLAIN = { rowsAsArray: false, nestTables: false, namedPlaceholders: false }

// An index on an expression has no columns.
const COLUMNS_OF_INDEX = `SELECT column_name AS part FROM information_schema.statistics
  WHERE table_schema = database() AND table_name = ? AND index_name = ? AND column_name IS NOT NULL ORDER BY seq_in_index`

/** mysql2 gives a pair, mariadb the rows themselves, or the counts of a write. */
function readResult(result: unknown): QueryResult {
  const own = Array.isArray(result) && !('meta' in result) ? result[0] : result
  if (Array.isArray(own)) return { rows: own, rowCount: own.length }
  const { affectedRows, insertId } = own as { readonly affectedRows: number; readonly insertId: number | bigint }
  return { rows: [], rowCount: affectedRows, insertId: String(insertId) }
}

function toBound(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  return value === undefined ? null : value
}
