import { type Attribute, isResourceReference } from './attribute.js'
import { LargeValue } from './large-value.js'
import type { JsonObject } from './resource.js'
import type { ResourceSchema } from './schema.js'

/** Which attributes a response has, RFC 7644 section 3.9. */
export interface ProjectionRequest {
  /** Names that replace the default set. */
  readonly attributes?: readonly string[] | undefined
  /** Names that are taken from the default set. */
  readonly excludedAttributes?: readonly string[] | undefined
  /** RFC 7643 section 7, returned=request: attributes that the client has just set, by path. */
  readonly written?: ReadonlySet<string> | undefined
  /** Attributes that the client may not see. */
  readonly hidden?: ((attribute: Attribute) => boolean) | undefined
}

/** What writing one message needs and leaves behind. */
export interface Writing {
  /** The URI of the resource that a reference points to, from the value with `value` and perhaps `type`. */
  readonly refer: (attribute: Attribute, value: JsonObject) => string | undefined
  /** Set when the message holds a {@link LargeValue}. */
  large: boolean
}

/** An attribute on its way into a response. */
export interface ProjectedAttribute {
  readonly attribute: Attribute
  readonly name: string
  /** Makes the value for the response; undefined when nothing of it is left. */
  readonly write: (value: unknown, writing: Writing) => unknown
}

/** The attributes of a response, worked out once for each schema and request. */
export interface Projection {
  /** Whether a top-level attribute is needed. */
  readonly has: (attribute: string) => boolean
  /** The top-level attributes, the objects of extensions among them. */
  readonly attributes: readonly ProjectedAttribute[]
  /** Attributes that the client may not see. */
  readonly hidden: ((attribute: Attribute) => boolean) | undefined
}

// Longer lists are written in pieces, so that none of them blocks the event loop.
const LARGE = 1_000

/** Works out what of a resource a client gets: `returned` of each attribute against what it asked for. */
export function compileProjection(schema: ResourceSchema, request: ProjectionRequest = {}): Projection {
  const named = request.attributes && attributesNamed(schema, request.attributes)
  const excluded = attributesNamed(schema, request.excludedAttributes ?? [])
  const { written, hidden } = request

  const isVisible = (attribute: Attribute): boolean => {
    // RFC 7643 section 7: "never" is never returned; a writeOnly attribute has to be "never".
    if (attribute.returned === 'never' || attribute.mutability === 'writeOnly') return false
    if (hidden?.(attribute)) return false
    // RFC 7644 section 3.9: "excludedAttributes" has no effect on attributes whose "returned" is "always".
    if (attribute.returned === 'always') return true
    if (named) return isNamed(attribute, named)
    if (excluded.has(attribute)) return false
    return attribute.returned === 'default' || (written?.has(attribute.path) ?? false)
  }

  const project = (attribute: Attribute): ProjectedAttribute => ({
    attribute,
    name: attribute.name,
    write: writerOf(attribute, attribute.subAttributes.filter(isVisible).map(project)),
  })
  const attributes = schema.root.subAttributes.filter(isVisible).map(project)
  const names = new Set(attributes.map(({ name }) => name))
  return Object.freeze({ has: (name: string) => names.has(name), attributes: Object.freeze(attributes), hidden })
}

/** RFC 7644 section 3.10: attributes by name or URN, in any letter case. Unknown names are ignored. */
function attributesNamed(schema: ResourceSchema, names: readonly string[]): Set<Attribute> {
  const found = new Set<Attribute>()
  for (const name of names) {
    const attribute = attributeNamed(schema, name.trim())
    if (attribute) found.add(attribute)
  }
  return found
}

/** The attribute, or the object of a schema, that a name in a query means: RFC 7644 section 3.10. */
export function attributeNamed(schema: ResourceSchema, text: string): Attribute | undefined {
  const urn = schema.urn(text)
  if (urn !== undefined) {
    return urn === schema.base.id ? schema.root : schema.extensionAttributes.find(({ name }) => name === urn)
  }
  const colon = text.lastIndexOf(':')
  const [name = '', sub, ...rest] = text.slice(colon + 1).split('.')
  if (rest.length > 0) return undefined
  return schema.find({ urn: colon < 0 ? undefined : text.slice(0, colon), name, sub })
}

function isNamed(attribute: Attribute, named: ReadonlySet<Attribute>): boolean {
  if (named.has(attribute)) return true
  // A part of it is named.
  for (const other of named) if (other.parent === attribute || other.extension === attribute) return true
  // It is part of what is named: a whole complex attribute, a whole extension, or the base schema.
  if (attribute.returned !== 'default') return false
  if (attribute.parent && named.has(attribute.parent)) return true
  if (attribute.parent && isPartNamed(attribute.parent, named)) return false
  if (attribute.extension) return named.has(attribute.extension)
  return !attribute.isExtension && isBaseNamed(named)
}

function isPartNamed(parent: Attribute, named: ReadonlySet<Attribute>): boolean {
  for (const other of named) if (other.parent === parent) return true
  return false
}

function isBaseNamed(named: ReadonlySet<Attribute>): boolean {
  for (const attribute of named) if (attribute.path === '') return true
  return false
}

function writerOf(attribute: Attribute, members: readonly ProjectedAttribute[]): ProjectedAttribute['write'] {
  const single = attribute.type === 'complex' ? complexWriter(attribute, members) : writeSimple
  return attribute.multiValued ? listWriter(single) : single
}

function writeSimple(value: unknown): unknown {
  if (typeof value === 'object') return value instanceof Date ? value.toISOString() : undefined
  return value
}

function complexWriter(attribute: Attribute, members: readonly ProjectedAttribute[]): ProjectedAttribute['write'] {
  const reference = isResourceReference(attribute) ? members.find(({ name }) => name === '$ref') : undefined
  const names = new Set(members.map(({ name }) => name))
  return (value, writing) => {
    if (typeof value !== 'object' || value === null) return undefined
    const source = value as JsonObject
    if (reference === undefined && isWritten(source, names)) return source
    const result: JsonObject = {}
    let empty = true
    for (const { name, write } of members) {
      const found = source[name]
      if (found === undefined || found === null) continue
      const written = write(found, writing)
      if (written === undefined) continue
      result[name] = written
      empty = false
    }
    if (reference !== undefined) {
      const location = writing.refer(attribute, source)
      if (location !== undefined) {
        result[reference.name] = location
        empty = false
      }
    }
    return empty ? undefined : result
  }
}

/** Whether a value can go out as it is: simple values alone, and none that the client may not see. */
function isWritten(value: JsonObject, names: ReadonlySet<string>): boolean {
  let empty = true
  for (const name in value) {
    if (!names.has(name) || typeof value[name] === 'object') return false
    empty &&= value[name] === undefined
  }
  return !empty
}

/** RFC 7643 section 2.5: an empty list is no value, and is left out. */
function listWriter(single: ProjectedAttribute['write']): ProjectedAttribute['write'] {
  return (value, writing) => {
    if (Array.isArray(value) ? value.length > LARGE : isIterable(value)) {
      writing.large = true
      return new LargeValue(value as Iterable<unknown>, (element) => single(element, writing))
    }
    if (!Array.isArray(value)) return undefined
    const result: unknown[] = []
    for (const element of value) {
      if (element === undefined || element === null) continue
      const written = single(element, writing)
      if (written !== undefined) result.push(written)
    }
    return result.length === 0 ? undefined : result
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}
