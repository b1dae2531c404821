import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import type { AttributeDefinition, SchemaDefinition } from '../model/definition.js'
import { resourceSchema } from './schema.js'

/**
 * Defines a schema of your own, as the base of a resource type or as an extension (RFC 7643 sections 3.2, 3.3 and 7).
 * It is checked at once and frozen; {@link ResourceOf} makes a TypeScript type of it. Throws a {@link SetupError} with
 * code `ERR_SCIM_SCHEMA` for a definition that RFC 7643 does not allow.
 *
 * @param schema URI, names and attributes; characteristics left out have the defaults of RFC 7643 section 2.2.
 *
 * @example
 * ```ts
 * import { defineSchema, type ResourceOf } from 'express-scim'
 *
 * export const Device = defineSchema({
 *   id: 'urn:example:scim:schemas:Device',
 *   attributes: [
 *     { name: 'serial', required: true, uniqueness: 'server', mutability: 'immutable' },
 *     { name: 'owner', type: 'complex', subAttributes: [{ name: 'value' }, { name: '$ref', type: 'reference' }] },
 *   ],
 * })
 * export interface DeviceResource extends ResourceOf<typeof Device> {}
 * ```
 */
export function defineSchema<const S extends SchemaDefinition>(schema: S): S {
  resourceSchema(schema)
  for (const attribute of schema.attributes) checkKeys(attribute)
  return freeze(schema)
}

// TypeScript cannot tell a misspelled characteristic from one more member, and it would be passed over in silence.
const KEYS: Readonly<Record<keyof AttributeDefinition, true>> = {
  name: true,
  type: true,
  multiValued: true,
  description: true,
  required: true,
  canonicalValues: true,
  caseExact: true,
  mutability: true,
  returned: true,
  uniqueness: true,
  referenceTypes: true,
  subAttributes: true,
  precis: true,
  role: true,
  enforceCanonicalValues: true,
  isValid: true,
  default: true,
  keepOnReplace: true,
  discoverable: true,
  showEmpty: true,
}

function checkKeys(attribute: AttributeDefinition): void {
  const unknown = Object.keys(attribute).find((key) => !Object.hasOwn(KEYS, key))
  if (unknown !== undefined) {
    throw new SetupError(
      'ERR_SCIM_SCHEMA',
      `Unknown key "${unknown}" in attribute "${attribute.name}".${didYouMean(unknown, Object.keys(KEYS))}`,
    )
  }
  for (const sub of attribute.subAttributes ?? []) checkKeys(sub)
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) freeze(part)
  return Object.freeze(value)
}
