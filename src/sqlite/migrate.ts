import { migrateComponent } from '../database/migrate-component.js'
import type { SqlConnection, SqlDatabase } from '../database/sql-database.js'
import { MIGRATION_TABLE } from '../database/table-layout.js'
import { raw, sql } from '../sql/fragment.js'
import { documentOf } from '../tables/documents/document.js'
import { layoutOf, notDistinct } from '../tables/documents/layout.js'
import type { StoredType } from '../tables/documents/stored-type.js'
import { COMPONENT, MIGRATIONS } from './migrations.js'

/** The number of resources in one transaction. Other requests run in between. */
const BATCH = 200
/** The most duplicate values that an error names. */
const NAMED = 10

/**
 * Creates the tables of documents, or updates them to the version of the library and the declared lookups.
 *
 * @param all Whether to rebuild the lookup columns of all resources, even if the declaration seems unchanged, and to
 *   delete lookup columns that only other declarations use.
 */
export async function migrateDocuments(
  database: SqlDatabase,
  types: readonly StoredType[],
  all: boolean,
): Promise<void> {
  await migrateComponent(database, COMPONENT, MIGRATIONS)
  const migration = database.table(MIGRATION_TABLE)
  for (const type of types) {
    const layout = layoutOf(type)
    const isDone = sql`SELECT name FROM ${migration} WHERE component = ${COMPONENT} AND name = ${layout}`
    if ((await database.execute(isDone)).count > 0 && !all) continue
    await reindex(database, type, all)
    await database.transaction(async (connection) => {
      await connection.execute(
        sql`DELETE FROM ${migration} WHERE component = ${COMPONENT} AND name LIKE ${`layout ${type.name} %`}`,
      )
      await connection.execute(sql`INSERT INTO ${migration} (component, name) VALUES (${COMPONENT}, ${layout})`)
    })
  }
}

interface ResourceKey {
  readonly tenant: string
  readonly id: string
}

/**
 * Rebuilds the lookup columns of the resources of a type. Versions and times are unchanged, and so are the lookups of
 * other declarations.
 */
async function reindex(database: SqlDatabase, type: StoredType, all: boolean): Promise<void> {
  for (let last: ResourceKey | undefined = { tenant: '', id: '' }; last; ) {
    const after: ResourceKey = last
    last = await database.transaction((connection) => reindexBatch(database, connection, type, after, all))
  }
  const lookup = database.table('lookup')
  for (const { attribute } of type.lookups.filter((one) => one.attribute.uniqueness !== 'none')) {
    await database.transaction(async (connection) => {
      const own = sql`type = ${type.name} AND attribute = ${attribute.path}`
      const { rows } = await connection.execute(
        sql`SELECT tenant, group_concat(id, ', ') AS ids FROM (SELECT tenant, key, id FROM ${lookup} WHERE ${own} ORDER BY id)
  GROUP BY tenant, key HAVING count(*) > 1 ORDER BY tenant, ids LIMIT ${NAMED}`,
      )
      if (rows.length > 0) throw notDistinct(type, attribute.path, rows)
      await connection.execute(sql`UPDATE ${lookup} SET is_unique = 1 WHERE ${own} AND NOT is_unique`)
    })
  }
}

/** Works on the next resources. Returns the place of the last one; undefined if there are no more. */
async function reindexBatch(
  database: SqlDatabase,
  connection: SqlConnection,
  type: StoredType,
  { tenant, id }: ResourceKey,
  all: boolean,
): Promise<ResourceKey | undefined> {
  const { rows } = await connection.execute(
    sql`SELECT tenant, id, data, keys FROM ${database.table('resource')} WHERE type = ${type.name} AND (tenant, id) > (${tenant}, ${id})
  ORDER BY tenant, id LIMIT ${BATCH}`,
  )
  for (const row of rows) await reindexRow(database, connection, type, row, all)
  return rows.length < BATCH ? undefined : rows.at(-1)
}

async function reindexRow(
  database: SqlDatabase,
  connection: SqlConnection,
  type: StoredType,
  { tenant, id, data, keys: before }: ResourceKey & { readonly data: string; readonly keys: string },
  all: boolean,
): Promise<void> {
  const { columns, display, keys, lookups } = documentOf(type, JSON.parse(data))
  const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${id}`
  const merged = all ? keys : { ...JSON.parse(before), ...keys }
  await connection.execute(
    sql`UPDATE ${database.table('resource')} SET unique_key = ${columns.unique_key}, external_key = ${columns.external_key},
  name_key = ${columns.name_key}, display = ${display}, keys = ${JSON.stringify(merged)} WHERE ${own}`,
  )
  const lookup = database.table('lookup')
  const isOwn = sql`${raw('attribute')} IN (SELECT value FROM json_each(${JSON.stringify(type.lookups.map(({ attribute }) => attribute.path))}))`
  const wanted = JSON.stringify(
    lookups.flatMap(({ attribute, keys: found }) => [...found].map((key) => [attribute.path, key])),
  )
  const entries = sql`SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(${wanted})`
  await connection.execute(
    sql`DELETE FROM ${lookup} WHERE ${own} AND (attribute, key) NOT IN (${entries}) AND ${all ? raw('TRUE') : isOwn}`,
  )
  await connection.execute(
    sql`INSERT INTO ${lookup} (tenant, type, attribute, key, id, is_unique)
  SELECT ${tenant}, ${type.name}, json_extract(value, '$[0]'), json_extract(value, '$[1]'), ${id}, 0 FROM json_each(${wanted}) WHERE TRUE
ON CONFLICT DO NOTHING`,
  )
}
