import type { Attribute } from '../schema/model/attribute.js'
import type { JsonObject } from '../schema/model/resource.js'
import { valuesAt } from '../schema/values/values.js'

/** The first text among the values of some attributes. */
export function firstText(attributes: JsonObject, candidates: readonly Attribute[]): string | undefined {
  for (const { keys } of candidates) {
    const [top = ''] = keys
    const value = attributes[top]
    // Most names are texts of their own.
    const text = typeof value === 'string' ? value : valuesAt(value, keys, 1).find(isName)
    if (isName(text)) return text
  }
  return undefined
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
