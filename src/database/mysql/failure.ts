/** An error of MySQL with the SQLSTATE that other databases report, so that one function can classify failures. */
export class MysqlFailure extends Error {
  override readonly name = 'MysqlFailure'
  readonly table?: string
  readonly column?: string
  /** As PostgreSQL has it: the columns in parentheses. */
  readonly detail?: string
  /** Name of the index. */
  readonly constraint?: string

  constructor(
    readonly code: string,
    message: string,
    { cause, ...place }: FailurePlace & { readonly cause?: unknown },
  ) {
    super(message, { cause })
    Object.assign(this, place)
  }
}

/** Where something was refused. */
export interface FailurePlace {
  readonly table?: string
  readonly column?: string
  readonly detail?: string
  readonly constraint?: string
}

/** The description of an error by a driver. */
interface DriverError {
  readonly errno?: unknown
  readonly code?: unknown
  readonly fatal?: unknown
  /** The text of the server alone. */
  readonly sqlMessage?: unknown
  readonly message?: unknown
}

/** SQLSTATE by the number of an error: that of MySQL itself is too coarse, 23000 for all constraints. */
const STATES: ReadonlyMap<number, string> = new Map([
  // unique_violation
  [1022, '23505'],
  [1062, '23505'],
  [1169, '23505'],
  [1586, '23505'],
  // not_null_violation
  [1048, '23502'],
  [1364, '23502'],
  // foreign_key_violation
  [1216, '23503'],
  [1217, '23503'],
  [1451, '23503'],
  [1452, '23503'],
  // check_violation, of MySQL and MariaDB; with_check_option_violation
  [3819, '23514'],
  [4025, '23514'],
  [1369, '44000'],
  // string_data_right_truncation, numeric_value_out_of_range, invalid_datetime_format, invalid_text_representation
  [1406, '22001'],
  [1264, '22003'],
  [1690, '22003'],
  [1292, '22007'],
  [1265, '22P02'],
  [1366, '22P02'],
  [3140, '22P02'],
  // raise_exception: SIGNAL of a trigger.
  [1644, 'P0001'],
  // deadlock_detected, serialization_failure
  [1213, '40P01'],
  [1614, '40P01'],
  [1020, '40001'],
  // lock_not_available
  [1205, '55P03'],
  [3572, '55P03'],
  // query_canceled: KILL QUERY, max_execution_time, max_statement_time
  [1317, '57014'],
  [3024, '57014'],
  [1969, '57014'],
  // too_many_connections
  [1040, '53300'],
  [1203, '53300'],
  [1226, '53300'],
  // out_of_memory, disk_full
  [1037, '53200'],
  [1038, '53200'],
  [1021, '53100'],
  [1114, '53100'],
  // admin_shutdown
  [1053, '57P01'],
  [1927, '57P01'],
  [3169, '57P01'],
  // read_only_sql_transaction
  [1290, '25006'],
  [1792, '25006'],
  [1836, '25006'],
])

/** Errors of a connection that say that it may not be made, which no later try changes. */
const DENIED: ReadonlySet<unknown> = new Set([1044, 1045, 1049, 1251, 1698])
/** As drivers say that there is no connection. */
const LOST =
  /PROTOCOL_CONNECTION_LOST|POOL_CLOSED|SOCKET|CONNECTION_(?:CLOSED|TIMEOUT)|closed state|pool is closed|connection (?:is|already) closed/i
// connection_failure
const NO_CONNECTION = '08006'

/** Gives an error of a driver its SQLSTATE and the place of which it speaks; other errors stay as they are. */
export function mysqlFailure(error: unknown, statement: string): unknown {
  if (!(error instanceof Error)) return error
  const { errno, code, fatal, sqlMessage } = error as DriverError
  const message = typeof sqlMessage === 'string' ? sqlMessage : error.message
  const state = typeof errno === 'number' ? STATES.get(errno) : undefined
  if (state !== undefined) return new MysqlFailure(state, message, { ...placeOf(message, statement), cause: error })
  const isLost = LOST.test(`${String(code)} ${error.message}`) || (fatal === true && !DENIED.has(errno))
  return isLost ? new MysqlFailure(NO_CONNECTION, message, { cause: error }) : error
}

/** The texts of the server name columns of constraints, and indexes at their end, behind the values. */
function placeOf(message: string, statement: string): FailurePlace {
  const table = tableOf(statement)
  const [, links] = /FOREIGN KEY \(([^()]*)\)/.exec(message) ?? []
  if (links !== undefined) {
    const [, own] = /\(`(?:[^`]|``)*`\.`((?:[^`]|``)*)`, CONSTRAINT/.exec(message) ?? []
    const place = own === undefined ? table : own
    return { ...(place !== undefined && { table: place }), detail: `(${links.replaceAll('`', '')})=()` }
  }
  const [, index] = /for key '([^']+)'$/.exec(message) ?? []
  const [, column] = /^(?:Column|Field) '([^']+)'/.exec(message) ?? []
  return {
    ...(table !== undefined && { table }),
    // MySQL has the name of the table in front.
    ...(index !== undefined && { constraint: index.split('.').at(-1) ?? index }),
    ...(column !== undefined && { column }),
  }
}

/** The table that a statement writes, without its database. */
function tableOf(statement: string): string | undefined {
  const [, names] = /^\s*(?:INSERT INTO|UPDATE) ((?:`(?:[^`]|``)+`\.?)+)/i.exec(statement) ?? []
  return names
    ?.match(/`(?:[^`]|``)+`/g)
    ?.at(-1)
    ?.slice(1, -1)
    .replaceAll('``', '`')
}
