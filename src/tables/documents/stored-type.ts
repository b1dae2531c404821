import {
  type AttributeOverride,
  extensionsOf,
  type ResourceSchema,
  resourceSchema,
  type SchemaExtension,
} from '../../schema/define/schema.js'
import { type Attribute, allAttributes, isReferenceList, valueAttribute } from '../../schema/model/attribute.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { comparisonKey, type ToKey } from '../../schema/values/compare.js'
import { SetupError } from '../../setup-error.js'
import { type KeyWriter, keyWriter } from '../../sql/document-keys.js'
import { didYouMean } from '../../suggest.js'

/** How the resources of one type are stored. */
export interface StoredTypeOptions {
  /** Name of the resource type, as in the `resources` of the router. */
  readonly name: string
  readonly schema: SchemaDefinition
  /**
   * Schema extensions; `{ schema, required: true }` for one that each resource must have.
   *
   * @defaultValue none
   */
  readonly extensions?: readonly (SchemaDefinition | SchemaExtension)[] | undefined
  /**
   * Policies of single attributes, as the router has them: `{ displayName: { uniqueness: 'server' } }`.
   *
   * @defaultValue none
   */
  readonly attributes?: Readonly<Record<string, AttributeOverride | undefined>> | undefined
  /**
   * Paths of further attributes that clients look up with `eq`: `['emails.value']`. Unique attributes, references,
   * `externalId` and `displayName` need not be named.
   *
   * @defaultValue none
   */
  readonly indexes?: readonly string[] | undefined
  /** The readOnly attribute that shows where the resource is a member, e.g. `groups` of a user. */
  readonly memberOf?: string | undefined
  /**
   * Paths of the attributes whose value other resources show as `display`: the first that has a value. Default
   * `displayName`.
   */
  readonly display?: readonly string[] | undefined
}

/** An attribute whose values are looked up. */
export interface LookedUp {
  readonly attribute: Attribute
  readonly toKey: ToKey
}

/** A resource type with everything worked out that storing it asks of its schema. */
export interface StoredType {
  readonly name: string
  readonly schema: ResourceSchema
  /** The attributes with a column of their own, by the name of the column. */
  readonly columns: Readonly<Record<KeyColumn, LookedUp | undefined>>
  /** Attributes in the table of lookups. */
  readonly lookups: readonly LookedUp[]
  /** Multi-valued references. They may be long, so each value is a row by itself. */
  readonly references: readonly Attribute[]
  readonly memberOf: Attribute | undefined
  readonly display: readonly Attribute[]
  /** Attributes that no client can read: kept when a draft lacks them, stored as a hash, never handed out. */
  readonly unreadable: readonly Attribute[]
  /** Names of top-level attributes that are not in the document. */
  readonly apart: ReadonlySet<string>
  /** Paths of the attributes that have their keys in the document. */
  readonly documentPaths: ReadonlySet<string>
  readonly keysOf: KeyWriter
}

/** Columns that hold the comparison keys of an attribute. */
export type KeyColumn = 'unique_key' | 'external_key' | 'name_key'

/** Works out how a type is stored. Throws a {@link SetupError} for a path that the schema lacks. */
export function storedType(options: StoredTypeOptions): StoredType {
  const extensions = extensionsOf(options.extensions)
  const schema = resourceSchema(options.schema, extensions, options.attributes)
  const all = allAttributes(schema.root)
  const find = (path: string): Attribute => {
    const found = all.find((attribute) => attribute.path.toLowerCase() === path.toLowerCase())
    if (found) return found
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `Unknown attribute "${path}" of schema ${schema.base.id}.${didYouMean(
        path,
        all.map((one) => one.path),
      )}`,
    )
  }
  const memberOf = options.memberOf === undefined ? undefined : find(options.memberOf)
  const references = schema.root.subAttributes.filter(isReferenceList)
  const apart = new Set([
    'id',
    'schemas',
    'meta',
    ...[...references, ...(memberOf ? [memberOf] : [])].map(({ name }) => name),
  ])
  const inDocument = all.filter((attribute) => attribute.type !== 'complex' && !apart.has(attribute.keys[0] ?? ''))

  const unique = inDocument.filter(({ uniqueness }) => uniqueness !== 'none')
  // The attributes that the schema itself makes unique, without those of a declaration: processes of two declarations
  // work on one table, and the column means the same to both.
  const byDefinition = new Set(uniquePaths(resourceSchema(options.schema)))
  const columns = {
    unique_key: lookedUp(unique.find((attribute) => isSingularText(attribute) && byDefinition.has(attribute.path))),
    external_key: lookedUp(inDocument.find(({ path }) => path === 'externalId')),
    name_key: lookedUp(inDocument.find((attribute) => attribute.path === 'displayName' && isSingularText(attribute))),
  }
  const inColumns = new Set(Object.values(columns).map((column) => column?.attribute))
  const lookups = new Set([...unique, ...(options.indexes ?? []).map(find)])
  for (const attribute of inColumns) {
    // Only one of the columns keeps its values unique.
    const isKept = attribute?.uniqueness === 'none' || attribute === columns.unique_key?.attribute
    if (attribute && isKept) lookups.delete(attribute)
  }
  const isKeyed = (attribute: Attribute): boolean =>
    !apart.has(attribute.path) && !inColumns.has(attribute) && !isUnreadable(attribute)
  const documentPaths = all.filter((attribute) => isKeyed(attribute) && !apart.has(attribute.keys[0] ?? ''))
  return Object.freeze({
    name: options.name,
    schema,
    columns,
    lookups: [...lookups].filter(({ type }) => type !== 'complex').map((attribute) => lookedUp(attribute) as LookedUp),
    references,
    memberOf,
    display: (options.display ?? (columns.name_key ? ['displayName'] : [])).map(find),
    unreadable: all.filter(isUnreadable),
    apart,
    documentPaths: new Set(documentPaths.map(({ path }) => path)),
    keysOf: keyWriter(schema.root, isKeyed),
  })
}

/** Paths of the attributes whose values are kept unique. */
export function uniqueAttributes({ columns, lookups }: StoredType): readonly string[] {
  const kept = [...(columns.unique_key ? [columns.unique_key] : []), ...lookups]
  return kept.filter(({ attribute }) => attribute.uniqueness !== 'none').map(({ attribute }) => attribute.path)
}

/** The sub-attribute that identifies references. */
export function identifierOf(attribute: Attribute): Attribute {
  return valueAttribute(attribute) as Attribute
}

function uniquePaths({ root }: ResourceSchema): readonly string[] {
  return allAttributes(root)
    .filter(({ uniqueness }) => uniqueness !== 'none')
    .map(({ path }) => path)
}

function lookedUp(attribute: Attribute | undefined): LookedUp | undefined {
  return attribute && { attribute, toKey: comparisonKey(attribute) }
}

/** Whether an attribute has one text at most. */
export function isSingularText({ type, multiValued, parent }: Attribute): boolean {
  return (type === 'string' || type === 'reference') && !multiValued && !parent?.multiValued
}
