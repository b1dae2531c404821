import { ANYTHING, BOOLEAN, type Checks, FUNCTION, oneOf } from '../../check-options.js'
import type { AttributeOverride } from './schema.js'

/** The values that each option of one attribute of a resource type takes. */
export const OVERRIDE: Checks<keyof AttributeOverride> = {
  uniqueness: oneOf('none', 'server', 'global'),
  required: BOOLEAN,
  enforceCanonicalValues: BOOLEAN,
  isValid: FUNCTION,
  default: ANYTHING,
  keepOnReplace: BOOLEAN,
  discoverable: BOOLEAN,
  showEmpty: BOOLEAN,
}
