import type { Dialect, Fold } from './dialect.js'
import { identifier, join, raw, type SqlFragment, sql } from './fragment.js'

/**
 * MySQL 8.0.21 and later, MariaDB 10.6 and later, with any driver: mysql2, mariadb, TypeORM, Prisma, Knex. The
 * connection is in utf8mb4, which is the default of all of them.
 *
 * Collations decide nothing: texts are compared byte by byte as utf8mb4, so `a` is neither `ä` nor `a` with a blank
 * behind it. An index is used of a column that is compared as it is, and of one with `folded: true`, which is for a
 * column whose collation ends in `_ci` as well.
 *
 * A column of instants is a DATETIME or TIMESTAMP, in the time zone of the connection as `NOW()` is.
 *
 * @example
 * ```ts
 * import type { Filter } from 'express-scim'
 * import { compileFilter, mysql } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { userName: { column: 'email', folded: true } } } as const
 * export const where = (filter: Filter) => compileFilter(filter, accounts, mysql)
 * // userName eq "BJensen": text begins with (`accounts`.`email` = ? AND, values are ['bjensen', 'bjensen']
 * ```
 */
export const mysql: Dialect = {
  parameter: () => '?',
  identifier: (name) => `\`${name.replaceAll('`', '``')}\``,
  literal,
  exact,
  byCodePoint: exact,
  // The only capital that would become an ASCII letter: in Unicode it becomes one with a dot above.
  fold: (text) => sql`lower(replace(convert(${text} USING utf8mb4), ${literal('\u0130')}, ${literal('i\u0307')}))`,
  folds: (text) => FOLDED.test(text),
  contains: (text, part, fold) => sql`locate(${bound(part, fold)}, ${exact(text)}) > 0`,
  startsWith: (text, part, fold) => sql`locate(${bound(part, fold)}, ${exact(text)}) = 1`,
  endsWith: (text, part, fold) => sql`right(${exact(text)}, length(${bound(part, fold)})) = ${bound(part, fold)}`,
  text: (value) => sql`CAST(${value} AS CHAR CHARACTER SET utf8mb4)`,
  timestamp: (column) => column,
  string: (value) => sql`${value}`,
  // Drivers that write values into the text would write a decimal, which is another number.
  number: (value) => sql`CAST(${value} AS DOUBLE)`,
  boolean: (value) => sql`${value ? 1 : 0}`,
  instant: (value) =>
    sql`convert_tz(CAST(${value.toISOString().slice(0, -1).replace('T', ' ')} AS DATETIME(3)), '+00:00', @@session.time_zone)`,
  uuid: (value) => sql`${value}`,
  integer: (value) => sql`CAST(${value} AS SIGNED)`,
  json: {
    text: (document, path) => whenType(SIMPLE, document, path, sql`json_unquote(${jsonAt(document, path)})`),
    number: (document, path) => whenType(NUMBERS, document, path, sql`CAST(${jsonAt(document, path)} AS DOUBLE)`),
    boolean: (document, path) =>
      whenType(['BOOLEAN'], document, path, sql`json_unquote(${jsonAt(document, path)}) = 'true'`),
    value: (document, path) =>
      sql`CASE WHEN json_type(${jsonAt(document, path)}) <> 'NULL' THEN ${jsonAt(document, path)} END`,
    // As in memory: a value that is no list is a list of one.
    elements: (document, path, alias) => {
      const value = jsonAt(document, path)
      const list = sql`if(json_type(${value}) = 'ARRAY', ${value}, json_array(${value}))`
      return sql`json_table(${list}, '$[*]' COLUMNS (element JSON PATH '$')) AS ${identifier(alias)}`
    },
    isElement: (alias) => sql`json_type(${identifier(alias)}.element) <> 'NULL'`,
    element: (alias) => sql`${identifier(alias)}.element`,
    simple: (alias) => sql`${identifier(alias)}.element`,
  },
}

/**
 * Characters that have no letter case, and letters of which all versions and collations make the small ones of Unicode:
 * Latin, Cyrillic, Greek but for sigma, which has two small forms.
 */
const FOLDED =
  /^[\P{Changes_When_Casemapped}\0-\x7f\xc0-\xde\xe0-\u0130\u0132-\u0148\u014a-\u017e\u0386-\u038f\u0391-\u03a1\u03a4-\u03af\u03b1-\u03c1\u03c4-\u03ce\u0400-\u045f]*$/u

const NUMBERS = ['INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL']
const SIMPLE = [...NUMBERS, 'STRING', 'BOOLEAN']

/** A text as its bytes: it has no collation, and has the same meaning in another character set. */
function exact(text: SqlFragment): SqlFragment {
  return sql`CAST(convert(${text} USING utf8mb4) AS BINARY)`
}

function bound(part: string, fold: Fold | undefined): SqlFragment {
  const value = sql`${part}`
  return exact(fold ? fold(value) : value)
}

/** Without backslashes, since their meaning depends on the server's settings. */
function literal(text: string): SqlFragment {
  return /^[^'\\]*$/.test(text)
    ? raw(`'${text}'`)
    : raw(`convert(X'${Buffer.from(text).toString('hex')}' USING utf8mb4)`)
}

function whenType(
  types: readonly string[],
  document: SqlFragment,
  path: readonly string[],
  value: SqlFragment,
): SqlFragment {
  const names = join(types.map(literal), ', ')
  return sql`CASE WHEN json_type(${jsonAt(document, path)}) IN (${names}) THEN ${value} END`
}

function jsonAt(document: SqlFragment, path: readonly string[]): SqlFragment {
  return path.length === 0
    ? document
    : sql`json_extract(${document}, ${literal(`$${path.map((name) => `."${name}"`).join('')}`)})`
}
