import type { Awaitable } from '../../adapter/contract.js'
import { inTurns } from '../../in-turns.js'
import { canonicalizeResource } from '../../schema/canonicalize.js'
import type { JsonObject } from '../../schema/resource.js'
import { validateResource } from '../../schema/validate.js'
import type { Context } from '../request/context.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { placeKeys, strayKeys } from './place-keys.js'

/**
 * The resource in the body of a POST or PUT: canonical, coerced, valid, without read-only attributes.
 *
 * @param replace Whether it replaces a stored resource (PUT): values that the store keeps may then be missing, and a
 *   member whose value is undefined says that an attribute is to have none.
 */
export function readResource(
  context: Context,
  { schema }: ResourceType,
  body: unknown,
  replace = false,
): Awaitable<JsonObject> {
  const { tolerate, breather } = context
  const identify = identifyReference(context)
  const read = (placed: unknown): JsonObject => {
    const resource = canonicalizeResource(schema, placed, { tolerate, identify, replace })
    validateResource(schema, resource, { replace })
    return resource
  }
  const keys = strayKeys(schema, body)
  if (keys === undefined) return read(body)
  const steps = placeKeys({ schema, tolerate, identify }, body as JsonObject, keys)
  return inTurns(steps, () => breather.pauseIfDue()).then(read)
}
