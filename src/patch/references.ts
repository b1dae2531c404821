import type { Filter } from '../filter/ast.js'
import { isObject } from '../is-object.js'
import { type Attribute, isResourceReference, valueAttribute } from '../schema/model/attribute.js'
import { ownProperty } from '../schema/values/values.js'
import type { PatchOperation } from './patch.js'

/**
 * The ids of the references to resources that a remove deletes by a filter such as `[value eq "a" or value eq "b"]` or
 * by a list; undefined if it deletes all references, or if the result depends on stored values.
 */
export function removedReferences(operation: PatchOperation): Iterable<string> | undefined {
  const { attribute, filter, subAttribute, value } = operation
  const identifier = isResourceReference(attribute) ? valueAttribute(attribute) : undefined
  if (!identifier || subAttribute) return undefined
  if (!filter) return value === undefined ? undefined : listedIdentifiers(value as readonly unknown[], identifier)
  return value === undefined ? identifiersOf(filter, identifier) : undefined
}

function listedIdentifiers(entries: readonly unknown[], { name }: Attribute): Iterable<string> | undefined {
  const identifiers: string[] = []
  for (const entry of entries) {
    const identifier = isObject(entry) ? ownProperty(entry, name) : undefined
    if (typeof identifier !== 'string') return undefined
    identifiers.push(identifier)
  }
  return identifiers
}

function identifiersOf(filter: Filter, value: Attribute): ReadonlySet<string> | undefined {
  switch (filter.kind) {
    case 'compare':
      return filter.attribute === value && filter.operator === 'eq' && typeof filter.value === 'string'
        ? new Set([filter.value])
        : undefined
    case 'or': {
      const all = new Set<string>()
      for (const part of filter.filters) {
        const some = identifiersOf(part, value)
        if (!some) return undefined
        for (const identifier of some) all.add(identifier)
      }
      return all
    }
    case 'and': {
      const [first, ...others] = filter.filters.map((part) => identifiersOf(part, value))
      if (!first || others.includes(undefined)) return undefined
      return new Set([...first].filter((identifier) => others.every((some) => some?.has(identifier))))
    }
    default:
      return undefined
  }
}
