import type { Awaitable } from '../../adapter/contract.js'
import { type InTurns, inTurns } from '../../in-turns.js'
import { isObject } from '../../is-object.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { hasLongList } from '../../schema/reading/read-ahead.js'
import { canonicalizeResource, readResourceAhead } from '../../schema/resources/canonicalize.js'
import { validateResource } from '../../schema/resources/validate.js'
import type { Context } from '../request/context.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { type BodyReading, placeKeys, strayKeys } from './place-keys.js'

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
  const identify = identifyReference(context)
  const keys = strayKeys(schema, body)
  if (keys === undefined && !(isObject(body) && hasLongList(body))) {
    const resource = canonicalizeResource(schema, body, { tolerate: context.tolerate, identify, replace })
    validateResource(schema, resource, { replace })
    return resource
  }
  const reading = { schema, tolerate: context.tolerate, identify, limits: context.provider.patchLimits, replace }
  return inTurns(readInTurns(reading, body, keys), () => context.breather.pauseIfDue())
}

interface ResourceReading extends BodyReading {
  readonly replace: boolean
}

function* readInTurns(
  reading: ResourceReading,
  body: unknown,
  keys: readonly string[] | undefined,
): InTurns<JsonObject> {
  const { schema, replace } = reading
  const first = yield* readResourceAhead(schema, body, reading)
  const placed = keys ? yield* placeKeys({ ...reading, ahead: first }, body as JsonObject, keys) : body
  const ahead = keys ? yield* readResourceAhead(schema, placed, { ...reading, ahead: first }) : first
  const resource = canonicalizeResource(schema, placed, { ...reading, ahead })
  yield
  validateResource(schema, resource, { replace })
  return resource
}
