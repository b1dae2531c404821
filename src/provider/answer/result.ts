import type { Stored } from '../../adapter/contract.js'
import { isObject } from '../../is-object.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { compileProjection, type Projection } from '../../schema/projection/project.js'
import { ownProperty } from '../../schema/values/values.js'
import { hiddenFrom } from '../policy/access.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { entityTagOf, locationOf, represent, writingFor } from './represent.js'

/** The answer of an operation, before it is encoded. */
export interface Result {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: object | undefined
  /** Whether the body holds a large value and has to be written in pieces. */
  readonly large: boolean
}

/** A result without body. */
export function emptyResult(status: number, headers: Record<string, string> = {}): Result {
  return { status, headers, body: undefined, large: false }
}

/** The attributes of a response to a query, RFC 7644 section 3.9. */
export function projectionFor(context: Context, type: ResourceType, query: QueryParameters): Projection {
  return projectionAfterWrite(context, type, query, undefined)
}

/**
 * The attributes of a response to a write. RFC 7643 section 7: returned=request attributes are returned "if specified
 * by the client".
 */
export function projectionAfterWrite(
  context: Context,
  type: ResourceType,
  { attributes, excludedAttributes }: QueryParameters,
  input: JsonObject | undefined,
): Projection {
  const written = input && writtenOnRequest(type, input)
  const hidden = hiddenFrom(context, type)
  if (!attributes && !excludedAttributes && !written && !hidden) return type.defaultProjection
  return compileProjection(type.schema, { tolerate: context.tolerate, attributes, excludedAttributes, written, hidden })
}

function writtenOnRequest({ requestAttributes }: ResourceType, input: JsonObject): ReadonlySet<string> | undefined {
  if (requestAttributes.length === 0) return undefined
  const written = requestAttributes.filter(({ keys }) => isGiven(input, keys))
  return written.length === 0 ? undefined : new Set(written.map(({ path }) => path))
}

/** Whether the client has sent a value, in a list for any of its values. */
function isGiven(value: unknown, keys: readonly string[], depth = 0): boolean {
  const key = keys[depth]
  if (key === undefined) return value !== undefined
  if (Array.isArray(value)) return value.some((one) => isGiven(one, keys, depth))
  return isObject(value) && isGiven(ownProperty(value, key), keys, depth + 1)
}

/** A response with one resource. */
export function resourceResult(
  context: Context,
  type: ResourceType,
  status: number,
  stored: Stored,
  projection: Projection,
): Result {
  const writing = writingFor(context)
  const body = represent(context, type, stored, projection, writing)
  return { status, headers: headersOf(context, type, stored.id, stored.meta?.version), body, large: writing.large }
}

/**
 * RFC 7644 section 3.3: "the HTTP 'Location' header and the resource's 'meta.location'" agree; RFC 7643 section 3.1:
 * so does Content-Location (decision A-75). RFC 7644 section 3.14: the version is in the ETag header.
 */
export function headersOf(
  context: Context,
  type: ResourceType,
  id: string | number,
  version: string | number | null | undefined,
): Record<string, string> {
  const location = locationOf(context, type, id)
  const headers: Record<string, string> = { Location: location, 'Content-Location': location }
  const tag = entityTagOf(context, type, version)
  if (tag !== undefined) headers.ETag = tag
  return headers
}
