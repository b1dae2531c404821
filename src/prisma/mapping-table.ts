import { type Checks, OBJECT, placeOf, recordOf, required, TEXT } from '../check-options.js'
import { CONSTANT, FIELD } from '../fields/mapping-table.js'
import type { ModelMapping, RelationMapping } from './mapping.js'

const RELATION = {
  relation: required(TEXT),
  where: OBJECT,
  attributes: required(recordOf(required(placeOf('a field', { field: FIELD, constant: CONSTANT })))),
} satisfies Checks<keyof RelationMapping>

/** The values that each key of a mapping takes, down to the single field. */
export const MAPPING: Checks<keyof ModelMapping> = {
  attributes: required(
    recordOf(required(placeOf('a field', { field: FIELD, relation: RELATION, constant: CONSTANT }))),
  ),
}
