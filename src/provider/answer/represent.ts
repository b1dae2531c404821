import type { Stored } from '../../adapter/contract.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { Projection } from '../../schema/projection/project.js'
import { type WriteContext, writeProperties } from '../../schema/projection/write-value.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/** URI of a resource. */
export function locationOf(context: Context, type: ResourceType, id: string | number): string {
  return context.location(type.endpoint, id)
}

/** The settings for writing the resources of one message. */
export function writingFor(context: Context): WriteContext {
  return { large: false, refer: (attribute, value) => referenceOf(context, attribute, value) }
}

/** A stored resource as a client sees it, RFC 7644 section 3.9. */
export function represent(
  context: Context,
  type: ResourceType,
  stored: Stored,
  projection: Projection,
  writing: WriteContext,
): JsonObject {
  const schemas = schemasOf(type, stored, projection.hidden)
  // "schemas" comes first. A store that has a place for it spares the slower way of copying.
  const result: JsonObject = stored.schemas === undefined ? { schemas, ...stored } : { ...stored }
  writeProperties(stored, projection.writers, writing, result)
  // Decision A-138.
  for (const name of projection.emptyLists) result[name] ??= []
  // The router sets these, even if the store has values of the same names.
  result.schemas = schemas
  const meta = metaOf(context, type, stored)
  result.meta = projection.wholeMeta && isWritten(meta) ? meta : projection.meta?.(meta, writing)
  return result
}

/**
 * RFC 7643 section 3: the URI of the base schema, and of each extension that the client sees data of (decision A-59e).
 */
function schemasOf({ schema }: ResourceType, source: JsonObject, hidden: Projection['hidden']): string[] {
  let schemas: string[] | undefined
  for (const extension of schema.extensionAttributes) {
    const value = source[extension.name]
    if (typeof value !== 'object' || value === null || !hasData(value as JsonObject, extension, hidden)) continue
    // Most have one at most, and an array that grows takes much more room than it needs.
    if (schemas) schemas.push(extension.name)
    else schemas = [schema.base.id, extension.name]
  }
  return schemas ?? [schema.base.id]
}

function hasData(object: JsonObject, extension: Attribute, hidden: Projection['hidden']): boolean {
  for (const name in object) {
    const value = object[name]
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue
    const attribute = hidden && extension.subAttribute(name)
    if (attribute === undefined || !hidden?.(attribute)) return true
  }
  return false
}

/**
 * The entity tag of a stored version, for every projection (decision A-74); undefined if the store keeps no version.
 */
export function entityTagOf(
  context: Context,
  { supports }: ResourceType,
  version: string | number | null | undefined,
): string | undefined {
  return supports.versions && version !== undefined && version !== null ? context.entityTag(version) : undefined
}

function metaOf(context: Context, type: ResourceType, { id, meta }: Stored): JsonObject {
  return {
    resourceType: type.name,
    created: meta?.created,
    lastModified: meta?.lastModified,
    location: locationOf(context, type, id),
    version: entityTagOf(context, type, meta?.version),
  }
}

/** Whether a store gave the times as texts. */
function isWritten({ created, lastModified }: JsonObject): boolean {
  return typeof created === 'string' && typeof lastModified === 'string'
}

/**
 * RFC 7643 section 2.4: "$ref" is the URI of the resource that `value` identifies. Its resource type is named by
 * `type`, or it is the only type that the attribute can point to; otherwise the type is unknown.
 */
function referenceOf(context: Context, attribute: Attribute, value: JsonObject): string | undefined {
  const id = value.value
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return undefined
  const { typesByName } = context.provider
  const named = typeof value.type === 'string' ? typesByName.get(value.type) : undefined
  const target = named ?? onlyTarget(attribute, typesByName)
  try {
    return target && locationOf(context, target, id)
  } catch (error) {
    // A client may have sent half a surrogate pair, which a URI cannot hold. The resource must stay readable.
    if (error instanceof URIError) return undefined
    throw error
  }
}

function onlyTarget(attribute: Attribute, types: ReadonlyMap<string, ResourceType>): ResourceType | undefined {
  const { referenceTypes = [] } = attribute.subAttribute('$ref') ?? {}
  return referenceTypes.length === 1 ? types.get(referenceTypes[0] ?? '') : undefined
}
