import { identifier, join, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { mysql } from '../../sql/mysql.js'
import type { IdType, TableDialect } from '../store-dialect.js'

/** MySQL 8.0.21 and later, MariaDB 10.6 and later. */
export const mysqlStore: TableDialect = {
  dialect: mysql,
  // A statement behind a lock must see the writes of others, and must lock no gaps. This holds for this transaction
  // alone.
  begin: ['SET TRANSACTION ISOLATION LEVEL READ COMMITTED', 'START TRANSACTION'],
  among: (value, ids, type) => {
    if (ids.length === 0) return raw('FALSE')
    if (ids.length > MOST) return isInList(value, ids, type)
    const padded = pad(ids)
    if (type === 'integer') return isOneOf(value, padded.map(mysql.integer))
    const texts = padded.map((id) => sql`${id}`)
    const near = isOneOf(value, texts)
    // The collation of a column treats more texts as equal, but this condition can use its index.
    return type === 'uuid' ? near : sql`(${near} AND ${isOneOf(exact(value), texts.map(exact))})`
  },
  // MariaDB has no OF: it locks the rows of all tables in FROM. The other words work in MySQL and MariaDB.
  lock: (strength) => raw(strength === 'FOR KEY SHARE' ? ' LOCK IN SHARE MODE' : ' FOR UPDATE'),
  locksWhatItReads: true,
  returning: 'nothing',
  // MariaDB permits no outer columns in a subquery in FROM, and truncates aggregated JSON.
  nests: false,
  // MySQL accepts no floating point number here, and mysql2 binds every number as one.
  limit: (count) => sql`${BigInt(count)}`,
  remove: ({ table, alias, using, where }) => {
    const others = using ? sql`, ${using}` : raw('')
    return sql`DELETE ${raw(alias)} FROM ${identifier(table)} AS ${raw(alias)}${others} WHERE ${where}`
  },
  expire: ({ table, alias, using, where }, column) => {
    // A column of whole seconds rounds up, and the row would count until then.
    const now = new Date(Math.floor(Date.now() / 1_000) * 1_000)
    return sql`UPDATE ${identifier(table)} AS ${raw(alias)}, ${using} SET ${raw(alias)}.${identifier(column)} = ${mysql.instant(now)} WHERE ${where}`
  },
  across: ({ outer, from, where }) => sql`${outer}, ${from} WHERE ${where}`,
  json: {
    bind: (text) => sql`${text}`,
    text: mysql.text,
    part: (document) => document,
    array: (parts) => sql`json_array(${join(parts, ', ')})`,
    group: (part) => sql`json_arrayagg(${part})`,
    groupSorts: false,
  },
  sort: {
    // Read as text, which keeps bytes and all digits of a number.
    select: (column, type) => {
      if (type === 'boolean') return sql`CASE ${column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END`
      return type === 'text' ? sql`convert(${column} USING utf8mb4)` : mysql.text(column)
    },
    bind: (key, type) => {
      if (type === 'boolean') return mysql.boolean(key === true)
      if (type === 'text') return exact(sql`${String(key)}`)
      return type === 'number' ? sql`${String(key)}` : sql`CAST(${String(key)} AS DATETIME(6))`
    },
    order: (column, isRising) => {
      const direction = raw(isRising ? 'ASC' : 'DESC')
      return sql`${column} IS NULL ${direction}, ${column} ${direction}`
    },
  },
  instant: {
    bind: (time) => {
      const text = typeof time === 'string' ? inUtc(time) : withoutZone(time)
      return text === undefined
        ? undefined
        : sql`convert_tz(CAST(${text} AS DATETIME(6)), '+00:00', @@session.time_zone)`
    },
    select: (column) => mysql.text(sql`convert_tz(${column}, @@session.time_zone, '+00:00')`),
  },
  rowVersion: undefined,
}

/** A statement has room for 65,535 values. */
const MOST = 4_096

/** A list that is bound as one value. So long a list is looked up in by each row, and not the other way round. */
function isInList(value: SqlFragment, ids: readonly string[], type: IdType): SqlFragment {
  const isNumber = type === 'integer'
  const list = isNumber ? `[${ids.join(',')}]` : JSON.stringify(ids)
  const column = raw(isNumber ? 'BIGINT' : 'VARCHAR(700) CHARACTER SET utf8mb4')
  const [own, other] = isNumber ? [value, raw('l.id')] : [exact(value), exact(raw('l.id'))]
  return sql`${own} IN (SELECT ${other} FROM json_table(${list}, '$[*]' COLUMNS (id ${column} PATH '$')) AS l)`
}

/** As many statements as there are powers of two, and not as there are lengths of lists: a connection holds each. */
function pad(ids: readonly string[]): readonly string[] {
  const length = 2 ** Math.ceil(Math.log2(ids.length))
  return Array.from({ length }, (_, index) => ids[index] ?? (ids[0] as string))
}

function isOneOf(value: SqlFragment, values: readonly SqlFragment[]): SqlFragment {
  return sql`${value} IN (${join(values, ', ')})`
}

function exact(text: SqlFragment): SqlFragment {
  return mysql.exact?.(text) ?? text
}

/** A text of the schema in UTC, to the microsecond that a column can have. */
function inUtc(text: string): string | undefined {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return undefined
  const [, finer = ''] = /\.\d{3}(\d{1,3})/.exec(text) ?? []
  return withoutZone(time) + finer
}

function withoutZone(time: Date): string {
  return time.toISOString().slice(0, -1).replace('T', ' ')
}
