import type { Call, ResourceAdapter, Supports } from '../../adapter/contract.js'
import { coreType } from '../../schema/core/core-types.js'
import { extensionOf, type ResourceSchema, resourceSchema } from '../../schema/define/schema.js'
import { type Attribute, allAttributes, isResourceReference } from '../../schema/model/attribute.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { SetupError } from '../../setup-error.js'
import { didYouMean } from '../../suggest.js'
import type { CheckedResourceType } from './options.js'

/** A resource type whose adapter is checked, with facts that are worked out once. */
export interface Subject {
  readonly name: string
  readonly schema: ResourceSchema
  readonly supports: Supports
  readonly options: CheckedResourceType
  /** The adapter for a call. */
  readonly adapter: (call: Call) => Promise<ResourceAdapter>
  /** Attributes of the resource and of its extensions that clients write and the store keeps. */
  readonly attributes: readonly Attribute[]
  /** The attributes among them that no client can read. */
  readonly unreadable: readonly Attribute[]
  /** The text attribute whose value identifies the resources of a check. */
  readonly mark: Attribute
  /** Whether the store keeps an attribute, or a part of one. */
  readonly isKept: (attribute: Attribute) => boolean
}

/** Works out the facts about a resource type. Throws a {@link SetupError} if the type cannot be checked. */
export function subjectOf(
  name: string,
  options: CheckedResourceType,
  supports: Supports,
  adapter: Subject['adapter'],
): Subject {
  const core = coreType(name)
  const base = options.schema ?? core?.schema
  if (base === undefined)
    throw new SetupError('ERR_SCIM_RESOURCE_TYPE', `Option schema of resource type ${name} is missing.`)
  const extensions = (options.extensions ?? (options.schema ? [] : core?.extensions) ?? []).map(extensionOf)
  const schema = resourceSchema(base, extensions, options.attributes)
  const isKept = keeper(schema, options.omit ?? [])
  const attributes = schema.root.subAttributes
    .filter(({ name: own }) => own !== 'id' && own !== 'meta' && own !== 'schemas')
    .flatMap((attribute) => (attribute.isExtension ? attribute.subAttributes : attribute))
    .filter((attribute) => attribute.mutability !== 'readOnly' && isKept(attribute))
  const mark = attributes.find((attribute) => attribute.path === 'externalId') ?? attributes.find(canMark)
  if (mark === undefined) {
    throw new SetupError(
      'ERR_SCIM_SCHEMA',
      `Resource type ${name} must have a text attribute by which a check can find its resources.`,
    )
  }
  const unreadable = attributes.filter(isUnreadable)
  return Object.freeze({ name, schema, supports, options, adapter, attributes, unreadable, mark, isKept })
}

/** The type without some attributes; the type itself if no attribute would be left to identify its resources. */
export function withOmitted(subject: Subject, paths: readonly string[]): Subject {
  const { name, options, supports, adapter } = subject
  const omit = [...(options.omit ?? []), ...paths]
  try {
    return subjectOf(name, { ...options, omit }, supports, adapter)
  } catch (error) {
    if (error instanceof SetupError) return subject
    throw error
  }
}

function keeper(schema: ResourceSchema, omit: readonly string[]): Subject['isKept'] {
  const omitted = new Set(omit.map((path) => path.toLowerCase()))
  const paths = allAttributes(schema.root).map(({ path }) => path)
  const known = new Set(paths.map((path) => path.toLowerCase()))
  const unknown = omit.find((path) => !known.has(path.toLowerCase()))
  if (unknown !== undefined) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `Option omit names the unknown attribute "${unknown}".${didYouMean(unknown, paths)}`,
    )
  }
  const isKept = (attribute: Attribute): boolean => {
    if (omitted.has(attribute.path.toLowerCase())) return false
    const holder = attribute.parent ?? attribute.extension
    return holder === undefined || isKept(holder)
  }
  return isKept
}

function canMark(attribute: Attribute): boolean {
  const { type, multiValued, mutability, canonicalValues } = attribute
  const isText = type === 'string' && !multiValued && canonicalValues.length === 0
  return isText && mutability === 'readWrite' && !isUnreadable(attribute)
}

/** The multi-valued references of a resource type, e.g. the members of a group. */
export function referenceLists({ attributes }: Subject): readonly Attribute[] {
  return attributes.filter((attribute) => attribute.multiValued && isResourceReference(attribute))
}
