import type { Queryable } from '../../database/database.js'
import type { OpenDatabase } from '../../database/open-database.js'
import { withTransaction } from '../../database/transaction.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { copiedKeys, documentOf } from '../../tables/documents/document.js'
import { notDistinct } from '../../tables/documents/layout.js'
import type { StoredType } from '../../tables/documents/stored-type.js'
import { BatchSize } from './batch-size.js'
import { COPIED } from './migrations.js'

/** The number of resources before the first ANALYZE, then four times as many before the next. */
const FIRST_ANALYZE = 50
/** So many values that several resources have are named. */
const NAMED = 10

/**
 * Computes the lookups of each resource of a type. Versions and times stay, and lookups of other declarations. New
 * values count as unique once no two resources share one. Throws a {@link SetupError} that names the resources which
 * do.
 *
 * @param all Whether to remove lookups that only other declarations have.
 */
export async function reindex(database: OpenDatabase, schema: string, type: StoredType, all: boolean): Promise<void> {
  const batch = new BatchSize()
  let done = 0
  let analyzeAt = FIRST_ANALYZE
  for (let last: RowKey | undefined = START; last; ) {
    const after: RowKey = last
    last = await batch.measure(() =>
      inBatch(database, async (connection) => {
        const keys = await nextKeys(connection, schema, type, after, batch.rows)
        if (keys.length > 0) await reindexBatch(connection, schema, type, keys, all)
        done += keys.length
        return keys.at(-1)
      }),
    )
    // A table that fills is not known to the planner, which then takes an index that leads to all rows of the tenant. A
    // role that may not do this gets a warning, and no other session waits for it.
    if (done < analyzeAt) continue
    analyzeAt *= 4
    await database.pool.query(`ANALYZE ${schema}.resource, ${schema}.lookup`)
  }
  for (const { attribute } of type.lookups) {
    if (attribute.uniqueness === 'none') continue
    await requireDistinct(database, schema, type, attribute)
    await changeLookups(database, schema, type, makesUnique(schema, attribute))
  }
}

/** Removes lookups of attributes that the declaration does not have. */
export async function forgetOthers(database: OpenDatabase, schema: string, type: StoredType): Promise<void> {
  const own = type.lookups.map(({ attribute }) => attribute.path)
  await changeLookups(database, schema, type, {
    chosen: 'NOT attribute = ANY($7::text[])',
    value: own,
    statement: `DELETE FROM ${schema}.lookup AS l USING ${byLookupKey(schema)} WHERE l.ctid = c.ctid`,
  })
}

// A batch is few rows by their keys, which the planner cannot know: it would read a whole table for each batch, with
// the rows of the batch locked.
const BY_KEY = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map(
  (name) => `set_config('enable_${name}', 'off', TRUE)`,
)

/** Runs one batch in a transaction of its own, in which rows are found by index alone. */
function inBatch<T>(database: OpenDatabase, work: (connection: Queryable) => Promise<T>): Promise<T> {
  return withTransaction(database, {}, async (connection) => {
    await connection.query(`SELECT ${BY_KEY.join(', ')}`)
    return work(connection)
  })
}

/** The changes of the table of lookups. */
interface LookupChange {
  /** Which rows are meant; `$7` is the value. */
  readonly chosen: string
  readonly value: unknown
  /** Changes rows that it is given by {@link byLookupKey}. */
  readonly statement: string
}

function makesUnique(schema: string, { path }: Attribute): LookupChange {
  return {
    chosen: 'attribute = $7 AND NOT is_unique',
    value: path,
    statement: `UPDATE ${schema}.lookup AS l SET is_unique = TRUE FROM ${byLookupKey(schema)} WHERE l.ctid = c.ctid`,
  }
}

interface RowKey {
  readonly tenant: string
  readonly id: string
}

interface StoredRow extends RowKey {
  readonly data: string
}

const START: RowKey = { tenant: '', id: '' }

/** The next resources in the order of the primary key. No lock is held while they are looked for. */
async function nextKeys(
  connection: Queryable,
  schema: string,
  type: StoredType,
  { tenant, id }: RowKey,
  count: number,
): Promise<readonly RowKey[]> {
  // The comparison has all columns of the key, so that each batch begins where the last one has ended.
  const { rows } = await connection.query(
    `SELECT tenant, id FROM ${schema}.resource WHERE type = $1 AND (tenant, type, id) > ($2, $1, $3)
  ORDER BY tenant, type, id LIMIT ${count}`,
    [type.name, tenant, id],
  )
  return rows
}

/** Works on resources that it locks. Resources that were deleted meanwhile are left out. */
async function reindexBatch(
  connection: Queryable,
  schema: string,
  type: StoredType,
  keys: readonly RowKey[],
  all: boolean,
): Promise<void> {
  const { rows } = await connection.query(
    `SELECT r.tenant, r.id, r.data::text AS data
  FROM unnest($2::text[], $3::text[]) AS k(tenant, id) JOIN ${schema}.resource AS r ON r.tenant = k.tenant AND r.type = $1 AND r.id = k.id
  ORDER BY r.tenant, r.id FOR NO KEY UPDATE OF r`,
    [type.name, keys.map(({ tenant }) => tenant), keys.map(({ id }) => id)],
  )
  if (rows.length > 0) await writeBatch(connection, schema, type, rows, all)
}

async function writeBatch(
  connection: Queryable,
  schema: string,
  type: StoredType,
  rows: readonly StoredRow[],
  all: boolean,
): Promise<void> {
  const documents = rows.map(({ tenant, id, data }) => ({ tenant, id, ...documentOf(type, JSON.parse(data)) }))
  const changed = documents.map(({ tenant, id, columns, display, keys }) => ({
    tenant,
    id,
    ...columns,
    display,
    keys,
    ...copiedKeys(COPIED, keys),
  }))
  // As in the keys, what another declaration has written stays.
  const copied = COPIED.map(
    ({ column }) => `, ${column} = ${all ? `d.${column}` : `coalesce(d.${column}, r.${column})`}`,
  )
  await connection.query(
    `UPDATE ${schema}.resource AS r
  SET unique_key = d.unique_key, external_key = d.external_key, name_key = d.name_key, display = d.display, keys = ${all ? 'd.keys' : 'r.keys || d.keys'}${copied.join('')}
  FROM jsonb_to_recordset($1::text::jsonb)
    AS d(tenant text, id text, unique_key text, external_key text, name_key text, display text, keys jsonb${COPIED.map(({ column }) => `, ${column} text`).join('')})
  WHERE r.tenant = d.tenant AND r.type = $2 AND r.id = d.id`,
    [JSON.stringify(changed), type.name],
  )
  if (type.lookups.length === 0) return
  const lookups = documents.flatMap(({ tenant, id, lookups: found }) =>
    found.flatMap(({ attribute, keys }) => [...keys].map((key) => ({ tenant, attribute: attribute.path, key, id }))),
  )
  const values = [JSON.stringify(lookups), type.name]
  // OFFSET keeps the look-ups of one resource a question of its own, answered by the index of ids. Joined, they would
  // be read as a whole for each batch as long as the planner takes the table for small.
  await connection.query(
    `DELETE FROM ${schema}.lookup AS l USING unnest($3::text[], $4::text[]) AS d(tenant, id)
  CROSS JOIN LATERAL (SELECT o.ctid FROM ${schema}.lookup AS o
    WHERE o.tenant = d.tenant AND o.type = $2 AND o.id = d.id AND o.attribute || '' = ANY($5::text[])
      AND (o.tenant, o.attribute, o.key, o.id) NOT IN
      (SELECT n.tenant, n.attribute, n.key, n.id FROM jsonb_to_recordset($1::text::jsonb) AS n(tenant text, attribute text, key text, id text))
    OFFSET 0) AS o
  WHERE l.ctid = o.ctid`,
    [
      ...values,
      rows.map(({ tenant }) => tenant),
      rows.map(({ id }) => id),
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

/**
 * Changes rows of the table of look-ups batch by batch, in the order of the primary key. Which rows are meant is found
 * out before any is locked: others do not wait while it passes over other rows.
 */
async function changeLookups(
  database: OpenDatabase,
  schema: string,
  type: StoredType,
  { chosen, value, statement }: LookupChange,
): Promise<void> {
  const batch = new BatchSize()
  for (let last: readonly string[] | undefined = ['', '', '', '']; last; ) {
    const after: readonly string[] = last
    const { rows } = await inBatch(database, (connection) =>
      connection.query(
        `SELECT tenant, attribute, key, id FROM ${schema}.lookup
  WHERE type = $1 AND (tenant, type, attribute, key, id) > ($2, $1, $3, $4, $5) AND ${chosen}
  ORDER BY tenant, type, attribute, key, id LIMIT $6::int`,
        [type.name, ...after, batch.rows, value],
      ),
    )
    if (rows.length > 0) {
      const keys = ['tenant', 'attribute', 'key', 'id'].map((column) => rows.map((row) => row[column]))
      await batch.measure(() => inBatch(database, (connection) => connection.query(statement, [type.name, ...keys])))
    }
    const end = rows.at(-1)
    last = end && [end.tenant, end.attribute, end.key, end.id]
  }
}

/** Rows of the table of look-ups by their primary keys, as parameters behind the type. */
function byLookupKey(schema: string): string {
  return `unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS k(tenant, attribute, key, id)
  CROSS JOIN LATERAL (SELECT o.ctid FROM ${schema}.lookup AS o
    WHERE o.tenant = k.tenant AND o.type = $1 AND o.attribute = k.attribute AND o.key = k.key AND o.id = k.id OFFSET 0) AS c`
}
