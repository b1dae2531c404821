import { ScimError } from '../../error.js'
import type { Attribute } from '../model/attribute.js'

/** The error for a required attribute that a client left out. */
export function missing({ path }: Attribute): ScimError {
  return ScimError.invalidValue(`Attribute "${path}" is missing.`, { attribute: path })
}

/** RFC 7644 section 3.5.2.2: the error for the removal of a required attribute is 400 mutability. */
export function cannotUnassign({ path }: Attribute): ScimError {
  return ScimError.mutability(`Attribute "${path}" is required and cannot be unassigned.`, { attribute: path })
}
