import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { valuesAt } from '../schema/values.js'

/** The first text among the values of some attributes. */
export function firstText(attributes: JsonObject, candidates: readonly Attribute[]): string | undefined {
  for (const { keys } of candidates) {
    const text = valuesAt(attributes, keys).find((value) => typeof value === 'string' && value !== '')
    if (text !== undefined) return text as string
  }
  return undefined
}
