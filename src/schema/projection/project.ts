import { strict, type Tolerate } from '../../compatibility.js'
import type { ResourceSchema } from '../define/schema.js'
import type { Attribute } from '../model/attribute.js'
import { PositionalCache } from '../values/positional-cache.js'
import { withoutColon } from '../values/trailing-colon.js'
import { leave, type Writer, type Writers, type WriteValue, writerOf } from './write-value.js'

/** Which attributes a response has, RFC 7644 section 3.9. */
export interface ProjectionRequest {
  /** Default: strict. */
  readonly tolerate?: Tolerate
  /** Names that replace the default set. */
  readonly attributes?: readonly string[] | undefined
  /** Names that are taken from the default set. */
  readonly excludedAttributes?: readonly string[] | undefined
  /** RFC 7643 section 7, returned=request: attributes that the client has just set, by path. */
  readonly written?: ReadonlySet<string> | undefined
  /** Attributes that the client may not see. */
  readonly hidden?: ((attribute: Attribute) => boolean) | undefined
}

/** The attributes of a response, worked out once for each schema and request. */
export interface Projection {
  /** Whether a top-level attribute is needed. */
  readonly has: (attribute: string) => boolean
  /** Whether the response shows a top-level attribute: it shows those that are needed. */
  readonly shows: (attribute: string) => boolean
  /** Whether the request names a top-level attribute, or a part of it. */
  readonly names: (attribute: string) => boolean
  /** How the top-level attributes are written, by name; the objects of extensions among them. */
  readonly writers: Writers
  /** How `meta` is written, which the router makes anew; undefined when it is not in the response. */
  readonly meta: WriteValue | undefined
  /** Whether all of `meta` is in the response: members that are texts then need no conversion. */
  readonly wholeMeta: boolean
  /** The lists that are in the response without a value too. */
  readonly emptyLists: readonly string[]
  /** Attributes that the client may not see. */
  readonly hidden: ((attribute: Attribute) => boolean) | undefined
}

/** Works out the attributes that a client gets: `returned` of each attribute against the request's parameters. */
export function compileProjection(schema: ResourceSchema, request: ProjectionRequest = {}): Projection {
  const { written, hidden, tolerate = strict } = request
  const named = request.attributes && attributesNamed(schema, request.attributes, tolerate)
  const excluded = attributesNamed(schema, request.excludedAttributes ?? [], tolerate)

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

  const visibleIn = (holder: Attribute): readonly Writer[] =>
    holder.subAttributes
      .filter(isVisible)
      .map((attribute) => writerOf(attribute, new PositionalCache(visibleIn(attribute))))
  const visible = visibleIn(schema.root)
  const needed = new Set(visible.map(({ name }) => name))
  const topNames = new Set([...(named ?? [])].flatMap(({ keys }) => keys[0] ?? []))
  const meta = visible.find(({ name }) => name === 'meta')?.write
  const wholeMeta = meta !== undefined && (schema.root.subAttribute('meta')?.subAttributes.every(isVisible) ?? false)
  const writers = new PositionalCache([...visible, leave('schemas'), leave('meta')])
  const has = (name: string): boolean => needed.has(name)
  return Object.freeze({
    has,
    shows: has,
    names: (name: string) => topNames.has(name),
    writers,
    meta,
    wholeMeta,
    emptyLists: schema.root.subAttributes.filter((each) => each.showEmpty && isVisible(each)).map(({ name }) => name),
    hidden,
  })
}

/** RFC 7644 section 3.10: attributes by name or URN, in any letter case. Unknown names are ignored. */
function attributesNamed(schema: ResourceSchema, names: readonly string[], tolerate: Tolerate): Set<Attribute> {
  const found = new Set<Attribute>()
  for (const name of names) {
    const attribute = attributeNamed(schema, withoutColon(name.trim(), tolerate))
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
  // It belongs to a named attribute: a whole complex attribute, a whole extension, or the base schema.
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
