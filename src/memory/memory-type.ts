import { checkOption, TEXTS } from '../check-options.js'
import {
  type AttributeOverride,
  type ExtensionEntry,
  extensionsOf,
  type ResourceSchema,
  resourceSchema,
} from '../schema/define/schema.js'
import { ASSIGNED } from '../schema/model/assigned.js'
import {
  type Attribute,
  allAttributes,
  isReferenceList,
  isResourceReference,
  valueAttribute,
} from '../schema/model/attribute.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import { unreadableAttributes } from '../schema/resources/unreadable.js'
import { SetupError } from '../setup-error.js'
import { didYouMean } from '../suggest.js'

/** How the store keeps the resources of one type. */
export interface MemoryTypeOptions<Path extends string = string> {
  /** Base schema. Users and groups of `memoryAdapters` have theirs. */
  readonly schema: SchemaDefinition
  /**
   * Schema extensions: the same as in `resources` of the router.
   *
   * @defaultValue none
   */
  readonly extensions?: readonly ExtensionEntry[]
  /**
   * Policies of single attributes, the same as in `resources` of the router: `{ displayName: { uniqueness: 'server' }
   * }`.
   *
   * @defaultValue none
   */
  readonly attributes?: { readonly [Attribute in Path]?: AttributeOverride | undefined }
  /**
   * Paths of attributes with an index, for clients that often send `eq` filters with them: `['emails.value']`. Unique
   * attributes, references, `externalId` and `displayName` always have one.
   *
   * @defaultValue none
   */
  readonly indexes?: readonly Path[]
}

/** The links of a resource type to others of the same store. */
export interface MemoryLinkOptions {
  /** Name of the resource type, as the `type` of a member has it. */
  readonly name: string
  /** The readOnly attribute that shows where the resource is a member, e.g. `groups` of a user. */
  readonly memberOf?: string
  /** Paths of the attributes that say how others call the resource: the first that has a value. */
  readonly display?: readonly string[]
}

/** A resource type with everything worked out that the store asks of its schema. */
export interface MemoryType {
  readonly name: string
  /** Attributes that are looked up by value, but for `id` and references. */
  readonly indexed: readonly Attribute[]
  /** Multi-valued references. They may be long, so each value is kept by itself. */
  readonly references: readonly Attribute[]
  /**
   * References that are kept with the other attributes, such as `manager`: those to a resource that goes are taken out.
   */
  readonly pointers: readonly Attribute[]
  readonly memberOf: Attribute | undefined
  readonly display: readonly Attribute[]
  /**
   * Top-level attributes that are not kept with the others: assigned by the store, long, or made of other resources.
   */
  readonly apart: ReadonlySet<string>
  /**
   * Top-level attributes that are not kept with the others, long or made of other resources; without those that the
   * store assigns.
   */
  readonly notStored: ReadonlySet<string>
  /** Attributes that no client can read: kept when a draft lacks them, and never handed out. */
  readonly unreadable: readonly Attribute[]
}

/**
 * Works out the parts of a schema that the store uses. Throws a {@link SetupError} for a path that the schema lacks.
 */
export function memoryType(options: MemoryTypeOptions, link: MemoryLinkOptions): MemoryType {
  checkOption(options.indexes, TEXTS, { owner: 'the memory adapter', code: 'ERR_SCIM_OPTION', path: 'indexes' })
  const extensions = extensionsOf(options.extensions)
  const schema = resourceSchema(options.schema, extensions, options.attributes)
  const all = allAttributes(schema.root)
  const memberOf = link.memberOf === undefined ? undefined : find(schema, all, link.memberOf)
  const references = schema.root.subAttributes.filter(isReferenceList)
  const named = (options.indexes ?? []).map((path) => {
    const attribute = find(schema, all, path)
    if (!isIndexable(attribute)) throw unknown(schema, path)
    return attribute
  })
  const isApart = ({ parent, keys: [top = ''] }: Attribute): boolean =>
    ASSIGNED.has(top) || (parent !== undefined && (references.includes(parent) || parent === memberOf))
  const isPointer = (attribute: Attribute): boolean =>
    isResourceReference(attribute) && attribute.mutability !== 'readOnly' && !references.includes(attribute)
  const pointers = all.filter(isPointer)
  const usual = all.filter(({ path, uniqueness }) => uniqueness !== 'none' || USUALLY_ASKED_FOR.has(path))
  const indexed = new Set([...usual, ...named, ...pointers.map(referenceValue)])
  const notStored = new Set([...references, ...(memberOf ? [memberOf] : [])].map(({ name }) => name))
  return Object.freeze({
    name: link.name,
    indexed: [...indexed].filter((attribute) => isIndexable(attribute) && !isApart(attribute)),
    references,
    pointers,
    memberOf,
    display: (link.display ?? []).map((path) => find(schema, all, path)),
    apart: new Set([...ASSIGNED, ...notStored]),
    notStored,
    unreadable: unreadableAttributes(schema),
  })
}

// The attributes by which identity providers match resources.
const USUALLY_ASKED_FOR: ReadonlySet<string> = new Set(['externalId', 'displayName'])

function find(schema: ResourceSchema, all: readonly Attribute[], path: string): Attribute {
  const found = all.find((attribute) => attribute.path.toLowerCase() === path.toLowerCase())
  if (!found) throw unknown(schema, path)
  return found
}

function unknown(schema: ResourceSchema, path: string): SetupError {
  const suggestion = didYouMean(
    path,
    allAttributes(schema.root).map((one) => one.path),
  )
  return new SetupError('ERR_SCIM_OPTION', `Unknown attribute "${path}" of schema ${schema.base.id}.${suggestion}`)
}

// Looking up a boolean finds half of all resources, and filters see values of "primary" that are not there.
function isIndexable({ type }: Attribute): boolean {
  return type !== 'complex' && type !== 'boolean'
}

/** The attribute whose value identifies references. */
export function referenceValue(attribute: Attribute): Attribute {
  return valueAttribute(attribute) as Attribute
}
