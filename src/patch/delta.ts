import type { ResourceSchema } from '../schema/define/schema.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { applyOperations } from './apply.js'
import { deltaOf } from './fold-delta.js'
import type { Delta, PatchOperation } from './patch.js'

/**
 * A PATCH request in the form of the adapter contract (`Patch`). Costly properties are computed when an adapter reads
 * them.
 */
export interface PatchView {
  readonly operations: readonly PatchOperation[]
  readonly attributes: ReadonlySet<string>
  readonly set: JsonObject | undefined
  readonly delta: (attribute: string) => Delta | undefined
  readonly apply: (current: JsonObject) => JsonObject
}

/** The effect of the operations of a PATCH request on a store, RFC 7644 section 3.5.2. */
export function patchOf(schema: ResourceSchema, operations: readonly PatchOperation[]): PatchView {
  let deltas: Map<string, Delta | undefined> | undefined
  // Closures in place of getters: each object with own getters would get a hidden class of its own, and getters of a
  // class would be lost in a copy.
  return {
    operations,
    attributes: new Set(operations.map(({ attribute }) => attribute.keys[0] ?? attribute.name)),
    set: finalValues(operations),
    delta: (name) => {
      deltas ??= new Map()
      if (!deltas.has(name)) deltas.set(name, findDelta(schema, operations, name))
      return deltas.get(name)
    },
    apply: (current) => applyOperations(operations, current),
  }
}

function findDelta(schema: ResourceSchema, operations: readonly PatchOperation[], name: string): Delta | undefined {
  const attribute = findByPath(schema, name)
  if (!attribute?.multiValued) return undefined
  const { extension } = attribute
  return deltaOf(
    attribute,
    operations.filter((operation) => operation.attribute === attribute || operation.attribute === extension),
  )
}

/** An attribute of the resource by its name, or one of an extension by `urn:…:name`. */
function findByPath(schema: ResourceSchema, path: string): Attribute | undefined {
  const found = schema.root.subAttribute(path)
  if (found) return found
  return schema.extensionAttributes
    .flatMap((extension) => extension.subAttributes)
    .find((attribute) => attribute.path === path)
}

/**
 * The values of singular attributes after the patch; undefined if one depends on a stored value: a merge into a
 * complex value or the object of an extension, an immutable attribute, and a readOnly one that may only be repeated.
 */
function finalValues(operations: readonly PatchOperation[]): JsonObject | undefined {
  const values: JsonObject = {}
  for (const { op, attribute, filter, subAttribute, value } of operations) {
    if (attribute.isExtension || attribute.extension) return undefined
    if (attribute.mutability === 'readOnly' || attribute.mutability === 'immutable') return undefined
    if (attribute.multiValued) continue
    // Tolerance: a remove names the values to remove, and they are compared with the stored ones.
    if (op === 'remove' && value !== undefined) return undefined
    if (filter || subAttribute || (attribute.type === 'complex' && value !== undefined)) return undefined
    values[attribute.name] = value
  }
  return values
}
