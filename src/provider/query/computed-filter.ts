import { versionInTag } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import type { CompareFilter, Filter, PresentFilter } from '../../filter/ast.js'
import { toPredicate } from '../../filter/evaluate.js'
import { type FilterTerm, mapFilter } from '../../filter/map-filter.js'
import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, isResourceReference } from '../../schema/model/attribute.js'
import { presenceOf } from '../policy/access.js'
import { idTestInFilter } from '../policy/reference-ids.js'
import type { Context } from '../request/context.js'
import { identifierIn } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'

type Leaf = CompareFilter | PresentFilter

/**
 * Replaces conditions on values that only the router knows by conditions on values of the store: `schemas`,
 * `meta.resourceType`, `meta.location`, `meta.version` and `$ref` are made when a resource is written, so adapters
 * never have them. A filter that is decided thereby comes out as `true` or `false`.
 */
export function withoutComputed(context: Context, type: ResourceType, filter: Filter): Filter | boolean {
  return mapFilter(filter, (leaf) => {
    const { attribute } = leaf
    if (leaf.kind === 'valuePath') return attribute.path === 'schemas' ? onSchemas(context, type, leaf) : leaf
    if (attribute.name === '$ref' && attribute.parent && isResourceReference(attribute.parent)) {
      return onReference(context, leaf)
    }
    switch (attribute.path) {
      case 'schemas':
        return onSchemas(context, type, leaf)
      case 'meta.resourceType':
        return toPredicate(leaf)({ meta: { resourceType: type.name } })
      case 'meta.location':
        return onLocation(context, type, leaf)
      case 'meta.version':
        return onVersion(leaf)
      default:
        return attribute.isExtension ? presenceOf(context, type, attribute) : onIdentifier(context, type, leaf)
    }
  })
}

/**
 * Replaces conditions on values that only the router knows in the paths of a PATCH, such as `members[$ref eq "…"]`, as
 * {@link withoutComputed} does in a filter.
 */
export function withoutComputedPaths(
  context: Context,
  type: ResourceType,
  operations: readonly PatchOperation[],
): readonly PatchOperation[] {
  return operations.map((operation) => {
    const { op, attribute, filter: given, subAttribute, value, prunes = false } = operation
    const found = given && withoutComputed(context, type, given)
    if (given === undefined || found === given) return operation
    const filter = typeof found === 'boolean' ? constant(attribute, found) : found
    // The condition without a match is made, and reported as a tolerance, only if it is needed.
    return {
      op,
      attribute,
      filter,
      subAttribute,
      value,
      prunes,
      get create() {
        return operation.create
      },
    }
  })
}

/** A filter that every value meets, or none. */
function constant(attribute: Attribute, outcome: boolean): Filter {
  const present: Filter = Object.freeze({ kind: 'present', attribute: attribute.subAttribute('value') ?? attribute })
  const absent: Filter = Object.freeze({ kind: 'not', filter: present })
  return Object.freeze({ kind: outcome ? 'or' : 'and', filters: Object.freeze([present, absent]) })
}

/** Every resource has the base schema; it has an extension when it has data of it. */
function onSchemas(context: Context, type: ResourceType, term: FilterTerm): Filter | boolean {
  const matches = toPredicate(term)
  const { base, extensionAttributes } = type.schema
  if (matches({ schemas: [base.id] })) return true
  const filters = extensionAttributes
    .filter(({ name }) => matches({ schemas: [name] }))
    .map((attribute) => presenceOf(context, type, attribute))
    .filter((filter) => typeof filter !== 'boolean')
  if (filters.length < 2) return filters[0] ?? false
  return Object.freeze({ kind: 'or', filters: Object.freeze(filters) })
}

function onLocation(context: Context, type: ResourceType, leaf: Leaf): Filter | boolean {
  if (leaf.kind === 'present') return true
  const id = type.schema.root.subAttribute('id')
  return compareId(context, leaf, [type], id as Leaf['attribute'])
}

/** RFC 7643 section 2.3.7: a reference is compared as the URI that the router makes of `value`. */
function onReference(context: Context, leaf: Leaf): Filter | boolean {
  const value = leaf.attribute.parent?.subAttribute('value') as Leaf['attribute']
  if (leaf.kind === 'present') return Object.freeze({ kind: 'present', attribute: value })
  return compareId(context, leaf, context.provider.types, value)
}

function compareId(
  context: Context,
  leaf: CompareFilter,
  types: readonly ResourceType[],
  attribute: Leaf['attribute'],
): Filter | boolean {
  if (leaf.operator !== 'eq' && leaf.operator !== 'ne') {
    throw ScimError.invalidFilter(`Attribute "${leaf.attribute.path}" can be compared by eq and ne only.`, {
      attribute: leaf.attribute.path,
    })
  }
  if (leaf.value === null) return Object.freeze({ ...leaf, attribute })
  const value = identifierIn(context, String(leaf.value), types)
  if (value !== undefined) return Object.freeze({ ...leaf, attribute, value })
  // The URI belongs to no resource of this type: no value is equal to it, and every value differs from it.
  return leaf.operator === 'ne' && Object.freeze({ kind: 'present', attribute })
}

/**
 * A text that cannot be an identifier equals no identifier. It does not reach the store, which might answer with an
 * error (option `ids`).
 */
function onIdentifier(context: Context, type: ResourceType, leaf: Leaf): Filter | boolean {
  if (leaf.kind !== 'compare' || (leaf.operator !== 'eq' && leaf.operator !== 'ne')) return leaf
  const { attribute, operator, value } = leaf
  const isId = typeof value === 'string' ? idTestInFilter(context, type, attribute) : undefined
  if (isId === undefined || isId(String(value))) return leaf
  // Decision A-01: every value differs from it, and a missing value is identical to none.
  return operator === 'ne'
}

/** Clients know a version as the entity tag, stores as the bare text inside. */
function onVersion(leaf: Leaf): Filter {
  if (leaf.kind === 'present' || typeof leaf.value !== 'string') return leaf
  const value = versionInTag(leaf.value)
  return value === undefined ? leaf : Object.freeze({ ...leaf, value })
}
