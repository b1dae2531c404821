import { ScimError } from '../../error.js'
import type { Filter } from '../../filter/ast.js'
import { visitFilter } from '../../filter/visit.js'
import { propertiesOf } from '../../is-object.js'
import type { PatchOperation } from '../../patch/patch.js'
import { type Attribute, topKey } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { hidesReferences, tellsTooMuch } from './references.js'

// A sub-attribute is as open as the attribute that holds it; the object of an extension is decided attribute by
// attribute.
function levelOf(context: Context, type: ResourceType, attribute: Attribute): 'none' | 'read' | 'write' {
  const policy = context.provider.options.access
  const subject = attribute.parent ?? attribute
  if (policy === undefined || subject.isExtension) return 'write'
  return policy({ attribute: subject.path, resourceType: type.name, auth: context.auth })
}

// RFC 7643 section 7: an attribute returned "always" is returned "regardless of the contents of the "attributes"
// parameter".
function isReadable(context: Context, type: ResourceType, attribute: Attribute): boolean {
  if (tellsTooMuch(context, type, attribute)) return false
  const { returned } = attribute.parent ?? attribute
  if (returned === 'always') return true
  const level = levelOf(context, type, attribute)
  // A policy that forgets to answer opens nothing.
  return level === 'read' || level === 'write'
}

/** Which attributes the client may not see; undefined when it may see all. */
export function hiddenFrom(context: Context, type: ResourceType): ((attribute: Attribute) => boolean) | undefined {
  if (context.provider.options.access === undefined && !hidesReferences(context, type)) return undefined
  return (attribute) => !isReadable(context, type, attribute)
}

/** RFC 7643 section 9.3: nothing can be found out by a filter or an order that cannot be read. */
export function checkReadable(context: Context, type: ResourceType, attribute: Attribute): void {
  if (!isReadable(context, type, attribute)) {
    throw ScimError.forbidden(`Attribute "${attribute.path}" may not be used in a query.`, {
      attribute: attribute.path,
    })
  }
}

/** Refuses a filter with an attribute that the client cannot read. */
export function checkFilterReadable(context: Context, type: ResourceType, filter: Filter): void {
  if (hiddenFrom(context, type) === undefined) return
  visitFilter(filter, (node) => {
    if ('attribute' in node) checkReadable(context, type, node.attribute)
  })
}

/** Whether a resource has data of an extension, as far as the client may see it; false when it may see nothing. */
export function presenceOf(context: Context, type: ResourceType, extension: Attribute): Filter | boolean {
  const present = (attribute: Attribute): Filter => Object.freeze({ kind: 'present', attribute })
  const hidden = hiddenFrom(context, type)
  if (!hidden || !extension.subAttributes.some(hidden)) return present(extension)
  const filters = extension.subAttributes.filter((attribute) => !hidden(attribute)).map(present)
  return filters.length < 2 ? (filters[0] ?? false) : Object.freeze({ kind: 'or', filters: Object.freeze(filters) })
}

/** Attributes that the client may not write count as read-only: a POST or PUT ignores them. */
export function isWritable(context: Context, type: ResourceType, attribute: Attribute): boolean {
  return levelOf(context, type, attribute) === 'write'
}

/** If one operation names an attribute that the client may not write, the whole PATCH is refused. */
export function checkPatchWritable(context: Context, type: ResourceType, operations: readonly PatchOperation[]): void {
  for (const { filter } of operations) if (filter) checkFilterReadable(context, type, filter)
  if (context.provider.options.access === undefined) return
  for (const { attribute } of operations) {
    const touched = attribute.isExtension ? attribute.subAttributes : [attribute]
    for (const part of touched) {
      if (!isWritable(context, type, part))
        throw ScimError.forbidden(`Attribute "${part.path}" may not be changed.`, { attribute: part.path })
    }
  }
}

/**
 * Takes out of a client's draft the attributes that it may not write, and puts the stored values in their place; in a
 * new resource their defaults.
 */
export function keepUnwritable(
  context: Context,
  type: ResourceType,
  resource: JsonObject,
  current: JsonObject | undefined,
): JsonObject {
  const kept = unwritable(context, type)
  if (kept.length === 0) return resource
  const result = { ...resource }
  for (const attribute of kept) {
    const value = current ? valueIn(current, attribute) : attribute.default
    const first = topKey(attribute)
    const second = attribute.keys[1]
    if (second === undefined) {
      restore(result, first, value)
    } else {
      const extension = { ...propertiesOf(result[first]) }
      restore(extension, second, value)
      restore(result, first, Object.keys(extension).length === 0 ? undefined : extension)
    }
  }
  return result
}

/** The attributes that a client could write but for the policy. */
export function unwritable(context: Context, type: ResourceType): readonly Attribute[] {
  if (context.provider.options.access === undefined) return []
  return type.schema.root.subAttributes
    .flatMap((attribute) => (attribute.isExtension ? attribute.subAttributes : attribute))
    .filter((attribute) => attribute.mutability !== 'readOnly' && !isWritable(context, type, attribute))
}

/** The stored values. Values that no client can read stay in the store, which keeps them if a draft is without them. */
function valueIn(current: JsonObject, { keys, returned, mutability }: Attribute): unknown {
  if (returned === 'never' || mutability === 'writeOnly') return undefined
  return keys.reduce<unknown>((holder, key) => propertiesOf(holder)[key], current)
}

function restore(holder: JsonObject, name: string, value: unknown): void {
  if (value === undefined || value === null) delete holder[name]
  else holder[name] = value
}
