import { isAscii } from '../schema/values/compare.js'
import type { Dialect, Fold } from './dialect.js'
import { identifier, raw, type SqlFragment, sql } from './fragment.js'

/**
 * SQLite 3.38 and later, with any driver: node:sqlite, better-sqlite3, libSQL, sql.js. The database is in UTF-8, which
 * is the default.
 *
 * Booleans are 0 and 1. An instant is a text that the date functions of SQLite read, such as ISO 8601 or
 * CURRENT_TIMESTAMP. `lower` knows ASCII alone: other letters are left to the router, unless there is a folded column.
 *
 * @example
 * ```ts
 * import type { Filter } from 'express-scim'
 * import { compileFilter, sqlite } from 'express-scim/sql'
 *
 * const accounts = { table: 'accounts', attributes: { userName: 'email', active: 'active' } }
 * export const where = (filter: Filter) => compileFilter(filter, accounts, sqlite)
 * // userName sw "BJ": text is instr(lower("accounts"."email"), ?) = 1, values are ['bj'], rest is undefined
 * ```
 */
export const sqlite: Dialect = {
  parameter: () => '?',
  literal,
  byCodePoint: (text) => sql`${text} COLLATE BINARY`,
  fold: (text) => sql`lower(${text})`,
  folds: isAscii,
  // LIKE is blind to the case of ASCII letters, GLOB has wildcards, and both refuse long patterns.
  contains: (text, part, fold) => sql`instr(${text}, ${bound(part, fold)}) > 0`,
  startsWith: (text, part, fold) => sql`instr(${text}, ${bound(part, fold)}) = 1`,
  // The last 0 characters would be all of them.
  endsWith: (text, part, fold) =>
    part === '' ? sql`${text} IS NOT NULL` : sql`substr(${text}, -length(${bound(part, fold)})) = ${bound(part, fold)}`,
  text: (value) => sql`CAST(${value} AS TEXT)`,
  timestamp: (column) => sql`strftime('%Y-%m-%dT%H:%M:%fZ', ${column})`,
  // A column may be declared with a collation that takes different texts for the same, such as NOCASE.
  string: (value) => sql`${value} COLLATE BINARY`,
  number: (value) => sql`${value}`,
  // Most drivers bind no booleans.
  boolean: (value) => sql`${value ? 1 : 0}`,
  instant: (value) => sql`${value.toISOString()}`,
  uuid: (value) => sql`${value} COLLATE BINARY`,
  integer: (value) => sql`CAST(${value} AS INTEGER)`,
  json: {
    text: (document, path) => sql`CAST(${jsonAt(document, path)} AS TEXT)`,
    // An integer of JSON may have more digits than a number has.
    number: (document, path) => sql`CAST(${jsonAt(document, path)} AS REAL)`,
    boolean: jsonAt,
    // Of a document whose whole is null it makes NULL, too.
    value: (document, path) => sql`json_extract(${document}, ${pathLiteral(path)})`,
    // A null in a list is no value. A value that is no object has no members, and asking a text for members would be an
    // error.
    elements: (document, path, alias) =>
      sql`(SELECT atom, CASE type WHEN 'object' THEN value END AS object FROM json_each(${document}, ${pathLiteral(path)}) WHERE type <> 'null') AS ${identifier(alias)}`,
    element: (alias) => sql`${identifier(alias)}.object`,
    simple: (alias) => sql`${identifier(alias)}.atom`,
  },
}

function bound(part: string, fold: Fold | undefined): SqlFragment {
  const value = sql`${part}`
  return fold ? fold(value) : value
}

function literal(text: string): SqlFragment {
  return raw(`'${text.replaceAll("'", "''")}'`)
}

function jsonAt(document: SqlFragment, path: readonly string[]): SqlFragment {
  return path.length === 0 ? document : sql`json_extract(${document}, ${pathLiteral(path)})`
}

function pathLiteral(path: readonly string[]): SqlFragment {
  return literal(`$${path.map((name) => `."${name}"`).join('')}`)
}
