import type { Attribute } from '../schema/attribute.js'
import { pointsToResource } from '../schema/compare.js'
import type { FieldMapping } from './mapping.js'

/** What the field of an attribute holds, and where. */
export interface FieldKind {
  readonly field: string
  /**
   * Of texts: `keys` what they are compared by, `sent` values as they came, which count letter by letter, `letters` values as
   * they came, whose letter case does not count. `exact` is an identifier that the mapping reads.
   */
  readonly kind: 'keys' | 'sent' | 'letters' | 'exact' | 'number' | 'boolean' | 'instant'
  readonly required: boolean
  readonly parse: FieldMapping['parse']
}

/** What the field of an attribute holds; undefined when only a program can tell what it means. */
export function fieldKind(mapping: FieldMapping, attribute: Attribute): FieldKind | undefined {
  const { field, folded, parse, required = attribute.required } = mapping
  const of = (kind: FieldKind['kind'], at = field): FieldKind => ({ field: at, kind, required, parse })
  if (parse) return of('exact')
  switch (attribute.type) {
    case 'boolean':
      return of('boolean')
    case 'integer':
    case 'decimal':
      return of('number')
    case 'dateTime':
      return of('instant')
    case 'binary':
    case 'complex':
      return undefined
    default:
      // Two URIs of one resource may differ in the version that they name.
      if (attribute.type === 'reference' && pointsToResource(attribute)) return undefined
      if (attribute.caseExact) return of('sent')
      if (folded === undefined) return of('letters')
      return folded === true ? of('keys') : of('keys', folded)
  }
}
