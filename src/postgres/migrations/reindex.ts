import type { Queryable } from '../../database/database.js'
import type { OpenDatabase } from '../../database/open.js'
import { withTransaction } from '../../database/transaction.js'
import type { Attribute } from '../../schema/attribute.js'
import { documentOf } from '../../tables/documents/document.js'
import { notDistinct } from '../../tables/documents/layout.js'
import type { StoredType } from '../../tables/documents/stored-type.js'

/** So many resources are locked at a time, in a transaction of their own: writers wait for no more than that. */
const BATCH = 500
/** So many values that several resources have are named. */
const NAMED = 10

/**
 * Works out what is looked up of each resource of a type. Versions and times stay, and what other declarations look up. New
 * values count as unique when it has turned out that no two resources have one: throws a {@link SetupError} that names those
 * that have.
 *
 * @param all Whether to take away what only other declarations look up.
 */
export async function reindex(database: OpenDatabase, schema: string, type: StoredType, all: boolean): Promise<void> {
  for (let last: RowKey | undefined = { tenant: '', id: '' }; last; ) {
    const after: RowKey = last
    last = await withTransaction(database, {}, (connection) => reindexBatch(connection, schema, type, after, all))
  }
  for (const { attribute } of type.lookups) {
    if (attribute.uniqueness === 'none') continue
    await requireDistinct(database, schema, type, attribute)
    while (await withTransaction(database, {}, (connection) => makeUnique(connection, schema, type, attribute))) {
      // Batch by batch.
    }
  }
}

/** Takes away what is looked up by no attribute of the declaration. */
export async function forgetOthers(database: OpenDatabase, schema: string, type: StoredType): Promise<void> {
  const own = type.lookups.map(({ attribute }) => attribute.path)
  for (let count = BATCH; count === BATCH; ) {
    count = await withTransaction(database, {}, async (connection) => {
      const { rows } = await connection.query(
        `DELETE FROM ${schema}.lookup WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${schema}.lookup WHERE type = $1 AND NOT attribute = ANY($2::text[]) LIMIT ${BATCH})) RETURNING id`,
        [type.name, own],
      )
      return rows.length
    })
  }
}

interface RowKey {
  readonly tenant: string
  readonly id: string
}

interface StoredRow extends RowKey {
  readonly data: string
}

/** Works on the next resources, and tells the last of them; undefined when there are no more. */
async function reindexBatch(
  connection: Queryable,
  schema: string,
  type: StoredType,
  { tenant, id }: RowKey,
  all: boolean,
): Promise<RowKey | undefined> {
  const { rows } = await connection.query(
    `SELECT tenant, id, data::text AS data FROM ${schema}.resource WHERE type = $1 AND (tenant, id) > ($2, $3)
  ORDER BY tenant, id LIMIT ${BATCH} FOR NO KEY UPDATE`,
    [type.name, tenant, id],
  )
  if (rows.length > 0) await writeBatch(connection, schema, type, rows, all)
  return rows.length < BATCH ? undefined : rows.at(-1)
}

async function writeBatch(
  connection: Queryable,
  schema: string,
  type: StoredType,
  rows: readonly StoredRow[],
  all: boolean,
): Promise<void> {
  const documents = rows.map(({ tenant, id, data }) => ({ tenant, id, ...documentOf(type, JSON.parse(data)) }))
  const changed = documents.map(({ tenant, id, columns, display, keys }) => ({ tenant, id, ...columns, display, keys }))
  await connection.query(
    `UPDATE ${schema}.resource AS r
  SET unique_key = d.unique_key, external_key = d.external_key, name_key = d.name_key, display = d.display, keys = ${all ? 'd.keys' : 'r.keys || d.keys'}
  FROM jsonb_to_recordset($1::text::jsonb)
    AS d(tenant text, id text, unique_key text, external_key text, name_key text, display text, keys jsonb)
  WHERE r.tenant = d.tenant AND r.type = $2 AND r.id = d.id`,
    [JSON.stringify(changed), type.name],
  )
  if (type.lookups.length === 0) return
  const lookups = documents.flatMap(({ tenant, id, lookups: found }) =>
    found.flatMap(({ attribute, keys }) => [...keys].map((key) => ({ tenant, attribute: attribute.path, key, id }))),
  )
  const values = [JSON.stringify(lookups), type.name]
  await connection.query(
    `DELETE FROM ${schema}.lookup AS l USING jsonb_to_recordset($3::text::jsonb) AS d(tenant text, id text)
  WHERE l.tenant = d.tenant AND l.type = $2 AND l.id = d.id AND l.attribute = ANY($4::text[]) AND NOT EXISTS
    (SELECT 1 FROM jsonb_to_recordset($1::text::jsonb) AS n(tenant text, attribute text, key text, id text)
      WHERE n.tenant = l.tenant AND n.attribute = l.attribute AND n.key = l.key AND n.id = l.id)`,
    [
      ...values,
      JSON.stringify(rows.map(({ tenant, id }) => ({ tenant, id }))),
      type.lookups.map(({ attribute }) => attribute.path),
    ],
  )
  await connection.query(
    `INSERT INTO ${schema}.lookup (tenant, type, attribute, key, id, is_unique)
  SELECT tenant, $2, attribute, key, id, FALSE
  FROM jsonb_to_recordset($1::text::jsonb) AS l(tenant text, attribute text, key text, id text)
ON CONFLICT DO NOTHING`,
    values,
  )
}

async function requireDistinct(
  { pool }: OpenDatabase,
  schema: string,
  type: StoredType,
  { path }: Attribute,
): Promise<void> {
  const { rows } = await pool.query(
    `SELECT tenant, string_agg(id, ', ' ORDER BY id) AS ids FROM ${schema}.lookup WHERE type = $1 AND attribute = $2
  GROUP BY tenant, key HAVING count(*) > 1 ORDER BY tenant, ids LIMIT ${NAMED}`,
    [type.name, path],
  )
  if (rows.length > 0) throw notDistinct(type, path, rows)
}

async function makeUnique(
  connection: Queryable,
  schema: string,
  type: StoredType,
  { path }: Attribute,
): Promise<boolean> {
  const { rows } = await connection.query(
    `UPDATE ${schema}.lookup SET is_unique = TRUE WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM ${schema}.lookup WHERE type = $1 AND attribute = $2 AND NOT is_unique LIMIT ${BATCH})) RETURNING id`,
    [type.name, path],
  )
  return rows.length === BATCH
}
