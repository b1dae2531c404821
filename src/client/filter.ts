/** The values of a filter, RFC 7644 section 3.4.2.2: any JSON value but objects and arrays, or a time. */
export type FilterValue = string | number | boolean | null | Date

/**
 * Writes a filter with values in it; each value is quoted as RFC 7644 section 3.4.2.2 wants it, so that no value can
 * become a part of the filter.
 *
 * @example
 * ```ts
 * import { filter, ScimClient } from 'express-scim/client'
 *
 * const scim = new ScimClient('https://app.example/scim/v2')
 * const named = (name: string) => scim.users.first(filter`userName eq ${name} and active eq ${true}`)
 * ```
 */
export function filter(texts: TemplateStringsArray, ...values: readonly FilterValue[]): string {
  return texts.reduce((text, next, index) => `${text}${literal(values[index - 1] ?? null)}${next}`)
}

function literal(value: FilterValue): string {
  return JSON.stringify(value instanceof Date ? value.toISOString() : value)
}
