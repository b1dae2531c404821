import { ScimError } from '../error.js'
import type { Filter } from '../filter/ast.js'
import { visitFilter } from '../filter/visit.js'
import type { PatchOperation } from '../patch/patch.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import type { Context } from './context.js'
import type { ResourceType } from './resource-type.js'

type Level = 'none' | 'read' | 'write'

// A sub-attribute is as open as the attribute that holds it; the object of an extension is decided attribute by attribute.
function levelOf(context: Context, type: ResourceType, attribute: Attribute): Level {
  const policy = context.provider.options.access
  const subject = attribute.parent ?? attribute
  if (policy === undefined || subject.isExtension || subject.returned === 'always') return 'write'
  return policy({ attribute: subject.path, resourceType: type.name, auth: context.auth })
}

/** Which attributes the client may not see; undefined when it may see all. */
export function hiddenFrom(context: Context, type: ResourceType): ((attribute: Attribute) => boolean) | undefined {
  if (context.provider.options.access === undefined) return undefined
  return (attribute) => levelOf(context, type, attribute) === 'none'
}

/** RFC 7643 section 9.3: nothing can be found out by a filter or an order that cannot be read. */
export function checkReadable(context: Context, type: ResourceType, attribute: Attribute): void {
  if (levelOf(context, type, attribute) === 'none') {
    throw ScimError.forbidden(`Attribute "${attribute.path}" may not be used in a query.`)
  }
}

/** The same for every attribute of a filter. */
export function checkFilterReadable(context: Context, type: ResourceType, filter: Filter): void {
  if (context.provider.options.access === undefined) return
  visitFilter(filter, (node) => {
    if ('attribute' in node) checkReadable(context, type, node.attribute)
  })
}

/** Attributes that the client may not write count as read-only: a POST or PUT ignores them. */
export function isWritable(context: Context, type: ResourceType, attribute: Attribute): boolean {
  return levelOf(context, type, attribute) === 'write'
}

/** An operation that names what the client may not write is refused, and the whole PATCH with it. */
export function checkPatchWritable(context: Context, type: ResourceType, operations: readonly PatchOperation[]): void {
  if (context.provider.options.access === undefined) return
  for (const { attribute, filter } of operations) {
    const touched = attribute.isExtension ? attribute.subAttributes : [attribute]
    for (const part of touched) {
      if (!isWritable(context, type, part)) throw ScimError.forbidden(`Attribute "${part.path}" may not be changed.`)
    }
    if (filter) checkFilterReadable(context, type, filter)
  }
}

/** Takes from what a client sent the attributes it may not write, and puts what is stored in their place. */
export function keepUnwritable(
  context: Context,
  type: ResourceType,
  resource: JsonObject,
  current: JsonObject | undefined,
): JsonObject {
  if (context.provider.options.access === undefined) return resource
  const result = { ...resource }
  for (const attribute of unwritable(context, type)) {
    const [first, second] = attribute.keys as [string, string | undefined]
    if (second === undefined) {
      restore(result, first, current?.[first])
    } else {
      const extension = { ...(result[first] as JsonObject | undefined) }
      restore(extension, second, (current?.[first] as JsonObject | undefined)?.[second])
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

function restore(holder: JsonObject, name: string, value: unknown): void {
  if (value === undefined || value === null) delete holder[name]
  else holder[name] = value
}
