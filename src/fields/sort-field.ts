import type { Attribute } from '../schema/attribute.js'
import { isInList } from '../schema/attribute.js'
import { type FieldKind, fieldKind } from './kind.js'
import type { FieldMapping } from './mapping.js'

/** What a list is ordered by; undefined when only a program can order. */
export function sortField(mapping: FieldMapping | undefined, attribute: Attribute): FieldKind | undefined {
  // What is sorted by is one of several values: a program has to choose.
  if (mapping === undefined || isInList(attribute)) return undefined
  const kind = fieldKind(mapping, attribute)
  return kind && kind.kind !== 'letters' && kind.kind !== 'exact' ? kind : undefined
}
