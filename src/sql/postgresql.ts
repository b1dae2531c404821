import type { Dialect } from './dialect.js'
import { identifier, join, raw, type SqlFragment, sql, textLiteral } from './fragment.js'

/** PostgreSQL 12 and later, and engines that speak its language. */
export const postgresql: Dialect = {
  parameter: (position) => `$${position}`,
  literal: textLiteral,
  byCodePoint: (text) => sql`${text} COLLATE "C"`,
  fold: (text) => sql`lower(${text})`,
  folds: () => true,
  contains: (text, part) => sql`${text} LIKE ${`%${escapeLike(part)}%`}`,
  startsWith: (text, part) => sql`${text} LIKE ${`${escapeLike(part)}%`}`,
  endsWith: (text, part) => sql`${text} LIKE ${`%${escapeLike(part)}`}`,
  text: (value) => sql`(${value})::text`,
  timestamp: (column) => column,
  string: (value) => sql`${value}`,
  number: (value) => sql`${String(value)}::numeric`,
  boolean: (value) => sql`${value}::boolean`,
  instant: (value) => sql`${value.toISOString()}::timestamptz`,
  uuid: (value) => sql`${value}::uuid`,
  integer: (value) => sql`${value}::bigint`,
  json: {
    text: (document, path) => sql`(${document} ${memberText(path)})`,
    number: (document, path) => sql`(${document} ${memberText(path)})::numeric`,
    boolean: (document, path) => sql`(${document} ${memberText(path)})::boolean`,
    value: (document, path) => sql`(${document} ${member(path)})`,
    // A column may be of type json as well.
    elements: (document, path, alias) =>
      sql`jsonb_array_elements((${document} ${member(path)})::jsonb) AS ${identifier(alias)}(element)`,
    element: (alias) => sql`${identifier(alias)}.element`,
    simple: (alias) => sql`${identifier(alias)}.element`,
  },
}

/** Without what LIKE reads as a pattern: RFC 7644 section 3.4.2.2 knows no wildcards. */
function escapeLike(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&')
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
