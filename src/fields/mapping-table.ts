import { BOOLEAN, type Checks, either, FUNCTION, required, SCALAR, TEXT, TRUE } from '../check-options.js'
import type { ConstantMapping, FieldMapping } from './mapping.js'

/** The values that each key of a field takes. */
export const FIELD = {
  field: required(TEXT),
  folded: either(TEXT, TRUE),
  required: BOOLEAN,
  parse: FUNCTION,
} satisfies Checks<keyof FieldMapping>

/** The value that a constant takes. */
export const CONSTANT = { constant: required(SCALAR) } satisfies Checks<keyof ConstantMapping>
