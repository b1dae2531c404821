import type { Filter } from '../../filter/ast.js'
import { isStorable } from '../../filter/stored-text.js'
import { type Attribute, isMembership } from '../../schema/model/attribute.js'
import { comparisonKey } from '../../schema/values/compare.js'
import { raw, type SqlFragment, sql } from '../../sql/fragment.js'
import { jsonPlace } from '../../sql/json-place.js'
import { FALSE, type Operand, TRUE } from '../../sql/operand.js'
import type { AttributePlace, ListPlace } from '../../sql/place.js'
import { copiedAttributes } from './copied-attributes.js'
import { holdersOf, isHolding } from './holders.js'
import type { Store } from './store.js'
import { identifierOf, type StoredType } from './stored-type.js'

/** Where the attributes of a type are in the tables, for one tenant; the table of resources is called `r`. */
export type ResourcePlace = (tenant: string) => AttributePlace

/**
 * Works out where the attributes of a type are. Attributes are known by their paths, since a router has a schema object
 * of its own.
 */
export function resourcePlace(store: Store, type: StoredType): ResourcePlace {
  const { dialect } = store.database.store
  const columns = columnsOf(store, type)
  const references = new Set(type.references.map(({ path }) => path))
  const isKnown = (attribute: Attribute): boolean => type.documentPaths.has(attribute.path)

  const wrap = (document: AttributePlace): AttributePlace => ({
    value: (attribute) => columns.get(attribute.path) ?? (isKnown(attribute) ? document.value(attribute) : undefined),
    object: (attribute) => {
      // The parts of "meta" are columns.
      if (attribute.path === 'meta') return { place: whole, present: () => TRUE }
      const object = isKnown(attribute) ? document.object(attribute) : undefined
      return object && { ...object, place: wrap(object.place) }
    },
    list: (attribute, alias) => {
      if (references.has(attribute.path)) return referenceList(store, attribute, alias)
      return isKnown(attribute) ? document.list(attribute, alias) : undefined
    },
  })
  const whole = wrap(jsonPlace(dialect, raw('r.keys'), 'keys'))
  const lookups = new Set(type.lookups.map(({ attribute }) => attribute.path).filter((path) => !columns.has(path)))

  return (tenant) => ({
    ...whole,
    say: (filter) => sayLookup(store, lookups, filter) ?? sayMemberOf(store, type, tenant, filter),
  })
}

function columnsOf({ database, copied }: Store, type: StoredType): ReadonlyMap<string, Operand> {
  const { dialect } = database.store
  const columns = new Map<string, Operand>([
    ['id', { sql: raw('r.id'), type: 'text' }],
    ['meta.created', { sql: raw('r.created'), type: 'instant' }],
    ['meta.lastModified', { sql: raw('r.last_modified'), type: 'instant' }],
    ['meta.version', { sql: raw('r.version'), type: 'text' }],
    ['meta.resourceType', { sql: dialect.text(dialect.literal(type.name)), type: 'text' }],
  ])
  // A name that is also unique has a column of each kind: the column that every name has is used.
  for (const [name, column] of Object.entries(type.columns).reverse()) {
    if (column && !columns.has(column.attribute.path)) {
      columns.set(column.attribute.path, { sql: raw(`r.${name}`), type: 'text' })
    }
  }
  for (const { attribute, column } of copiedAttributes(type, copied)) {
    columns.set(attribute.path, { sql: raw(`r.${column}`), type: 'text' })
  }
  return columns
}

/** Equality with a value of a looked-up attribute, by the table of lookups. */
function sayLookup({ prefix }: Store, lookups: ReadonlySet<string>, filter: Filter): SqlFragment | undefined {
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || !lookups.has(filter.attribute.path)) return undefined
  const key = comparisonKey(filter.attribute)(filter.value)
  if (typeof key !== 'string' || !isStorable(key)) return undefined
  return sql`EXISTS (SELECT 1 FROM ${raw(prefix)}lookup AS l WHERE l.tenant = r.tenant AND l.type = r.type AND l.id = r.id AND l.attribute = ${filter.attribute.path} AND l.key = ${key})`
}

/**
 * `groups.value eq "…"`: the members of that group or of a group inside of it. It is walked from the group down, since
 * a walk up would have to begin at every user.
 */
function sayMemberOf(
  { database, prefix, types }: Store,
  { memberOf }: StoredType,
  tenant: string,
  filter: Filter,
): SqlFragment | undefined {
  const compare = filter.kind === 'valuePath' && filter.attribute.path === memberOf?.path ? filter.filter : filter
  if (!memberOf || compare.kind !== 'compare' || compare.operator !== 'eq') return undefined
  const { attribute, value } = compare
  if (attribute.parent?.path !== memberOf.path || attribute !== identifierOf(attribute.parent)) return undefined
  const key = comparisonKey(attribute)(value)
  if (typeof key !== 'string') return undefined
  if (!isStorable(key)) return FALSE
  const isHolder = isHolding(holdersOf(types, memberOf))
  const reference = raw(`${prefix}reference AS f`)
  return sql`r.id IN (WITH RECURSIVE down(type, value) AS (
  SELECT f.target, f.value FROM ${reference}
    WHERE f.tenant = ${tenant} AND ${database.store.among(raw('f.id'), [key, String(value)])} AND lower(f.id) = ${key} AND ${isHolder}
  UNION
  SELECT f.target, f.value FROM down JOIN ${reference}
    ON f.tenant = ${tenant} AND f.type = down.type AND f.id = down.value AND ${isHolder}
) SELECT value FROM down)`
}

function referenceList({ prefix }: Store, attribute: Attribute, alias: string): ListPlace {
  const identifier = identifierOf(attribute)
  const value = (sub: Attribute): Operand | undefined => {
    if (sub === identifier) return { sql: raw(`${alias}.value_key`), type: 'text' }
    // The store knows the type of an existing member; a client may have sent the type of a missing member.
    if (sub.name !== 'type' || !isMembership(attribute)) return undefined
    const told = raw(`coalesce(${alias}.target, ${alias}.data ->> 'type')`)
    return { sql: sub.caseExact ? told : sql`lower(${told})`, type: 'text' }
  }
  return {
    from: raw(`${prefix}reference AS ${alias}`),
    where: sql`${raw(`${alias}.tenant = r.tenant AND ${alias}.type = r.type AND ${alias}.id = r.id AND ${alias}.attribute`)} = ${attribute.name}`,
    element: { value, object: () => undefined, list: () => undefined, filled: true },
  }
}
