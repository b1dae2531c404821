import type { Call, Supports } from '../../adapter/contract.js'
import { SUPPORTS } from '../../database/open-database.js'
import type { TableDialect } from '../../database/store-dialect.js'
import { coreType } from '../../schema/core/core-types.js'
import { extensionsOf, type ResourceSchema, resourceSchema, type SchemaExtension } from '../../schema/define/schema.js'
import { type Attribute, allAttributes, isResourceReference, valueAttribute } from '../../schema/model/attribute.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { SetupError } from '../../setup-error.js'
import { type KeyWriter, keyWriter } from '../../sql/document-keys.js'
import type {
  AttributeMapping,
  ChildTableMapping,
  ColumnMapping,
  JsonMapping,
  ReferenceMapping,
  RowCondition,
} from '../../sql/mapping.js'
import { type ReadMapping, readMapping } from '../../sql/read-mapping.js'
import { didYouMean } from '../../suggest.js'
import { type ChildLayout, childLayout } from './child-columns.js'
import { type MappedType, type ScopeValue, tenant } from './declaration.js'
import { pruneExtensions, pruneSchema } from './prune-schema.js'

/** An attribute with a place of its own in the database. */
export interface MappedAttribute<Entry> {
  readonly attribute: Attribute
  readonly entry: Entry
}

/** A multi-valued attribute with a row of a table for each value. */
export interface MappedChild extends MappedAttribute<ChildTableMapping> {
  readonly layout: ChildLayout
}

/** An attribute that refers to resources and is kept in no table of memberships, such as `manager`. */
export interface Pointer {
  readonly attribute: Attribute
  /** Its sub-attribute with the id. */
  readonly value: Attribute
  /** The resource types that it may refer to; none: any. */
  readonly types: readonly string[]
}

/** A resource type in existing tables, with everything worked out that reading and writing it asks. */
export interface TableType {
  readonly name: string
  /** The SQL of the database of its tables. */
  readonly store: TableDialect
  readonly mapping: ReadMapping
  readonly schema: ResourceSchema
  readonly extensions: readonly SchemaExtension[]
  readonly id: ColumnMapping
  readonly columns: readonly MappedAttribute<ColumnMapping>[]
  readonly documents: readonly MappedAttribute<JsonMapping>[]
  readonly children: readonly MappedChild[]
  readonly references: readonly MappedAttribute<ReferenceMapping>[]
  readonly pointers: readonly Pointer[]
  /** Columns of `meta`. */
  readonly created: ColumnMapping | undefined
  readonly lastModified: ColumnMapping | undefined
  readonly version: ColumnMapping | undefined
  readonly supports: Supports
  /** Paths of the attributes that are declared to be unique: it is for the application to have an index on them. */
  readonly unique: readonly string[]
  readonly memberOf: Attribute | undefined
  readonly display: readonly Attribute[]
  /** Names of top-level attributes that do not belong into the column of `'*'`. */
  readonly scope: Readonly<Record<string, ScopeValue>>
  readonly where: RowCondition | undefined
  readonly deleted: string | undefined
  /** Keys of the attributes in the column of `'*'`, when there is a column for them. */
  readonly restKeys: KeyWriter
  /** Paths of attributes in the column of `'*'` and its keys. */
  readonly restPaths: ReadonlySet<string>
  readonly unreadable: readonly Attribute[]
  /** All attributes that no client can read, wherever they are. */
  readonly secrets: readonly Attribute[]
}

/** The attributes that show how a core resource is called; the first with a value counts. */
const DISPLAY: Readonly<Record<string, readonly string[]>> = {
  User: ['displayName', 'name.formatted', 'userName'],
  Group: ['displayName'],
}

const META: ReadonlySet<string> = new Set(['id', 'meta.created', 'meta.lastmodified', 'meta.version'])

/** Works out how a type lies in its tables. Throws a {@link SetupError} for an impossible declaration. */
export function tableType(
  name: string,
  options: MappedType,
  declared: Readonly<Record<string, MappedType>>,
  store: TableDialect,
): TableType {
  const mapping = readMapping(options)
  const core = coreType(name)
  const base = options.schema ?? core?.schema
  if (!base) throw invalid(`Option schema of resource type ${name} is missing`)
  const derived = new Set(hasHolders(name, declared) ? ['groups'] : [])
  const declaredExtensions = extensionsOf(options.extensions ?? core?.extensions)
  const pruned = pruneSchema(base, mapping, derived)
  for (const { name: required } of base.attributes.filter(
    (attribute) => 'required' in attribute && attribute.required,
  )) {
    if (!pruned.attributes.some((attribute) => attribute.name === required)) {
      throw invalid(`Required attribute "${required}" of ${name} must have a column`)
    }
  }
  const extensions = pruneExtensions(declaredExtensions, mapping)
  const schema = resourceSchema(pruned, extensions, options.policies)
  const all = allAttributes(schema.root)
  const find = (path: string): Attribute | undefined => all.find((one) => one.path.toLowerCase() === path.toLowerCase())

  const columns: MappedAttribute<ColumnMapping>[] = []
  const documents: MappedAttribute<JsonMapping>[] = []
  const children: MappedChild[] = []
  const references: MappedAttribute<ReferenceMapping>[] = []
  for (const [path, entry] of mapping.attributes) {
    if (META.has(path)) continue
    const attribute = find(path)
    if (!attribute) {
      const given = Object.keys(options.attributes).find((one) => one.toLowerCase() === path) ?? path
      const suggestion = didYouMean(
        given,
        allAttributes(resourceSchema(base, declaredExtensions).root).map((one) => one.path),
      )
      throw invalid(`Unknown attribute "${given}" in the mapping of ${name}`, suggestion)
    }
    if ('column' in entry) columns.push({ attribute, entry })
    else if ('json' in entry) documents.push({ attribute, entry })
    else if ('references' in entry) references.push({ attribute, entry })
    else {
      requireRest(name, attribute, entry)
      children.push({ attribute, entry, layout: childLayout(attribute, entry) })
    }
  }
  const id = mapping.attributes.get('id')
  if (!id || !('column' in id)) throw invalid(`Resource type ${name} must have a column for "id"`)
  const column = (path: string): ColumnMapping | undefined => {
    const entry = mapping.attributes.get(path)
    return entry && 'column' in entry ? entry : undefined
  }
  const isElsewhere = (attribute: Attribute): boolean =>
    mapping.attributes.has(attribute.path.toLowerCase()) || derived.has(attribute.path)
  const isInRest = (attribute: Attribute): boolean =>
    !isElsewhere(attribute) && !NOT_STORED.has(attribute.keys[0] ?? '') && !isUnreadable(attribute)
  // Others write memberships without a change of the row, and the adapter would not know.
  const hasVersions =
    column('meta.version') !== undefined || (store.rowVersion !== undefined && references.length === 0)
  return Object.freeze({
    name,
    store,
    mapping,
    schema,
    extensions,
    id,
    columns,
    documents,
    children,
    references,
    // A schema that is pruned may have lost "$ref", by which references are known.
    pointers: allAttributes(resourceSchema(base, declaredExtensions).root).flatMap((whole) => {
      const attribute = isResourceReference(whole) && whole.mutability !== 'readOnly' ? find(whole.path) : undefined
      const value = attribute && valueAttribute(attribute)
      if (!attribute || !value || references.some((one) => one.attribute === attribute)) return []
      return [{ attribute, value, types: whole.subAttribute('$ref')?.referenceTypes ?? [] }]
    }),
    created: column('meta.created'),
    lastModified: column('meta.lastmodified'),
    version: column('meta.version'),
    supports: Object.freeze({ ...SUPPORTS, versions: hasVersions }),
    unique: all.filter(({ uniqueness }) => uniqueness !== 'none').map(({ path }) => path),
    memberOf: derived.size > 0 ? find('groups') : undefined,
    display: (options.display ?? (Object.hasOwn(DISPLAY, name) ? DISPLAY[name] : undefined) ?? []).flatMap(
      (path) => find(path) ?? [],
    ),
    scope: options.scope ?? {},
    where: options.where,
    deleted: options.deleted,
    restKeys: keyWriter(schema.root, isInRest),
    restPaths: new Set(mapping.rest?.keys === undefined ? [] : all.filter(isInRest).map(({ path }) => path)),
    unreadable: all.filter((attribute) => isUnreadable(attribute) && !isElsewhere(attribute)),
    secrets: all.filter(isUnreadable),
  })
}

/** The columns of memberships hold ids, which are of the type that the other table says. */
export function withReferenceTypes(
  declared: Readonly<Record<string, MappedType>>,
): Readonly<Record<string, MappedType>> {
  const typeOf = (name: string): ColumnMapping['type'] => {
    const id = Object.hasOwn(declared, name) ? declared[name]?.attributes.id : undefined
    return typeof id === 'object' && 'column' in id ? id.type : undefined
  }
  const withTypes = (entry: AttributeMapping): AttributeMapping => {
    if (typeof entry === 'string' || !('references' in entry)) return entry
    const references = Object.entries(entry.references).map(([name, column]) => {
      const type = typeOf(name)
      return [name, { ...(type && { type }), ...(typeof column === 'string' ? { column } : column) }] as const
    })
    return { ...entry, references: Object.fromEntries(references) }
  }
  const mapped = ([name, type]: readonly [string, MappedType]) => {
    const attributes = Object.entries(type.attributes).map(([path, entry]) => [path, withTypes(entry)] as const)
    return [name, { ...type, attributes: Object.fromEntries(attributes) }] as const
  }
  return Object.fromEntries(Object.entries(declared).map(mapped))
}

const NOT_STORED: ReadonlySet<string> = new Set(['id', 'schemas', 'meta'])

/** The values of the scope columns for a call. */
export function scopeOf(
  { name, scope }: TableType,
  call: Call,
): readonly (readonly [column: string, value: unknown])[] {
  return Object.entries(scope).map(([column, source]) => {
    const value = source === tenant ? call.tenant : typeof source === 'function' ? source(call) : source
    // Without it the rows of all customers would be one heap.
    if (value === undefined || value === null) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `The scope column "${column}" of ${name} has no value for this call.`,
        PAGE,
      )
    }
    return [column, value] as const
  })
}

/** Throws if a JSON column of a table of values is for anything else than the sub-attributes that have no column. */
function requireRest(type: string, { path, subAttributes }: Attribute, { attributes }: ChildTableMapping): void {
  for (const [name, entry] of Object.entries(attributes)) {
    const isJson = typeof entry === 'object' && 'json' in entry
    if (isJson && name !== '*')
      throw invalid(`Sub-attribute "${path}.${name}" of ${type} must have a column of its own`)
    if (name !== '*') continue
    if (!isJson) throw invalid(`The "*" of "${path}" of ${type} must be a JSON column: { json: 'scim' }`)
    if (subAttributes.length === 0) throw invalid(`Attribute "${path}" of ${type} has no sub-attributes for a "*"`)
  }
}

function hasHolders(name: string, declared: Readonly<Record<string, MappedType>>): boolean {
  return (
    name === 'User' &&
    Object.values(declared).some(({ attributes }) =>
      Object.values(attributes).some(
        (entry) => typeof entry === 'object' && 'references' in entry && name in entry.references,
      ),
    )
  )
}

const PAGE = 'postgres.md#existing-tables'

function invalid(sentence: string, suggestion = ''): SetupError {
  return new SetupError('ERR_SCIM_OPTION', `${sentence}.${suggestion}`, PAGE)
}
