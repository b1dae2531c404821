import { checkMapping } from '../fields/check-mapping.js'
import { type ConstantMapping, type ReadFields, readFields } from '../fields/mapping.js'
import { memo } from '../memo.js'
import type { ModelMapping, RelationMapping } from './mapping.js'
import { MAPPING } from './mapping-table.js'

/** A mapping with its paths in lower case and its shorthands written out. */
export type ReadModel = ReadFields<RelationMapping | ConstantMapping>

/** Checks a mapping and reads it, once. Throws a `SetupError`. */
export const readModel = memo((mapping: ModelMapping): ReadModel => {
  checkMapping(mapping, MAPPING, 'prisma.md#entries-of-the-mapping')
  return readFields<RelationMapping | ConstantMapping>(mapping.attributes)
})
