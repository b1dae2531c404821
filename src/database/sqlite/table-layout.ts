import { identifier, join, raw, sql, textLiteral } from '../../sql/fragment.js'
import { MIGRATION_TABLE, type TableLayout } from '../table-layout.js'

/** Tables of the library in SQLite, which has no schemas: their names begin with `scim_`. */
export function sqliteLayout(prefix: string): TableLayout {
  const nameOf = (table: string): string => `${prefix}${table}`
  return {
    nameOf,
    indexOf: (table, word) => `${prefix}${table}_${word}`,
    // BINARY, the default, orders by code point.
    text: raw('TEXT'),
    integer: raw('INTEGER'),
    records: (json, columns, alias) => {
      const members = columns.map(
        ({ name }) => sql`json_extract(value, ${textLiteral(`$.${name}`)}) AS ${identifier(name)}`,
      )
      return sql`(SELECT value AS record, ${join(members, ', ')} FROM json_each(${json})) AS ${raw(alias)}`
    },
    textsIn: (list, alias) => sql`json_each(${list}) AS ${raw(alias)}`,
    writesInWith: false,
    hasTable: async (connection, table) => {
      const { count } = await connection.execute(
        sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${nameOf(table)}`,
      )
      return count > 0
    },
    // A transaction has the whole file.
    lock: async () => true,
    makeMigrationTable: async (connection) => {
      await connection.execute(sql`CREATE TABLE ${identifier(nameOf(MIGRATION_TABLE))} (
  -- What has been done for which part of the library.
  component TEXT NOT NULL,
  name TEXT NOT NULL,
  applied TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (component, name)
)`)
    },
  }
}
