import type { Attribute } from '../schema/model/attribute.js'
import { isInList } from '../schema/model/attribute.js'
import { type FieldKind, fieldKind } from './kind.js'
import type { FieldMapping } from './mapping.js'

/** The field by which the database can order a list; undefined if it cannot. */
export function sortField(mapping: FieldMapping | undefined, attribute: Attribute): FieldKind | undefined {
  // For an attribute with several values the standard says which one counts; the database does not know it.
  if (mapping === undefined || isInList(attribute)) return undefined
  const kind = fieldKind(mapping, attribute)
  return kind && kind.kind !== 'letters' && kind.kind !== 'exact' ? kind : undefined
}
