import type { JsonObject } from '../../schema/resource.js'

/** Every value that keys lead to, through the values of multi-valued attributes. */
export function valuesAt(holder: unknown, keys: readonly string[], depth = 0): readonly unknown[] {
  if (holder === undefined || holder === null) return []
  if (Array.isArray(holder)) return holder.flatMap((element) => valuesAt(element, keys, depth))
  const key = keys[depth]
  if (key === undefined) return [holder]
  if (typeof holder !== 'object' || !Object.hasOwn(holder, key)) return []
  return valuesAt((holder as JsonObject)[key], keys, depth + 1)
}
