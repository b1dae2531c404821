import { checkMapping } from '../fields/check-mapping.js'
import { type ConstantMapping, type ReadFields, readFields } from '../fields/mapping.js'
import { memo } from '../memo.js'
import type { ArrayMapping, DocumentAttributeMapping, DocumentMapping } from './mapping.js'
import { MAPPING } from './mapping-table.js'

/** A mapping with its paths in lower case and its shorthands written out. */
export interface ReadDocument {
  readonly fields: ReadFields<ArrayMapping | ConstantMapping>
  /** The path of `'*'`. */
  readonly rest: string | undefined
}

/** Checks a mapping and reads it, once. Throws a `SetupError`. */
export const readDocument = memo((mapping: DocumentMapping): ReadDocument => {
  checkMapping(mapping, MAPPING, 'mongo.md#entries-of-the-mapping')
  const { '*': rest, ...others } = mapping.attributes
  return { fields: readFields<ArrayMapping | ConstantMapping>(others), rest: pathOfRest(rest) }
})

function pathOfRest(rest: DocumentAttributeMapping | undefined): string | undefined {
  if (rest === undefined || typeof rest === 'string') return rest
  return 'field' in rest ? rest.field : undefined
}
