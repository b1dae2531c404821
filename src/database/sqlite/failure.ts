import { propertiesOf } from '../../is-object.js'

/** An error of SQLite with the SQLSTATE that other databases report, so that one function can classify failures. */
class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure'
  readonly table?: string
  readonly column?: string
  /** As PostgreSQL has it: the columns in parentheses. */
  readonly detail?: string
  /** Name of a unique index on an expression, or of the table and its last column, as indexes are mostly called. */
  readonly constraint?: string

  constructor(
    readonly code: string,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause })
    const [, kind, what = ''] = CONSTRAINT.exec(message) ?? []
    if (kind === undefined || kind === 'CHECK') return
    const [, index] = /^index '(.+)'$/.exec(what) ?? []
    if (index !== undefined) this.constraint = index
    else {
      const places = what.split(', ').map((place) => place.split('.'))
      this.table = places[0]?.at(-2) ?? ''
      this.column = places[0]?.at(-1) ?? ''
      this.detail = `(${places.map((place) => place.at(-1)).join(', ')})=()`
      this.constraint = `${this.table}_${places.at(-1)?.at(-1)}`
    }
  }
}

const CONSTRAINT = /\b(UNIQUE|NOT NULL|CHECK) constraint failed: (.+)/

/**
 * The codes that better-sqlite3 and libsql have as texts, by the number in SQLite: https://www.sqlite.org/rescode.html.
 */
const NUMBERS: Readonly<Record<string, number>> = {
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_NOMEM: 7,
  SQLITE_READONLY: 8,
  SQLITE_INTERRUPT: 9,
  SQLITE_IOERR: 10,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_TOOBIG: 18,
  SQLITE_CONSTRAINT: 19,
  SQLITE_MISMATCH: 20,
  SQLITE_BUSY_SNAPSHOT: 517,
  SQLITE_CONSTRAINT_CHECK: 275,
  SQLITE_CONSTRAINT_FOREIGNKEY: 787,
  SQLITE_CONSTRAINT_NOTNULL: 1299,
  SQLITE_CONSTRAINT_PRIMARYKEY: 1555,
  SQLITE_CONSTRAINT_TRIGGER: 1811,
  SQLITE_CONSTRAINT_UNIQUE: 2067,
  SQLITE_CONSTRAINT_ROWID: 2579,
  SQLITE_CONSTRAINT_DATATYPE: 3091,
}

/** SQLSTATE by the number of an error; a number that is not here is looked up by its last byte. */
const STATES: ReadonlyMap<number, string> = new Map([
  // lock_not_available: another process writes for longer than we wait.
  [5, '55P03'],
  [6, '55P03'],
  // serialization_failure: the data have changed since they were read.
  [517, '40001'],
  // out_of_memory, read_only_sql_transaction, query_canceled, io_error, disk_full, io_error
  [7, '53200'],
  [8, '25006'],
  [9, '57014'],
  [10, '58030'],
  [13, '53100'],
  [14, '58030'],
  // string_data_right_truncation, invalid_datetime_format: a value that does not fit.
  [18, '22001'],
  [20, '22007'],
  [3091, '22007'],
  // integrity_constraint_violation, and its kinds
  [19, '23000'],
  [275, '23514'],
  [787, '23503'],
  [1299, '23502'],
  [1555, '23505'],
  [2067, '23505'],
  [2579, '23505'],
  [1811, 'P0001'],
])

/** Gives an error of a driver its SQLSTATE; other errors stay as they are. */
export function sqliteFailure(error: unknown): unknown {
  const number = numberOf(error)
  const state = number === undefined ? undefined : (STATES.get(number) ?? STATES.get(number & 0xff))
  return state === undefined ? error : new SqliteFailure(state, String(propertiesOf(error).message), error)
}

/** Whether another process holds the lock, so that the same statement may succeed a little later. */
export function isLocked(error: unknown): boolean {
  const number = numberOf(error)
  return number === 5 || number === 6 || number === 261 || number === 773
}

/** The extended result code. */
function numberOf(error: unknown): number | undefined {
  // Errors of node:sqlite may come from another context, in which Error is another class.
  const { code, errcode, rawCode } = propertiesOf(error)
  if (typeof errcode === 'number') return errcode
  if (typeof rawCode === 'number') return rawCode
  if (typeof code !== 'string') return undefined
  const known = Object.keys(NUMBERS).filter((name) => code === name || code.startsWith(`${name}_`))
  const longest = known.reduce((best, name) => (name.length > best.length ? name : best), '')
  return NUMBERS[longest]
}
