import type { Call, ResourceAdapter, Supports } from '../../adapter/contract.js'
import type { OpenDatabase } from '../../database/open-database.js'
import type { ScimError } from '../../error.js'
import type { GroupResource } from '../../schema/core/group.js'
import type { UserResource } from '../../schema/core/user.js'
import type { AttributeOverride, SchemaExtension } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { Resource } from '../../schema/model/resource.js'
import { SetupError } from '../../setup-error.js'
import { adapterByCall, type OfTenant } from '../shared/by-tenant.js'
import { type Replica, withReplica } from '../shared/replica.js'
import { hashSecret, type Protect } from '../shared/secret-hash.js'
import { tableAdapter } from './adapter.js'
import type { MappedType } from './declaration.js'
import { checkDeclarations } from './declaration-table.js'
import { type TableType, tableType, withReferenceTypes } from './mapped-type.js'
import type { Tables } from './target.js'

/** The options of existing tables that are the same in every database. */
export interface MappedTablesOptions {
  /**
   * Makes the stored form of passwords for the column of `'*'`.
   *
   * @defaultValue a salted scrypt hash
   */
  readonly protect?: Protect
  /**
   * Makes the response to a client if the database refuses a write, such as by an error of a trigger. If it returns
   * undefined, the client gets the adapter's own response.
   *
   * @defaultValue the responses in docs/postgres.md#refusals
   */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /**
   * Members that do not exist: `'refuse'` answers 400 invalidValue, `'skip'` leaves them out and reports the tolerance
   * `unknownMember`; a request with no existing member is 400, and in strict mode one unknown member is enough.
   *
   * @defaultValue `{ unknown: 'refuse' }`
   */
  readonly members?: { readonly unknown?: 'refuse' | 'skip' }
}

/** A resource type of existing tables, for the `resources` option of the router. */
export interface MappedResource<R> {
  /** The adapter. */
  readonly adapter: ResourceAdapter<R>
  /** The optional abilities of the adapter. */
  readonly supports: Supports
  /** The part of the schema that the tables can hold. */
  readonly schema: SchemaDefinition
  /** The parts of the extensions that the tables can hold. */
  readonly extensions: readonly SchemaExtension[]
  /** The policies of attributes. */
  readonly attributes: Readonly<Record<string, AttributeOverride>>
}

interface KnownResources {
  readonly User: UserResource
  readonly Group: GroupResource
}

/** The resources of a declaration, each for the `resources` option of the router. */
export type MappedResources<Types extends Readonly<Record<string, MappedType>>> = {
  readonly [Name in keyof Types]: MappedResource<Name extends keyof KnownResources ? KnownResources[Name] : Resource>
}

/** Where existing tables are. */
export interface MappedPlace {
  readonly database: OpenDatabase
  readonly replica?: Replica | undefined
}

/** Makes the adapters over one database. Throws a {@link SetupError} for a declaration that makes no sense. */
export function mappedTables<const Types extends Readonly<Record<string, MappedType>>>(
  { database, replica }: MappedPlace,
  { protect = hashSecret, mapError, members = {} }: MappedTablesOptions,
  given: Types,
): MappedResources<Types> {
  checkDeclarations(given)
  const declared = withReferenceTypes(given)
  const types: TableType[] = Object.entries(declared).map(([name, type]) =>
    tableType(name, type, declared, database.store),
  )
  for (const { name, references } of types) {
    for (const { entry } of references) {
      const unknown = Object.keys(entry.references).find((target) => !types.some((type) => type.name === target))
      if (unknown !== undefined) {
        throw new SetupError('ERR_SCIM_OPTION', `${name} refers to ${unknown}, which has no table.`, 'postgres.md')
      }
    }
  }
  const { unknown: unknownMembers = 'refuse' } = members
  const tables = { database, types, protect, mapError, unknownMembers }
  const entries = types.map((type) => [
    type.name,
    Object.freeze({
      adapter: replica ? readFrom(replica, tables, type) : tableAdapter(tables, type),
      supports: type.supports,
      schema: type.schema.base,
      extensions: type.extensions,
      attributes: declared[type.name]?.policies ?? {},
    }),
  ])
  return Object.freeze(Object.fromEntries(entries)) as MappedResources<Types>
}

/**
 * Makes the resources of a declaration, which read and write the database of the tenant of each call.
 *
 * @param declared Resources over no database: their declaration, which all tenants share.
 */
export function mappedByTenant<const Types extends Readonly<Record<string, MappedType>>>(
  declared: MappedResources<Types>,
  resourcesFor: (call: OfTenant) => Promise<MappedResources<Types>>,
): MappedResources<Types> {
  const entries = Object.entries(declared as Readonly<Record<string, MappedResource<Resource>>>).map(
    ([name, resource]) => {
      const own = async (call: Call) =>
        ((await resourcesFor(call)) as Readonly<Record<string, MappedResource<Resource>>>)[name]
          ?.adapter as ResourceAdapter
      return [name, Object.freeze({ ...resource, adapter: adapterByCall(resource.adapter, own) })]
    },
  )
  return Object.freeze(Object.fromEntries(entries)) as MappedResources<Types>
}

function readFrom({ database, writes }: Replica, tables: Tables, type: TableType): ResourceAdapter {
  return withReplica({
    name: type.name,
    showsOthers: type.references.length > 0,
    own: tableAdapter(tables, type),
    copy: tableAdapter({ ...tables, database }, type),
    writes,
  })
}
