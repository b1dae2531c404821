import { identifier, join, raw, render, sql } from '../../sql/fragment.js'
import { MIGRATION_TABLE, type TableLayout } from '../table-layout.js'

/** Tables of the library in a database schema of PostgreSQL. */
export function postgresLayout(schema: string): TableLayout {
  const nameOf = (table: string): string => `${schema}.${table}`
  const quoted = identifier(schema)
  const namespace = render(quoted).text
  return {
    nameOf,
    // An index is in the schema of its table.
    indexOf: (table, word) => `${table}_${word}`,
    text: raw('text COLLATE "C"'),
    integer: raw('bigint'),
    // Bound as text, because some drivers would encode it as JSON a second time.
    records: (json, columns, alias) => {
      const members = columns.map(({ name, type }) => sql`${identifier(name)} ${raw(TYPES[type])}`)
      return sql`(SELECT e.value::text AS record, r.* FROM json_array_elements(${json}::text::json) AS e(value),
        json_to_record(e.value) AS r(${join(members, ', ')})) AS ${raw(alias)}`
    },
    textsIn: (list, alias) => sql`json_array_elements_text(${list}) AS ${raw(alias)}(value)`,
    writesInWith: true,
    hasTable: async (connection, table) => {
      const name = render(identifier(nameOf(table))).text
      const { rows } = await connection.execute(sql`SELECT to_regclass(${name})::text AS name`)
      return rows[0].name !== null
    },
    lock: async (connection) => {
      const { rows } = await connection.execute(
        sql`SELECT pg_try_advisory_xact_lock(hashtext(${lockName(namespace)}))::text AS locked`,
      )
      return rows[0].locked === 'true'
    },
    makeMigrationTable: async (connection) => {
      const { rows } = await connection.execute(sql`SELECT to_regnamespace(${namespace})::text AS name`)
      // CREATE SCHEMA needs a right that a role for tables alone lacks, even if the schema exists.
      if (rows[0].name === null) await connection.execute(sql`CREATE SCHEMA ${quoted}`)
      await connection.execute(sql`CREATE TABLE ${identifier(nameOf(MIGRATION_TABLE))} (
  -- What has been done for which part of the library. A process that knows no components writes of this one.
  component text NOT NULL DEFAULT 'resources',
  name text NOT NULL,
  applied timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT migration_pkey PRIMARY KEY (component, name)
)`)
    },
  }
}

const TYPES = { text: 'text', integer: 'bigint', json: 'json' } as const

/** The name of the lock under which tables are made in a schema. */
export function lockName(quotedSchema: string): string {
  return `express-scim ${quotedSchema}`
}
