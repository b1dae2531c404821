import { versionInTag } from '../../adapter/versions.js'
import type { PatchOperation } from '../../patch/patch.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { locationOf } from '../answer/represent.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * Takes out of a PATCH the values that repeat the part of `meta` that only the router knows: a repeated value is no
 * change (decision A-59c). Other values stay, and the comparison with the stored resource refuses them. Stores know a
 * version as the text inside of the entity tag that clients know.
 */
export function withoutRepeatedMeta(
  context: Context,
  type: ResourceType,
  id: string,
  operations: readonly PatchOperation[],
): readonly PatchOperation[] {
  if (!operations.some(({ attribute }) => attribute.path === 'meta')) return operations
  const known: JsonObject = { resourceType: type.name, location: locationOf(context, type, id) }
  return operations.flatMap((operation) => {
    const { attribute, subAttribute, value } = operation
    if (attribute.path !== 'meta') return operation
    if (subAttribute) {
      if (known[subAttribute.name] === value) return []
      return { ...operation, value: storedPart(subAttribute.name, value) }
    }
    if (typeof value !== 'object' || value === null) return operation
    const rest = Object.entries(value).filter(([name, part]) => known[name] !== part)
    if (rest.length === 0) return []
    return { ...operation, value: Object.fromEntries(rest.map(([name, part]) => [name, storedPart(name, part)])) }
  })
}

function storedPart(name: string, part: unknown): unknown {
  return name === 'version' && typeof part === 'string' ? (versionInTag(part) ?? part) : part
}
