import createDebug from 'debug'
import type { Call, ResourceAdapter, Supports } from '../../adapter/contract.js'
import { type IdTest, idTest } from '../../adapter/id-shape.js'
import { kindOf, TEXTS } from '../../check-options.js'
import { CORE_NAMES, coreType } from '../../schema/core/core-types.js'
import {
  type ExtensionEntry,
  extensionOf,
  type ResourceSchema,
  resourceSchema,
  type SchemaExtension,
} from '../../schema/define/schema.js'
import { type Attribute, allAttributes, isInList, isResourceReference } from '../../schema/model/attribute.js'
import { compileProjection, type Projection } from '../../schema/projection/project.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import { adapterOf, supportsOf } from './adapter-of.js'
import { fixedEndpoint } from './fixed-endpoints.js'
import type { ResourceEntry } from './options.js'

const debug = createDebug('scim:setup')

/** A resource type of the service, RFC 7643 section 6, with all objects that the router makes once for it. */
export interface ResourceType {
  readonly name: string
  readonly endpoint: string
  readonly description: string
  readonly schema: ResourceSchema
  readonly supports: Readonly<Required<Pick<Supports, 'versions'>> & Pick<Supports, 'cursor'>>
  /** Whether a text can be an identifier; undefined: any can. */
  readonly isId: IdTest | undefined
  /** The adapter for a call. */
  readonly adapter: (call: Call) => ResourceAdapter
  /** The attributes of a response if the client names none. */
  readonly defaultProjection: Projection
  readonly onDuplicate: NonNullable<ResourceEntry['onDuplicate']>
  /** The attributes that events watch. */
  readonly roles: Readonly<Record<NonNullable<Attribute['role']>, readonly Attribute[]>>
  /** Attributes with returned=request, RFC 7643 section 7. */
  readonly requestAttributes: readonly Attribute[]
  /** Attributes that clients write and whose values are unique; those in lists come last. */
  readonly unique: readonly Attribute[]
  /** Multi-valued attributes whose values point to resources, such as `members`. */
  readonly references: readonly Attribute[]
}

/** Endpoints of the core resource types, without slash. */
export const CORE_ENDPOINTS: readonly string[] = CORE_NAMES.map((name) => `${name}s`)

/**
 * Makes the resource types of the `resources` option. Throws a {@link SetupError} for a type that the router cannot
 * serve.
 */
export function resourceTypes(entries: Readonly<Record<string, ResourceEntry>>): readonly ResourceType[] {
  if (Object.keys(entries).length === 0) throw invalid('Option resources must name at least one resource type')
  const types = Object.entries(entries).map(([name, entry]) => resourceTypeOf(name, entry))
  // RFC 7643 section 6: name and endpoint are unique on the server (erratum 8475: case exact, but two that differ in
  // case confuse).
  const byEndpoint = new Map<string, string>()
  for (const { name, endpoint } of types) {
    const other = byEndpoint.get(endpoint.toLowerCase())
    if (other !== undefined) {
      throw invalid(`Resource types ${other} and ${name} must not have the same endpoint, "${endpoint}"`)
    }
    byEndpoint.set(endpoint.toLowerCase(), name)
  }
  return Object.freeze(types)
}

function resourceTypeOf(name: string, entry: ResourceEntry): ResourceType {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw invalid(`"${name}" is not a valid name of a resource type`)
  const core = coreType(name)
  const base = entry.schema ?? core?.schema
  if (base === undefined) {
    throw invalid(`Option schema of resource type ${name} is missing`, didYouMean(name, CORE_NAMES))
  }
  const extensions = (entry.extensions ?? (entry.schema ? [] : core?.extensions) ?? []).map((extension) =>
    checkedExtension(name, extension),
  )
  const schema = resourceSchema(base, extensions, entry.attributes)
  warnOfRepeated(schema)
  const endpoint = entry.endpoint ?? `/${name}s`
  if (!/^\/[A-Za-z0-9._~-]+$/.test(endpoint)) {
    const rule = endpoint.startsWith('/') ? 'be one part of a path such as /Users' : 'begin with a slash'
    throw invalid(`Option endpoint of resource type ${name} must ${rule}, got "${endpoint}"`)
  }
  if (fixedEndpoint(endpoint.slice(1)) !== undefined) {
    throw invalid(
      `Option endpoint of resource type ${name} must not be "${endpoint}", which the protocol has for itself`,
    )
  }
  const declared = supportsOf(name, entry.adapter)
  const { versions = false, cursor } = entry.supports ?? declared ?? {}
  const attributes = allAttributes(schema.root)
  const isId = idTest(entry.ids)
  requireUniqueness(name, entry.adapter, attributes)
  return Object.freeze({
    name,
    endpoint,
    description: entry.description ?? core?.description ?? base.description ?? name,
    schema,
    supports: Object.freeze({ versions, ...(cursor && { cursor }) }),
    isId,
    adapter: adapterOf(name, entry.adapter, isId),
    defaultProjection: compileProjection(schema),
    onDuplicate: entry.onDuplicate ?? 'refuse',
    roles: Object.freeze({
      activation: attributes.filter(({ role }) => role === 'activation'),
      membership: attributes.filter(({ role }) => role === 'membership'),
    }),
    requestAttributes: attributes.filter(({ returned }) => returned === 'request'),
    unique: uniqueAmong(attributes),
    references: attributes.filter((attribute) => attribute.multiValued && isResourceReference(attribute)),
  })
}

function uniqueAmong(attributes: readonly Attribute[]): readonly Attribute[] {
  const unique = attributes.filter(({ uniqueness, mutability, type }) => {
    return uniqueness !== 'none' && mutability !== 'readOnly' && type !== 'complex'
  })
  return [...unique.filter((attribute) => !isInList(attribute)), ...unique.filter(isInList)]
}

/**
 * RFC 7643 section 2.2, uniqueness: "A single keyword value that specifies how the service provider enforces
 * uniqueness".
 */
function requireUniqueness(name: string, adapter: ResourceEntry['adapter'], attributes: readonly Attribute[]): void {
  const enforced = typeof adapter === 'object' ? adapter.enforces : undefined
  if (enforced === undefined) return
  if (!TEXTS.accepts(enforced)) {
    const sentence = `Member enforces of the adapter of ${name} must be ${TEXTS.expects}, got ${kindOf(enforced)}.`
    throw new SetupError('ERR_SCIM_ADAPTER', sentence)
  }
  const known = new Set(enforced.map((path) => path.toLowerCase()))
  for (const { path, uniqueness } of attributes) {
    if (uniqueness === 'none' || path === 'id' || known.has(path.toLowerCase())) continue
    throw new SetupError(
      'ERR_SCIM_UNIQUENESS',
      `${name} announces that "${path}" is unique, but its adapter does not enforce that: give the adapter the same "attributes" and extensions as the resource type.`,
    )
  }
}

function checkedExtension(name: string, extension: ExtensionEntry): SchemaExtension {
  // Where modules import each other in a circle, a schema may not be there yet.
  if (typeof extension !== 'object' || extension === null)
    throw invalid(`Each extension of resource type ${name} must be a schema`)
  return extensionOf(extension)
}

// RFC 7643 section 3.3: an extension should not define an attribute of the base schema again.
function warnOfRepeated({ root, extensionAttributes }: ResourceSchema): void {
  for (const extension of extensionAttributes) {
    for (const attribute of extension.subAttributes) {
      if (root.subAttribute(attribute.name)) {
        debug('extension %s defines "%s", which the base schema has too', extension.name, attribute.name)
      }
    }
  }
}

function invalid(sentence: string, suggestion = ''): SetupError {
  return new SetupError('ERR_SCIM_RESOURCE_TYPE', `${sentence}.${suggestion}`)
}
