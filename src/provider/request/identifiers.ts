import type { Filter } from '../../filter/ast.js'
import { visitFilter } from '../../filter/visit.js'
import { hasOwn } from '../../has-own.js'
import { isObject } from '../../is-object.js'
import { memo } from '../../memo.js'
import type { Identifier } from '../setup/hooks.js'
import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'

// RFC 7643 section 3.1: "A String that is an identifier for the resource as defined by the provisioning client."
const CLIENT_IDENTIFIER = 'externalId'
const MOST = 20
const NONE: readonly never[] = Object.freeze([])
const LONGEST = 1_000
const MOST_OPERATIONS = 100

/** The values by which a request names resources, from its body and its filter. The request may have been refused. */
export function identifiersOf({ facts }: Context): readonly Identifier[] {
  if (facts.sent === undefined) {
    const { filters } = facts
    if (filters === undefined) return NONE
    // Most requests are look-ups of one resource.
    const [only] = filters
    if (filters.length === 1 && only?.kind === 'compare') return comparedBy(only)
  }
  const found: Identifier[] = []
  const add = (attribute: string, value: unknown): void => {
    if (typeof value !== 'string' || value === '' || value.length > LONGEST || found.length >= MOST) return
    if (!found.some((one) => one.value === value && one.attribute === attribute)) found.push({ attribute, value })
  }
  for (const { type, body } of facts.sent ?? []) {
    const names = namesIn(type)
    visitParts(body, (name, value) => {
      const attribute = names.get(name.toLowerCase())
      if (attribute !== undefined) add(attribute, value)
    })
  }
  for (const filter of facts.filters ?? []) {
    visitFilter(filter, (node) => {
      if (node.kind === 'compare') for (const { attribute, value } of comparedBy(node)) add(attribute, value)
    })
  }
  return found
}

/** The values in a condition that name resources. */
function comparedBy({ operator, attribute, value }: Filter & { readonly kind: 'compare' }): readonly Identifier[] {
  if (operator !== 'eq' || typeof value !== 'string' || value === '' || value.length > LONGEST) return NONE
  const { path, uniqueness } = attribute
  return path === CLIENT_IDENTIFIER || uniqueness !== 'none' ? [{ attribute: path, value }] : NONE
}

/** The top-level attributes that hold such values, by their names in lower case. */
const namesIn: (type: ResourceType) => ReadonlyMap<string, string> = memo(({ unique }) => {
  const paths = [CLIENT_IDENTIFIER, ...unique.filter(({ keys }) => keys.length === 1).map(({ path }) => path)]
  return new Map(paths.map((path) => [path.toLowerCase(), path]))
})

/** Visits the possible attributes in a body: the keys of a resource, and the values of the operations of a PATCH. */
function visitParts(body: unknown, visit: (name: string, value: unknown) => void): void {
  if (!isObject(body)) return
  let operations: readonly unknown[] = NONE
  for (const name in body) {
    if (!hasOwn.call(body, name)) continue
    const value = body[name]
    // No attribute is a list of operations.
    if (operations === NONE && Array.isArray(value) && name.toLowerCase() === 'operations') operations = value
    else visit(name, value)
  }
  for (const operation of operations.slice(0, MOST_OPERATIONS)) {
    if (!isObject(operation)) continue
    const { path, value } = operation
    if (typeof path === 'string') visit(path, value)
    else if (isObject(value)) for (const name in value) if (hasOwn.call(value, name)) visit(name, value[name])
  }
}
