import type { Attribute } from '../schema/model/attribute.js'
import { pointsToResource } from '../schema/values/compare.js'
import type { FieldMapping } from './mapping.js'

/** The field of an attribute, and its content. */
export interface FieldKind {
  readonly field: string
  /**
   * The kinds of text: `keys` are comparison keys, `sent` are values as the client sent them with letter case
   * significant, `letters` are such values with letter case ignored. `exact` is an identifier that the mapping parses.
   */
  readonly kind: 'keys' | 'sent' | 'letters' | 'exact' | 'number' | 'boolean' | 'instant'
  readonly required: boolean
  readonly parse: FieldMapping['parse']
}

/** The kind of the field of an attribute; undefined if the database cannot compare its values. */
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
      // Two URIs may name the same resource although their API versions differ.
      if (attribute.type === 'reference' && pointsToResource(attribute)) return undefined
      if (attribute.caseExact) return of('sent')
      if (folded === undefined) return of('letters')
      return folded === true ? of('keys') : of('keys', folded)
  }
}
