import { checkMapping } from '../fields/check-mapping.js'
import { memo } from '../memo.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { AttributeMapping, ChildTableMapping, JsonMapping, TableMapping } from './mapping.js'
import { MAPPING } from './mapping-table.js'

/** A mapping with its paths in small letters and its shorthands spelled out. */
export interface ReadMapping {
  readonly table: string
  readonly attributes: ReadonlyMap<string, Exclude<AttributeMapping, string>>
  /** The columns of `'*'`. */
  readonly rest: JsonMapping | undefined
}

/**
 * Checks a mapping and reads it, once. A misspelt `fixed` or `where` would otherwise be ignored, and rows be found that
 * do not count. Throws a `SetupError`.
 */
export const readMapping = memo((mapping: TableMapping): ReadMapping => {
  checkMapping(mapping, MAPPING, 'sql.md')
  const entries = Object.entries(mapping.attributes).map(
    ([path, entry]) => [path.toLowerCase(), typeof entry === 'string' ? { column: entry } : entry] as const,
  )
  const attributes = new Map(entries)
  const rest = attributes.get('*')
  attributes.delete('*')
  return { table: mapping.table, attributes, rest: rest && 'json' in rest ? rest : undefined }
})

/** The columns of `'*'` in a table of values. */
export function restOfValues({ attributes }: ChildTableMapping): JsonMapping | undefined {
  const rest = Object.hasOwn(attributes, '*') ? attributes['*'] : undefined
  return typeof rest === 'object' && 'json' in rest ? rest : undefined
}

/** The mapping of an attribute itself, without `'*'`. */
export function mappingOf(
  { attributes }: ReadMapping,
  attribute: Attribute,
): Exclude<AttributeMapping, string> | undefined {
  return attributes.get(attribute.path.toLowerCase())
}
