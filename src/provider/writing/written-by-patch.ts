import type { PatchOperation } from '../../patch/patch.js'
import type { JsonObject } from '../../schema/model/resource.js'

/** The values that the operations of a PATCH set, in the shape of a resource. */
export function writtenByPatch(operations: readonly PatchOperation[]): JsonObject {
  const written: JsonObject = {}
  for (const { op, attribute, subAttribute, value } of operations) {
    if (value === undefined || op === 'remove') continue
    let holder = written
    const keys = (subAttribute ?? attribute).keys
    for (const key of keys.slice(0, -1)) {
      holder[key] ??= {}
      holder = holder[key] as JsonObject
    }
    const last = keys[keys.length - 1]
    if (last !== undefined) holder[last] = value
  }
  return written
}
