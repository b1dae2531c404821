import { createHash } from 'node:crypto'
import type { Attribute } from '../../schema/attribute.js'
import type { Queryable } from '../database/database.js'
import { documentOf } from '../documents/document.js'
import type { StoredType } from '../documents/stored-type.js'

/** So many resources are worked on at a time. */
const BATCH = 1_000

/**
 * What the columns and keys of a type depend on, as a text: unique attributes, lookups, the attributes and how they
 * compare. When it is another one, what is stored has to be worked out anew, or filters would not find it.
 */
export function layoutOf({ name, columns, lookups, display, schema }: StoredType): string {
  const describe = ({ path, type, caseExact, multiValued, uniqueness, precis }: Attribute) =>
    [path, type, caseExact, multiValued, uniqueness, precis ?? null] as const
  const walk = (attribute: Attribute): readonly unknown[] =>
    attribute.subAttributes.flatMap((sub) => [describe(sub), ...walk(sub)])
  const layout = [
    Object.values(columns).map((column) => column?.attribute.path ?? null),
    lookups.map(({ attribute }) => attribute.path),
    display.map(({ path }) => path),
    walk(schema.root),
  ]
  return `layout ${name} ${createHash('sha256').update(JSON.stringify(layout)).digest('hex').slice(0, 32)}`
}

/** Works out anew what is looked up of each resource of a type. Versions and times stay. */
export async function reindex(connection: Queryable, schema: string, type: StoredType): Promise<void> {
  await connection.query(`DELETE FROM ${schema}.lookup WHERE type = $1`, [type.name])
  for (let last = ['', '']; ; ) {
    const { rows } = await connection.query(
      `SELECT tenant, id, data::text AS data FROM ${schema}.resource WHERE type = $1 AND (tenant, id) > ($2, $3) ORDER BY tenant, id LIMIT ${BATCH}`,
      [type.name, ...last],
    )
    if (rows.length > 0) await writeBatch(connection, schema, type, rows)
    if (rows.length < BATCH) return
    const { tenant, id } = rows.at(-1)
    last = [tenant, id]
  }
}

interface StoredRow {
  readonly tenant: string
  readonly id: string
  readonly data: string
}

async function writeBatch(
  connection: Queryable,
  schema: string,
  type: StoredType,
  rows: readonly StoredRow[],
): Promise<void> {
  const documents = rows.map(({ tenant, id, data }) => ({ tenant, id, ...documentOf(type, JSON.parse(data)) }))
  const changed = documents.map(({ tenant, id, columns, display, keys }) => ({ tenant, id, ...columns, display, keys }))
  await connection.query(
    `UPDATE ${schema}.resource AS r
  SET unique_key = d.unique_key, external_key = d.external_key, name_key = d.name_key, display = d.display, keys = d.keys
  FROM jsonb_to_recordset($1::text::jsonb)
    AS d(tenant text, id text, unique_key text, external_key text, name_key text, display text, keys jsonb)
  WHERE r.tenant = d.tenant AND r.type = $2 AND r.id = d.id`,
    [JSON.stringify(changed), type.name],
  )
  const lookups = documents.flatMap(({ tenant, id, lookups: found }) =>
    found.flatMap(({ attribute, keys }) =>
      [...keys].map((key) => ({
        tenant,
        attribute: attribute.path,
        key,
        id,
        is_unique: attribute.uniqueness !== 'none',
      })),
    ),
  )
  if (lookups.length === 0) return
  await connection.query(
    `INSERT INTO ${schema}.lookup (tenant, type, attribute, key, id, is_unique)
  SELECT tenant, $2, attribute, key, id, is_unique
  FROM jsonb_to_recordset($1::text::jsonb) AS l(tenant text, attribute text, key text, id text, is_unique boolean)`,
    [JSON.stringify(lookups), type.name],
  )
}
