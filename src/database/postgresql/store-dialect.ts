import { identifier, join, raw, sql, textLiteral } from '../../sql/fragment.js'
import { postgresql } from '../../sql/postgresql.js'
import type { IdType, SortType, StoreDialect } from '../store-dialect.js'

/** PostgreSQL, and engines that speak its language. */
export const postgresqlStore: StoreDialect = {
  dialect: postgresql,
  among: (value, ids, type) => sql`${value} = ANY(${ids}::${raw(arrayOf(type))})`,
  // With IN the query is carried out for each row if statistics promise few rows, as they do for a tenant that is new.
  amongSelected: (value, query) => sql`${value} = ANY(ARRAY(${query}))`,
  ids: (ids, type, alias, column) => sql`unnest(${ids}::${raw(arrayOf(type))}) AS ${raw(alias)}(${raw(column)})`,
  rows: (rows, alias, columns) => {
    const arrays = columns.map((_column, index) => sql`${rows.map((row) => row[index] ?? null)}::text[]`)
    return sql`unnest(${join(arrays, ', ')}) AS ${raw(alias)}(${raw(columns.join(', '))})`
  },
  lock: (strength, of) => raw(` ${strength}${of === undefined ? '' : ` OF ${of}`}`),
  returning: 'anything',
  nests: true,
  limit: (count) => sql`${count}`,
  isInserted: raw('(xmax = 0)::text'),
  remove: ({ table, alias, using, where, returning }) =>
    sql`DELETE FROM ${identifier(table)} AS ${raw(alias)}${using ? sql` USING ${using}` : raw('')} WHERE ${where}${
      returning === undefined ? raw('') : sql` RETURNING ${raw(alias)}.${identifier(returning)}::text AS id`
    }`,
  across: ({ outer, columns, from, where, alias, tail }) =>
    sql`${outer}, LATERAL (SELECT ${columns} FROM ${from} WHERE ${where}${tail ? sql` ${tail}` : raw('')}) AS ${raw(alias)}`,
  json: {
    // Bound as text, because some drivers would encode it as JSON a second time. Columns of both JSON types accept it.
    bind: (text) => sql`${text}::text::json`,
    column: (text) => sql`(${text})::jsonb`,
    text: (document) => sql`(${document})::text`,
    part: (document) => document,
    array: (parts) => sql`jsonb_build_array(${join(parts, ', ')})`,
    group: (part, orderBy) =>
      sql`coalesce(jsonb_agg(${part}${orderBy ? sql` ORDER BY ${orderBy}` : raw('')}), '[]'::jsonb)`,
    groupSorts: true,
    // Written in full, so that the planner finds the index on the expression.
    indexed: (document, path) =>
      sql`${document} #>> ${textLiteral(`{${path.map((key) => JSON.stringify(key)).join(',')}}`)}::text[]`,
    preferred: ({ document, path, hasPrimary }, value) => {
      const element = raw('e.element')
      const first = hasPrimary ? raw(`(e.element -> 'primary') IS NOT DISTINCT FROM 'true'::jsonb DESC, `) : raw('')
      const array = (postgresql.keys ?? postgresql.json).value(document, path)
      return sql`(SELECT ${value({ document: element, simple: element })} FROM jsonb_array_elements(${array}) WITH ORDINALITY AS e(element, n) ORDER BY ${first}e.n LIMIT 1)`
    },
  },
  time: {
    // Read as text, because other code in the process may have changed the driver's parser for times.
    select: (column) => sql`(extract(epoch FROM ${column}) * 1000)::bigint::text`,
    read: (selected) => new Date(Number(selected)),
    later: (time, column) => sql`greatest(${time}::timestamptz, ${column} + interval '1 millisecond')`,
  },
  sort: {
    // A timestamp is finer than the Date object that a driver makes of it, and so may be a number: a walk would stand
    // still at such a position. The host decides how a driver returns booleans.
    select: (column, type) => (type === 'text' ? column : postgresql.text(column)),
    // A number is read as the column has it, of which there are several kinds: 0.1 is another number as real than as
    // numeric.
    bind: (key, type) => (type === 'number' ? sql`${String(key)}` : sql`${String(key)}::${raw(CASTS[type])}`),
    order: (column, isRising) => sql`${column} ${raw(isRising ? 'ASC NULLS LAST' : 'DESC NULLS FIRST')}`,
  },
  rowVersion: (parts) => {
    const digests = parts.map(
      ({ row, from }) =>
        sql` || coalesce((SELECT '.' || left(md5(string_agg(${row}::text, ',' ORDER BY ${row}::text COLLATE "C")), 16) FROM ${from}), '')`,
    )
    return sql`(r.xmin::text${join(digests, '')})`
  },
}

const CASTS: Readonly<Record<Exclude<SortType, 'number'>, string>> = {
  text: 'text',
  boolean: 'boolean',
  instant: 'timestamptz',
}

function arrayOf(type: IdType): string {
  if (type === undefined) return 'text[]'
  return type === 'uuid' ? 'uuid[]' : 'bigint[]'
}
