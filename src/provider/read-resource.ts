import { canonicalizeResource } from '../schema/canonicalize.js'
import type { JsonObject } from '../schema/resource.js'
import { validateResource } from '../schema/validate.js'
import type { Context } from './context.js'
import type { ResourceType } from './resource-type.js'

/** The resource in the body of a POST or PUT: canonical, coerced, valid, without read-only attributes. */
export function readResource(context: Context, { schema }: ResourceType, body: unknown): JsonObject {
  const resource = canonicalizeResource(schema, body, { tolerate: context.tolerate })
  validateResource(schema, resource)
  return resource
}
