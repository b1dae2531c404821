import { kindOf } from '../../check-options.js'
import { isObject } from '../../is-object.js'
import { didYouMean } from '../../suggest.js'
import { SCHEMA_SCHEMA } from '../../urn.js'
import { type Attribute, allAttributes } from '../model/attribute.js'
import { COMMON_ATTRIBUTES } from '../model/common-attributes.js'
import type {
  AttributeDefinition,
  AttributePolicy,
  AttributeType,
  SchemaDefinition,
  Uniqueness,
} from '../model/definition.js'
import { fitsDefault } from '../reading/read-attribute.js'
import { withoutUndefined } from '../values/values.js'
import { checkAttributeForm, checkSchemaForm, invalidSchema, shown } from './check-definition.js'

/** An extension of a resource type, RFC 7643 section 6. */
export interface SchemaExtension {
  readonly schema: SchemaDefinition
  /** RFC 7643 section 6: whether a resource has to have it. */
  readonly required: boolean
}

/** An extension as it is configured: alone, or with whether a resource has to have it. */
export type ExtensionEntry = SchemaDefinition | SchemaExtension

/** An extension with whether a resource has to have it. Throws a {@link SetupError}. */
export function extensionOf(entry: ExtensionEntry): SchemaExtension {
  // Where modules import each other in a circle, a schema may not be there yet.
  const given: unknown = entry
  if (!isObject(given)) throw invalidSchema(`Each extension must be a schema, got ${kindOf(given)}`)
  return 'schema' in entry ? entry : { schema: entry, required: false }
}

/** The extensions of an option, each with whether a resource has to have it. Throws a {@link SetupError}. */
export function extensionsOf(entries: readonly ExtensionEntry[] = []): readonly SchemaExtension[] {
  if (!Array.isArray(entries)) throw invalidSchema(`Extensions must be an array of schemas, got ${kindOf(entries)}`)
  return entries.map(extensionOf)
}

/** The schemas of configured extensions, for {@link ResourceOf}. */
// What TypeScript 5 infers for an object in a list has the member, and yet does not extend an object type that demands
// it.
export type SchemaOf<Entry> = Entry extends SchemaDefinition
  ? Entry
  : 'schema' extends keyof Entry
    ? Entry['schema'] extends SchemaDefinition
      ? Entry['schema']
      : never
    : never

/** The settings of a resource type for one of its attributes, beside those of the schema. */
export interface AttributeOverride extends AttributePolicy {
  /**
   * `'server'`: two resources with the same value are refused with 409.
   *
   * @defaultValue as the schema says
   */
  readonly uniqueness?: Uniqueness
  /**
   * Whether a resource must have a value.
   *
   * @defaultValue as the schema says
   */
  readonly required?: boolean
}

/** An attribute as a client names it, RFC 7644 section 3.10: `[URN ":"] name ["." sub]`. */
export interface AttributePath {
  readonly urn: string | undefined
  readonly name: string
  readonly sub: string | undefined
}

/**
 * The schema of a resource type: base schema, common attributes and extensions in one case-insensitive index.
 */
export interface ResourceSchema {
  readonly base: SchemaDefinition
  readonly extensions: readonly SchemaExtension[]
  /** The resource as one complex attribute: common and base attributes, then one object for each extension. */
  readonly root: Attribute
  /** The objects of the extensions, in order. */
  readonly extensionAttributes: readonly Attribute[]
  /** The URN as its schema spells it, from one in any letter case (RFC 7644 section 3.10). */
  readonly urn: (text: string) => string | undefined
  /** The attribute a path names, or undefined. */
  readonly find: (path: AttributePath) => Attribute | undefined
}

const TYPES: readonly AttributeType[] = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'binary',
  'reference',
  'complex',
]
const TEXTS: ReadonlySet<AttributeType> = new Set(['string', 'dateTime', 'binary', 'reference'])
const CHARACTERISTICS: Readonly<Record<'type' | 'mutability' | 'returned' | 'uniqueness', readonly string[]>> = {
  type: TYPES,
  mutability: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  returned: ['always', 'never', 'default', 'request'],
  uniqueness: ['none', 'server', 'global'],
}

/**
 * Joins a base schema and its extensions. Throws a {@link SetupError} with code `ERR_SCIM_SCHEMA` for a definition that
 * RFC 7643 does not allow.
 */
export function resourceSchema(
  base: SchemaDefinition,
  extensions: readonly SchemaExtension[] = [],
  overrides: Readonly<Record<string, AttributeOverride | undefined>> = {},
): ResourceSchema {
  const seen = new Set<string>()
  for (const schema of [base, ...extensions.map((extension) => extension.schema)]) {
    checkSchemaForm(schema)
    const { id } = schema
    const key = id.toLowerCase()
    if (seen.has(key)) throw invalidSchema(`Schema ${id} must not be given twice`)
    seen.add(key)
  }

  if (!isObject(overrides)) {
    throw invalidSchema(`Option attributes for schema ${base.id} must be an object, got ${kindOf(overrides)}`)
  }
  const pending: PendingOverrides = new Map(
    Object.entries(overrides).map(([path, override]) => [path.toLowerCase(), { path, override }]),
  )
  // RFC 7643 section 3.1: the characteristics of the common attributes hold even if a schema defines them again.
  const own = base.attributes.filter((attribute) => !isCommon(attribute.name))
  const root: MutableAttribute = { ...blank(), type: 'complex' }
  // RFC 7643 section 8.7.2: only the schema of schemas has complex attributes below complex attributes.
  const nested = base.id === SCHEMA_SCHEMA
  const members = [...COMMON_ATTRIBUTES, ...own].map((definition) =>
    build(definition, root, undefined, pending, nested),
  )
  const extensionAttributes = extensions.map((extension) => buildExtension(extension, root, pending))
  adopt(root, [...members, ...extensionAttributes])
  const [unknown] = pending.values()
  if (unknown) {
    const suggestion = didYouMean(
      unknown.path,
      allAttributes(root).map(({ path }) => path),
    )
    throw invalidSchema(`Unknown attribute "${unknown.path}" in option attributes for schema ${base.id}`, suggestion)
  }

  const urns = new Map<string, Attribute>([[base.id.toLowerCase(), root]])
  for (const extension of extensionAttributes) urns.set(extension.name.toLowerCase(), extension)
  const holders = [
    { id: base.id, holder: root },
    ...extensionAttributes.map((each) => ({ id: each.name, holder: each })),
  ]
  // Like names, URNs mostly come spelled as in the schema; to compare the few there are is faster than to hash a long
  // text.
  const findUrn = (text: string): Attribute | undefined => {
    for (const { id, holder } of holders) if (id === text) return holder
    return urns.get(text.toLowerCase())
  }

  // RFC 7644 section 3.10: without a URN the base schema is meant. A name that it lacks and one extension has is
  // unambiguous.
  const findUnqualified = (name: string): Attribute | undefined => {
    const found = root.subAttribute(name)
    if (found) return found
    const candidates = extensionAttributes.flatMap((extension) => extension.subAttribute(name) ?? [])
    return candidates.length === 1 ? candidates[0] : undefined
  }

  return Object.freeze({
    base,
    extensions: Object.freeze([...extensions]),
    root: Object.freeze(root),
    extensionAttributes: Object.freeze(extensionAttributes),
    urn: (text) => {
      const found = findUrn(text)
      return found === root ? base.id : found?.name
    },
    find: ({ urn, name, sub }) => {
      const found = urn === undefined ? findUnqualified(name) : findUrn(urn)?.subAttribute(name)
      return sub === undefined || found === undefined ? found : found.subAttribute(sub)
    },
  } satisfies ResourceSchema)
}

/** The overrides that have not met their attribute: by its path in small letters, each with the path as given. */
type PendingOverrides = Map<string, { readonly path: string; readonly override: AttributeOverride | undefined }>

type MutableAttribute = { -readonly [Key in keyof Attribute]: Attribute[Key] }

const NO_ATTRIBUTE = (): undefined => undefined

function blank(): MutableAttribute {
  return {
    name: '',
    path: '',
    keys: [],
    parent: undefined,
    extension: undefined,
    isExtension: false,
    // RFC 7643 section 2.2: the default characteristics.
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    description: undefined,
    canonicalValues: [],
    referenceTypes: [],
    enforceCanonicalValues: false,
    isValid: undefined,
    default: undefined,
    keepOnReplace: false,
    discoverable: true,
    showEmpty: false,
    precis: undefined,
    role: undefined,
    subAttributes: [],
    subAttribute: NO_ATTRIBUTE,
  }
}

function build(
  definition: AttributeDefinition,
  root: Attribute,
  holder: Attribute | undefined,
  pending: PendingOverrides,
  nested = false,
): Attribute {
  checkAttributeForm(definition)
  const { name } = definition
  const parent = holder?.isExtension ? undefined : holder
  const extension = holder?.isExtension ? holder : holder?.extension
  const path = parent ? `${parent.path}.${name}` : extension ? `${extension.name}:${name}` : name
  const override = pending.get(path.toLowerCase())?.override
  pending.delete(path.toLowerCase())
  const { subAttributes, ...characteristics } = definition
  const attribute: MutableAttribute = {
    ...blank(),
    ...withoutUndefined(characteristics),
    ...withoutUndefined(override ?? {}),
    path,
    keys: Object.freeze([...(holder?.keys ?? []), name]),
    parent,
    extension,
  }
  check(attribute, definition, nested)
  // RFC 7643 sections 2.3.6 and 2.3.7: binary and reference values are case exact.
  if (attribute.type === 'binary' || attribute.type === 'reference') {
    attribute.caseExact = definition.caseExact !== false || attribute.type === 'binary'
  }
  // A client cannot send back an attribute that it cannot read: a PUT without it means "as before" (RFC 7644 section
  // 3.5.1, decision A-20).
  if (attribute.mutability === 'writeOnly' || attribute.returned === 'never') attribute.keepOnReplace = true
  // RFC 7644 section 3.5.1: attributes that are left out "MAY be assumed to be not asserted by the client". Nobody is
  // activated again by silence (decision A-20).
  else if (attribute.role === 'activation' && override?.keepOnReplace === undefined) attribute.keepOnReplace = true
  adopt(
    attribute,
    (subAttributes ?? []).map((sub) => build(sub, root, attribute, pending, nested)),
  )
  Object.freeze(attribute)
  if (!fitsDefault(attribute))
    throw invalidSchema(`The default of attribute "${path}" must be a value of the attribute`)
  return attribute
}

function buildExtension({ schema, required }: SchemaExtension, root: Attribute, pending: PendingOverrides): Attribute {
  const extension: MutableAttribute = {
    ...blank(),
    name: schema.id,
    path: schema.id,
    keys: Object.freeze([schema.id]),
    isExtension: true,
    type: 'complex',
    required,
    description: schema.description,
  }
  adopt(
    extension,
    schema.attributes.map((definition) => build(definition, root, extension, pending)),
  )
  return Object.freeze(extension)
}

/** Gives a complex attribute its sub-attributes, with an index for names in any letter case. */
function adopt(attribute: MutableAttribute, subAttributes: readonly Attribute[]): void {
  if (subAttributes.length === 0) return
  const index = new Map<string, Attribute>()
  for (const sub of subAttributes) {
    const key = sub.name.toLowerCase()
    if (index.has(key)) throw invalidSchema(`Attribute "${sub.path}" must not be defined twice`)
    index.set(key, sub)
  }
  // Nearly every name comes spelled as in the schema: found without making a lower-case copy of it.
  for (const sub of subAttributes) index.set(sub.name, sub)
  attribute.subAttributes = Object.freeze([...subAttributes])
  attribute.subAttribute = (name) => index.get(name) ?? index.get(name.toLowerCase())
}

function check(attribute: Attribute, definition: AttributeDefinition, nested: boolean): void {
  for (const [name, known] of Object.entries(CHARACTERISTICS)) {
    const value: unknown = attribute[name as keyof typeof CHARACTERISTICS]
    if (known.some((one) => one === value)) continue
    const suggestion = typeof value === 'string' ? didYouMean(value, known) : ''
    throw invalidSchema(`Attribute "${attribute.path}" has an unknown ${name}, ${shown(value)}`, suggestion)
  }
  if (attribute.isValid !== undefined && (typeof attribute.isValid !== 'function' || !TEXTS.has(attribute.type))) {
    throw invalidSchema(`isValid of attribute "${attribute.path}" must be a function, and the attribute must hold text`)
  }
  if (attribute.showEmpty && (!attribute.multiValued || attribute.parent || attribute.extension)) {
    throw invalidSchema(
      `Attribute "${attribute.path}" has showEmpty and is no multi-valued attribute of the base schema`,
    )
  }
  const complex = attribute.type === 'complex'
  if (complex && !definition.subAttributes?.length) {
    throw invalidSchema(`Complex attribute "${attribute.path}" must have subAttributes`)
  }
  if (!complex && definition.subAttributes?.length) {
    throw invalidSchema(`Attribute "${attribute.path}" must be complex, because it has subAttributes`)
  }
  // RFC 7643 section 2.3.8: a complex attribute holds no complex attributes.
  if (complex && attribute.parent && !nested) {
    throw invalidSchema(`Attribute "${attribute.path}" must not be complex, because it is part of a complex attribute`)
  }
}

function isCommon(name: string): boolean {
  return COMMON_ATTRIBUTES.some((common) => common.name.toLowerCase() === name.toLowerCase())
}
