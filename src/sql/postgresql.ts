import type { Dialect, Fold, JsonDialect } from './dialect.js'
import { identifier, join, raw, type SqlFragment, sql, textLiteral } from './fragment.js'

/** Documents whose content the library has written. */
const sound: JsonDialect = {
  text: (document, path) => sql`(${document} ${memberText(path)})`,
  number: (document, path) => sql`(${document} ${memberText(path)})::numeric`,
  boolean: (document, path) => sql`(${document} ${memberText(path)})::boolean`,
  value: (document, path) => sql`(${document} ${member(path)})`,
  elements: (document, path, alias) =>
    sql`jsonb_array_elements(${jsonAt(document, path)}) AS ${identifier(alias)}(element)`,
  element: (alias) => sql`${identifier(alias)}.element`,
  simple: (alias) => sql`${identifier(alias)}.element`,
}

/** PostgreSQL 12 and later, and engines that speak its language. */
export const postgresql: Dialect = {
  parameter: (position) => `$${position}`,
  literal: textLiteral,
  byCodePoint: (text) => sql`${text} COLLATE "C"`,
  fold: (text) => sql`lower(${text})`,
  folds: () => true,
  // The text takes no part in it but for its collation, by which `lower` goes.
  foldAs: (value, text) => sql`lower(CASE WHEN TRUE THEN ${value} ELSE ${text} END)`,
  contains: (text, part, fold) => like(text, `%${escapeLike(part)}%`, fold),
  startsWith: (text, part, fold) => like(text, `${escapeLike(part)}%`, fold),
  endsWith: (text, part, fold) => like(text, `%${escapeLike(part)}`, fold),
  text: (value) => sql`(${value})::text`,
  timestamp: (column) => column,
  string: (value) => sql`${value}`,
  number: (value) => sql`${String(value)}::numeric`,
  boolean: (value) => sql`${value}::boolean`,
  instant: (value) => sql`${value.toISOString()}::timestamptz`,
  uuid: (value) => sql`${value}::uuid`,
  integer: (value) => sql`${value}::bigint`,
  json: {
    ...sound,
    // A cast of anything else would be an error.
    number: (document, path) => sql`(${whenType('number', document, path)} THEN ${sound.number(document, path)} END)`,
    boolean: (document, path) =>
      sql`(${whenType('boolean', document, path)} THEN ${sound.boolean(document, path)} END)`,
    value: (document, path) => sql`nullif(${jsonAt(document, path)}, 'null'::jsonb)`,
    // As in memory: a value that is no list is a list of one, and a null is no value.
    elements: (document, path, alias) => {
      const list = sql`${whenType('array', document, path)} THEN ${jsonAt(document, path)} ELSE jsonb_build_array(${jsonAt(document, path)}) END`
      const name = identifier(alias)
      return sql`(SELECT element FROM jsonb_array_elements(${list}) AS ${name}(element) WHERE element <> 'null'::jsonb) AS ${name}`
    },
  },
  keys: sound,
}

function like(text: SqlFragment, pattern: string, fold: Fold | undefined): SqlFragment {
  const value = sql`${pattern}`
  return sql`${text} LIKE ${fold ? fold(value) : value}`
}

/** Escapes the characters that LIKE reads as a pattern: RFC 7644 section 3.4.2.2 knows no wildcards. */
function escapeLike(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&')
}

function whenType(type: string, document: SqlFragment, path: readonly string[]): SqlFragment {
  return sql`CASE WHEN jsonb_typeof(${jsonAt(document, path)}) = ${textLiteral(type)}`
}

/** A column may be of type json as well. */
function jsonAt(document: SqlFragment, path: readonly string[]): SqlFragment {
  return path.length === 0 ? sql`(${document})::jsonb` : sql`(${document} ${member(path)})::jsonb`
}

function member(path: readonly string[]): SqlFragment {
  const [name] = path
  return name !== undefined && path.length === 1 ? sql`-> ${textLiteral(name)}` : sql`#> ${steps(path)}`
}

function memberText(path: readonly string[]): SqlFragment {
  const [name] = path
  return name !== undefined && path.length === 1 ? sql`->> ${textLiteral(name)}` : sql`#>> ${steps(path)}`
}

function steps(path: readonly string[]): SqlFragment {
  return path.length === 0 ? raw("'{}'") : sql`ARRAY[${join(path.map(textLiteral), ', ')}]`
}
