import { COPIED } from '../../src/postgres/migrations/migrations.js'
import { isMembership } from '../../src/schema/model/attribute.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { identifier, join, sql } from '../../src/sql/index.js'
import type { SqlDatabase } from '../../src/sqlite/index.js'
import { copiedKeys, documentAttributes, documentOf } from '../../src/tables/documents/document.js'
import { listDelta } from '../../src/tables/documents/references.js'
import type { StoredType } from '../../src/tables/documents/stored-type.js'
import type { FixtureResource } from './fixture-adapter.js'
import type { TestDatabase } from './postgres.js'

/** Replaces the rows of the tables by resources of a data file as they are, ids, times and versions included. */
export async function loadResources(
  { pool, schema }: TestDatabase,
  types: readonly StoredType[],
  resources: readonly FixtureResource[],
): Promise<void> {
  const { rows, references } = storedRows(types, resources)
  await pool.query(
    `DELETE FROM "${schema}".resource; DELETE FROM "${schema}".reference; DELETE FROM "${schema}".lookup`,
  )
  await pool.query(
    `INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, unique_key, external_key, name_key, manager_key, display, data, keys)
     SELECT '', type, id, version, created, last_modified, unique_key, external_key, name_key, manager_key, display, data, keys
     FROM jsonb_populate_recordset(NULL::"${schema}".resource, $1::jsonb)`,
    [JSON.stringify(rows.map((row) => ({ ...row, ...copiedKeys(COPIED, row.keys) })))],
  )
  await pool.query(
    `INSERT INTO "${schema}".reference (tenant, type, id, attribute, value, value_key, target, data)
     SELECT '', type, id, attribute, value, value_key, target, data
     FROM jsonb_populate_recordset(NULL::"${schema}".reference, $1::jsonb)`,
    [JSON.stringify(references)],
  )
}

/** The same for SQLite. */
export async function loadIntoSqlite(
  database: SqlDatabase,
  types: readonly StoredType[],
  resources: readonly FixtureResource[],
): Promise<void> {
  const { rows, references } = storedRows(types, resources)
  await database.transaction(async (connection) => {
    for (const name of ['resource', 'reference', 'lookup'])
      await connection.execute(sql`DELETE FROM ${database.table(name)}`)
    const insert = (name: string, row: object) => {
      const values = Object.values({ tenant: '', ...row }).map((value) =>
        typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
      )
      const columns = ['tenant', ...Object.keys(row)].map(identifier)
      return connection.execute(
        sql`INSERT INTO ${database.table(name)} (${join(columns, ', ')}) VALUES (${join(
          values.map((value) => sql`${value}`),
          ', ',
        )})`,
      )
    }
    for (const row of rows) await insert('resource', row)
    for (const row of references) await insert('reference', row)
  })
}

function storedRows(types: readonly StoredType[], resources: readonly FixtureResource[]) {
  const typeOf = ({ schemas }: FixtureResource): StoredType =>
    types.find((type) => (schemas as readonly string[]).includes(type.schema.base.id)) as StoredType
  const rows = resources.map((resource) => {
    const type = typeOf(resource)
    const { created, lastModified, version } = resource['meta'] as Record<
      'created' | 'lastModified' | 'version',
      string
    >
    const { data, keys, columns, display } = documentOf(type, documentAttributes(type, resource as JsonObject))
    const { id } = resource
    const bare = version.replace(/^W\/"|"$/g, '')
    return { type: type.name, id, version: bare, created, last_modified: lastModified, ...columns, display, data, keys }
  })
  const references = resources.flatMap((resource) => {
    const type = typeOf(resource)
    return type.references.flatMap((attribute) =>
      listDelta(attribute, resource[attribute.name]).add.map(({ value, $ref: _, display, type: told, ...rest }) => {
        const target = isMembership(attribute) && resources.find(({ id }) => id === value)
        const kept = target
          ? rest
          : { ...rest, ...(display !== undefined && { display }), ...(told !== undefined && { type: told }) }
        return {
          type: type.name,
          id: resource.id,
          attribute: attribute.name,
          value,
          value_key: value.toLowerCase(),
          target: target ? typeOf(target).name : null,
          data: Object.keys(kept).length > 0 ? kept : null,
        }
      }),
    )
  })
  return { rows, references }
}
