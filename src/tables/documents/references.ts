import type { AttributeChange } from '../../adapter/contract.js'
import { refuseUnknown } from '../../adapter/unknown-members.js'
import type { Queryable } from '../../database/database.js'
import { execute } from '../../database/execute.js'
import { ScimError } from '../../error.js'
import { isStorable } from '../../filter/stored-text.js'
import type { Delta, DeltaValue } from '../../patch/patch.js'
import { type Attribute, isMembership, targetTypes } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { lacksIdentifier } from '../../schema/reading/read-reference.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { raw, sql } from '../../sql/fragment.js'
import type { DocumentTarget, Store } from './store.js'
import { identifierOf } from './stored-type.js'

/**
 * The treatment of a reference that is stored already and is added again: `'keep'` leaves its sub-attributes,
 * `'overwrite'` takes the new ones.
 */
export type OnPresent = 'keep' | 'overwrite'

/**
 * Applies a delta to the values of a reference attribute, and returns the real additions and removals. It touches the
 * values that the delta names, and all of them only to clear them. The resource is locked by then.
 *
 * @param isPatched Whether the delta is that of a whole list which a PATCH has made.
 */
export async function writeReferences(
  connection: Queryable,
  target: DocumentTarget,
  id: string,
  attribute: Attribute,
  { clear, remove, add }: Delta,
  present: OnPresent,
  isPatched = false,
): Promise<AttributeChange & { readonly updated: number }> {
  // Decision A-122. Longer circles are legal; a walk visits each group once.
  if (isMembership(attribute) && add.some(({ value }) => value === id)) {
    throw ScimError.invalidValue(`A resource cannot be among its own "${attribute.path}".`)
  }
  const removed = await removeReferences(connection, target, id, attribute, clear, remove, add)
  const come = add.length === 0 ? [] : await addReferences(connection, target, id, attribute, add, present)
  const inserted = come.filter((one) => one.inserted)
  const missing = unknownAmong(target, attribute, inserted)
  // If a PATCH made the list, the request named the added values only.
  refuseUnknown(target.call, target.store.unknownMembers, attribute, missing, isPatched ? inserted.length : add.length)
  if (missing.length > 0) await removeReferences(connection, target, id, attribute, false, missing, [])
  const added = missing.length === 0 ? inserted : inserted.filter((one) => one.target !== null)
  return { added: added.map(({ value }) => value), removed, updated: come.length - inserted.length }
}

/**
 * The values of a list as a delta that puts them in the place of all others. Throws 400 invalidValue for a value
 * without identifier: a value that cannot be stored is not dropped.
 */
export function listDelta(attribute: Attribute, list: unknown): Delta {
  const identifier = identifierOf(attribute).name
  const add = new Map<string, DeltaValue>()
  for (const element of Array.isArray(list) ? list : []) {
    const value = element?.[identifier]
    if (value === undefined || value === null) throw lacksIdentifier(attribute)
    add.set(String(value), { ...element, value: String(value) })
  }
  return { clear: true, remove: [], add: [...add.values()] }
}

async function removeReferences(
  connection: Queryable,
  { store, type, tenant }: DocumentTarget,
  id: string,
  attribute: Attribute,
  clear: boolean,
  remove: readonly string[],
  add: readonly DeltaValue[],
): Promise<readonly string[]> {
  const named = remove.filter(isStorable)
  if (!clear && named.length === 0) return []
  const { among } = store.database.store
  const which = clear
    ? sql`NOT (${among(
        raw('value'),
        add.map(({ value }) => value),
      )})`
    : among(raw('value'), named)
  return (
    await execute(
      connection,
      sql`DELETE FROM ${raw(store.prefix)}reference WHERE tenant = ${tenant} AND type = ${type.name} AND id = ${id} AND attribute = ${attribute.name} AND ${which} RETURNING value`,
    )
  ).rows.map(({ value }) => value)
}

interface InsertedReference {
  readonly value: string
  readonly target: string | null
  readonly inserted: boolean
}

/** A member is locked against a concurrent delete, as by a foreign key. */
async function addReferences(
  connection: Queryable,
  { store, type, tenant }: DocumentTarget,
  id: string,
  attribute: Attribute,
  add: readonly DeltaValue[],
  present: OnPresent,
): Promise<readonly InsertedReference[]> {
  const elements = referenceElements(attribute, add)
  const { among, rows, lock, isInserted, json } = store.database.store
  const values = elements.map(([value]) => value)
  const [resources, references] = [raw(`${store.prefix}resource`), raw(`${store.prefix}reference`)]
  const known = isMembership(attribute)
    ? sql`SELECT k.type, k.id FROM ${resources} AS k
    WHERE k.tenant = ${tenant} AND ${among(raw('k.type'), targetTypes(attribute))} AND ${among(raw('k.id'), values)}${lock('FOR KEY SHARE')}`
    : sql`SELECT CAST(NULL AS text) AS type, CAST(NULL AS text) AS id`
  const own = sql`tenant = ${tenant} AND type = ${type.name} AND id = ${id} AND attribute = ${attribute.name}`
  // If the statement itself cannot find this out, a query before it does.
  const before: ReadonlySet<string> = isInserted
    ? NO_VALUES
    : new Set(
        (
          await execute(
            connection,
            sql`SELECT value FROM ${references} WHERE ${own} AND ${among(raw('value'), values)}`,
          )
        ).rows.map(({ value }) => value),
      )
  const inserted = isInserted ?? raw("'true'")
  const conflict =
    present === 'keep'
      ? sql`DO NOTHING RETURNING value, target, 'true' AS inserted`
      : sql`(tenant, type, id, attribute, value) DO UPDATE SET data = EXCLUDED.data, target = EXCLUDED.target
    WHERE (reference.data, reference.target) IS DISTINCT FROM (EXCLUDED.data, EXCLUDED.target)
    RETURNING value, target, ${inserted} AS inserted`
  return (
    await execute(
      connection,
      sql`WITH known AS (${known})
INSERT INTO ${references} AS reference (tenant, type, id, attribute, value, value_key, target, data)
  SELECT ${tenant}, ${type.name}, ${id}, ${attribute.name}, w.value, w.key, k.type, ${json.column(raw('CASE WHEN k.id IS NULL THEN w.all_data ELSE w.own_data END'))}
  FROM ${rows(elements, 'w', ['value', 'key', 'all_data', 'own_data'])}
  LEFT JOIN known AS k ON k.id = w.value
  WHERE TRUE
ON CONFLICT ${conflict}`,
    )
  ).rows.map(({ value, target, inserted: isNew }) => ({
    value,
    target,
    inserted: isNew === 'true' && !before.has(value),
  }))
}

const NO_VALUES: ReadonlySet<string> = new Set()

/**
 * The stored form of a reference: its value, how that is compared, and its sub-attributes if the store does not know
 * the resource, or does.
 */
export type ReferenceElement = readonly [value: string, key: string, all: string | null, own: string | null]

/** The stored form of added references. Throws 400 invalidValue for a value that no database can hold. */
export function referenceElements(attribute: Attribute, add: readonly DeltaValue[]): readonly ReferenceElement[] {
  const toKey = comparisonKey(identifierOf(attribute))
  return add.map((element) => {
    const { value } = element
    if (!isStorable(value)) throw ScimError.invalidValue(`"${attribute.path}" has a character that cannot be stored.`)
    return [value, String(toKey(value)), subAttributes(element, []), subAttributes(element, DERIVED)]
  })
}

// The store or the router adds these for an existing resource.
const DERIVED: readonly string[] = ['type', 'display', '$ref']

/**
 * Sub-attributes as JSON, without `value` and the sub-attributes that are computed on each read; null if there are
 * none.
 */
function subAttributes(element: JsonObject, derived: readonly string[]): string | null {
  const names = Object.keys(element).filter((name) => name !== 'value' && !derived.includes(name))
  const kept = names.filter((name) => element[name] !== undefined && element[name] !== null)
  return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept.map((name) => [name, element[name]])))
}

/** The new members that do not exist, if that can be found out and matters. */
function unknownAmong(
  { store }: DocumentTarget,
  attribute: Attribute,
  come: readonly InsertedReference[],
): readonly string[] {
  return mustExist(store, attribute) ? come.filter(({ target }) => target === null).map(({ value }) => value) : []
}

/** Whether values of a reference attribute have to be resources that exist. */
export function mustExist({ types, unknownMembers }: Store, attribute: Attribute): boolean {
  if (unknownMembers === 'keep' || !isMembership(attribute)) return false
  // A member of a type in another store cannot be looked up.
  const kept = new Set(types.map(({ name }) => name))
  return targetTypes(attribute).every((name) => kept.has(name))
}
