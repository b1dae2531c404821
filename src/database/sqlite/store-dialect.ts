import { identifier, join, NOTHING, raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { sqlite } from '../../sql/sqlite.js'
import type { IdType, StoreDialect } from '../store-dialect.js'

/** SQLite 3.44 and later. Lists are bound as JSON, so that a statement has the same text for every number of values. */
export const sqliteStore: StoreDialect = {
  dialect: sqlite,
  among: (value, ids, type) => sql`${value} IN (SELECT value FROM json_each(${jsonOf(ids, type)}))`,
  ids: (ids, type, alias, column) =>
    sql`(SELECT value AS ${identifier(column)} FROM json_each(${jsonOf(ids, type)})) AS ${raw(alias)}`,
  rows: (rows, alias, columns) => {
    const selected = columns.map(
      (column, index) => sql`json_extract(value, ${raw(`'$[${index}]'`)}) AS ${identifier(column)}`,
    )
    return sql`(SELECT ${join(selected, ', ')} FROM json_each(${JSON.stringify(rows)})) AS ${raw(alias)}`
  },
  // BEGIN IMMEDIATE has the file.
  lock: () => NOTHING,
  returning: 'row',
  nests: true,
  limit: (count) => sql`${count}`,
  isInserted: undefined,
  remove: ({ table, alias, using, where, returning }) =>
    sql`DELETE FROM ${identifier(table)} AS ${raw(alias)} WHERE ${using ? sql`EXISTS (SELECT 1 FROM ${using} WHERE ${where})` : where}${
      returning === undefined ? NOTHING : sql` RETURNING CAST(${identifier(returning)} AS TEXT) AS id`
    }`,
  across: ({ outer, from, where }) => sql`${outer}, ${from} WHERE ${where}`,
  json: {
    bind: (text) => sql`${text}`,
    column: (text) => text,
    text: (document) => document,
    // SQLite knows that a text is JSON only where it has been made.
    part: (document) => sql`json(${document})`,
    array: (parts) => sql`json_array(${join(parts, ', ')})`,
    group: (part, orderBy) => sql`json_group_array(${part}${orderBy ? sql` ORDER BY ${orderBy}` : NOTHING})`,
    groupSorts: true,
    indexed: sqlite.json.text,
    preferred: ({ document, path, hasPrimary }, value) => {
      const place = pathOf(path)
      const first = hasPrimary ? raw(`json_extract(e.object, '$.primary') IS 1 DESC, `) : NOTHING
      const element = { document: raw('e.object'), simple: raw('e.atom') }
      return sql`(SELECT ${value(element)} FROM (SELECT key, atom, CASE type WHEN 'object' THEN value END AS object FROM json_each(${document}, ${place}) WHERE type <> 'null') AS e ORDER BY ${first}e.key LIMIT 1)`
    },
  },
  time: {
    select: (column) => column,
    read: (selected) => new Date(selected),
    later: (time, column) => sql`max(${time}, strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '+0.001 seconds'))`,
  },
  sort: {
    // CAST has 15 digits for a number, and a walk would stand still.
    select: (column, type) =>
      type === 'number'
        ? sql`CASE typeof(${column}) WHEN 'real' THEN printf('%!.17g', ${column}) ELSE CAST(${column} AS TEXT) END`
        : type === 'boolean'
          ? sql`CASE ${column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END`
          : column,
    bind: (key, type) => {
      if (type === 'boolean') return sql`${key === true ? 1 : 0}`
      if (type !== 'number') return sql`${String(key)}`
      return /^-?\d+$/.test(String(key)) ? sql`CAST(${String(key)} AS INTEGER)` : sql`${Number(key)}`
    },
    order: (column, isRising) => sql`${column} ${raw(isRising ? 'ASC NULLS LAST' : 'DESC NULLS FIRST')}`,
  },
  rowVersion: undefined,
}

/** Numbers may have more digits than JavaScript knows. */
function jsonOf(ids: readonly string[], type: IdType): string {
  return type === 'integer' ? `[${ids.join(',')}]` : JSON.stringify(ids)
}

function pathOf(path: readonly string[]): SqlFragment {
  return sqlite.literal(`$${path.map((name) => `."${name}"`).join('')}`)
}
