import { isObject } from '../../is-object.js'
import type { PatchOperation } from '../../patch/patch.js'
import type { JsonObject } from '../../schema/model/resource.js'

/**
 * The values that the operations of a PATCH set, in the shape of a resource. Values of operations are not changed: the
 * operations are still to be applied.
 */
export function writtenByPatch(operations: readonly PatchOperation[]): JsonObject {
  const written: JsonObject = {}
  for (const { op, attribute, subAttribute, value } of operations) {
    if (value === undefined || op === 'remove') continue
    const { extension, multiValued, name } = attribute
    const holder = extension ? objectIn(written, extension.name) : written
    const part = subAttribute ? { [subAttribute.name]: value } : value
    if (multiValued) addTo(listIn(holder, name), part)
    else if (isObject(part)) Object.assign(objectIn(holder, name), part)
    else holder[name] = part
  }
  return written
}

// All objects and lists in the holder are made here.
function objectIn(holder: JsonObject, name: string): JsonObject {
  const found = holder[name]
  if (isObject(found)) return found
  const made: JsonObject = {}
  holder[name] = made
  return made
}

function listIn(holder: JsonObject, name: string): unknown[] {
  const found = holder[name]
  if (Array.isArray(found)) return found
  const made: unknown[] = []
  holder[name] = made
  return made
}

function addTo(list: unknown[], part: unknown): void {
  if (Array.isArray(part)) for (const one of part) list.push(one)
  else list.push(part)
}
