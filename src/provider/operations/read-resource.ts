import { canonicalizeResource } from '../../schema/canonicalize.js'
import type { JsonObject } from '../../schema/resource.js'
import { validateResource } from '../../schema/validate.js'
import type { Context } from '../request/context.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { placeKeys } from './place-keys.js'

/**
 * The resource in the body of a POST or PUT: canonical, coerced, valid, without read-only attributes.
 *
 * @param replace Whether it takes the place of a stored one (PUT): what the store keeps may then be missing, and a member
 *   whose value is undefined says that an attribute is to have none.
 */
export function readResource(context: Context, { schema }: ResourceType, body: unknown, replace = false): JsonObject {
  const { tolerate } = context
  const identify = identifyReference(context)
  const placed = placeKeys({ schema, tolerate, identify }, body)
  const resource = canonicalizeResource(schema, placed, { tolerate, identify, replace })
  validateResource(schema, resource, { replace })
  return resource
}
