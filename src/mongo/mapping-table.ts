import { type Checks, placeOf, recordOf, required, TEXT } from '../check-options.js'
import { CONSTANT, FIELD } from '../fields/mapping-table.js'
import type { ArrayMapping, DocumentMapping } from './mapping.js'

const ARRAY = {
  array: required(TEXT),
  attributes: required(recordOf(required(placeOf('a field', { field: FIELD, constant: CONSTANT })))),
} satisfies Checks<keyof ArrayMapping>

/** The values that each key of a mapping takes, down to the single field. */
export const MAPPING: Checks<keyof DocumentMapping> = {
  attributes: required(recordOf(required(placeOf('a field', { field: FIELD, array: ARRAY, constant: CONSTANT })))),
}
