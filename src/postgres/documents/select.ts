import type { Stored } from '../../adapter/contract.js'
import type { Attribute } from '../../schema/attribute.js'
import type { JsonObject } from '../../schema/resource.js'
import { join, raw, render, type SqlFragment, sql } from '../../sql/fragment.js'
import type { Queryable } from '../database/database.js'
import { run } from '../database/transaction.js'
import { withoutUnreadable } from '../shared/unreadable.js'
import { holdersOf, isHolding } from './holders.js'
import { describeReference, displayOf, selectReferences } from './reference-rows.js'
import { type ReferenceRow, type Row, storedOf } from './row.js'
import type { StoredType } from './stored-type.js'

/** Longer lists are handed out as an AsyncIterable, which reads on as it is read. */
const BATCH = 1_000

/** The limit of lists that are needed whole: to apply a patch to, or because a transaction ends before they are written. */
export const ALL = Number.POSITIVE_INFINITY

/** The lists of a resource that are read besides its document. */
export interface Lists {
  readonly attributes: readonly Attribute[]
  /** So many values of a reference attribute at most; what is beyond is read when it is handed out. */
  readonly limit: number
}

/** No lists at all. */
export const NO_LISTS: Lists = Object.freeze({ attributes: Object.freeze([]), limit: 0 })

/** The lists whose names are asked for; those that are long are cut behind the first batch. */
export function listsOf(type: StoredType, isNeeded: (name: string) => boolean, limit: number = BATCH): Lists {
  const attributes = [...type.references, ...(type.memberOf ? [type.memberOf] : [])]
  return { attributes: attributes.filter(({ name }) => isNeeded(name)), limit }
}

/** What is selected of the table of resources `r` to make a resource of it. */
export function rowColumns(type: StoredType, types: readonly StoredType[], schema: string, lists: Lists): SqlFragment {
  const selected = lists.attributes.map((attribute, index) => {
    const select =
      attribute === type.memberOf
        ? selectMemberOf(schema, types, attribute)
        : // One more than is wanted tells whether there are more.
          sql`(SELECT jsonb_agg(l.reference ORDER BY l.value) FROM (${selectReferences(schema, attribute, lists.limit + 1)}) AS l)`
    return sql`, ${select} AS ${raw(`list_${index}`)}`
  })
  return sql`r.id, r.version, r.created, r.last_modified, r.data${join(selected, '')}`
}

/**
 * RFC 7643 section 4.1.2, groups: "A list of groups to which the user belongs, either through direct membership, through
 * nested groups, or dynamically calculated." Groups may hold each other in a circle: UNION meets each once.
 */
function selectMemberOf(schema: string, types: readonly StoredType[], memberOf: Attribute): SqlFragment {
  const isHolder = isHolding(holdersOf(types, memberOf))
  const reference = raw(`${schema}.reference AS f`)
  return sql`(WITH RECURSIVE up(type, id, direct) AS (
    SELECT f.type, f.id, TRUE FROM ${reference}
      WHERE f.tenant = r.tenant AND f.value_key = lower(r.id) AND f.value = r.id AND ${isHolder}
    UNION
    SELECT f.type, f.id, FALSE FROM up JOIN ${reference}
      ON f.tenant = r.tenant AND f.value_key = lower(up.id) AND f.value = up.id AND ${isHolder}
  ) SELECT jsonb_agg(jsonb_build_array(g.id, g.direct, ${raw(displayOf(schema, 'g.type', 'g.id'))}) ORDER BY g.id)
    FROM (SELECT type, id, bool_or(direct) AS direct FROM up GROUP BY type, id) AS g
    WHERE NOT (g.type = r.type AND g.id = r.id))`
}

/** Makes a resource of a row, with its lists. */
export function resourceOf(
  database: Queryable,
  type: StoredType,
  schema: string,
  tenant: string,
  lists: Lists,
  row: Row,
): Stored {
  return storedOf(
    row,
    listValues(database, type, schema, tenant, lists, row),
    withoutUnreadable(row.data, type.unreadable),
  )
}

/** The lists of a row by their names. */
export function listValues(
  database: Queryable,
  type: StoredType,
  schema: string,
  tenant: string,
  { attributes, limit }: Lists,
  row: Row,
): JsonObject {
  const values: JsonObject = {}
  attributes.forEach((attribute, index) => {
    const found = row[`list_${index}`]
    if (!found || found.length === 0) return
    if (attribute === type.memberOf) {
      values[attribute.name] = (found as unknown as readonly HolderRow[]).map((holder) =>
        describeHolder(attribute, holder),
      )
    } else if (found.length <= limit) {
      values[attribute.name] = found.map((reference) => describeReference(attribute, reference))
    } else {
      values[attribute.name] = longList(database, type, schema, tenant, row.id, attribute, found)
    }
  })
  return values
}

type HolderRow = readonly [id: string, direct: boolean, display: string | null]

function describeHolder(attribute: Attribute, [id, direct, display]: HolderRow): JsonObject {
  return {
    value: id,
    ...(display !== null && attribute.subAttribute('display') && { display }),
    ...(attribute.subAttribute('type') && { type: direct ? 'direct' : 'indirect' }),
  }
}

/** The values of a long list: those that are here, and then batch by batch those behind. */
function longList(
  database: Queryable,
  type: StoredType,
  schema: string,
  tenant: string,
  id: string,
  attribute: Attribute,
  first: readonly ReferenceRow[],
): AsyncIterable<JsonObject> {
  return {
    async *[Symbol.asyncIterator]() {
      for (let batch = first; batch.length > 0; ) {
        for (const reference of batch) yield describeReference(attribute, reference)
        if (batch !== first && batch.length < BATCH) return
        const after = batch.at(-1)?.[0]
        const { text, values } = render(
          sql`SELECT l.reference FROM ${raw(schema)}.resource AS r, LATERAL (${selectReferences(schema, attribute, BATCH, after)}) AS l
  WHERE r.tenant = ${tenant} AND r.type = ${type.name} AND r.id = ${id} ORDER BY l.value`,
        )
        batch = (await run(database, text, values)).map(({ reference }) => reference)
      }
    },
  }
}
