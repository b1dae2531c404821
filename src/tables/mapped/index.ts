import type { ResourceAdapter, Supports } from '../../adapter/contract.js'
import type { Database } from '../../database/database.js'
import { openDatabase } from '../../database/open.js'
import { type ScimError, SetupError } from '../../error.js'
import type { SchemaDefinition } from '../../schema/definition.js'
import type { GroupResource } from '../../schema/group.js'
import type { Resource } from '../../schema/resource.js'
import type { AttributeOverride, SchemaExtension } from '../../schema/schema.js'
import type { UserResource } from '../../schema/user.js'
import { openReplica, type ReaderOptions, type Replica, withReplica } from '../shared/replica.js'
import { hashSecret, type Protect } from '../shared/unreadable.js'
import { tableAdapter } from './adapter.js'
import type { MappedType } from './declaration.js'
import { type TableType, tableType, withReferenceTypes } from './mapped-type.js'
import type { Tables } from './target.js'

/** The options of {@link mappedResources}. */
export interface MappedOptions extends ReaderOptions {
  /** The Pool of `pg`, a PGlite, or anything that runs statements and transactions. */
  readonly pool: Database
  /** Prepares the statements that come again and again, as the option of `postgresAdapters` does. Default false. */
  readonly prepare?: boolean
  /** What is stored of passwords that go into the column of `'*'`. Default: a salted scrypt hash. */
  readonly protect?: Protect
  /**
   * What a client is told of an error with which the database refuses a write, such as one that a trigger raises. Undefined:
   * what the adapter says of it by itself, docs/postgres.md#refusals.
   */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /**
   * Members that do not exist: `'refuse'` (default) answers 400 invalidValue, `'skip'` leaves them out and reports the tolerance
   * `unknownMember`; a request none of whose members exist is 400, and in strict mode any is.
   */
  readonly members?: { readonly unknown?: 'refuse' | 'skip' }
}

/** A resource type of existing tables, for the `resources` option of the router. */
export interface MappedResource<R> {
  readonly adapter: ResourceAdapter<R>
  readonly supports: Supports
  /** What the tables can hold of the schema. */
  readonly schema: SchemaDefinition
  readonly extensions: readonly SchemaExtension[]
  readonly attributes: Readonly<Record<string, AttributeOverride>>
}

interface KnownResources {
  readonly User: UserResource
  readonly Group: GroupResource
}

/**
 * Resources in tables that exist. One declaration for each type ties attributes to columns, and drives reading, writing,
 * filters, sorting, uniqueness and what /Schemas says. docs/postgres.md tells all of it.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { mappedResources, tenant } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const app = express()
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * const resources = mappedResources({ pool }, {
 *   User: {
 *     table: 'accounts',
 *     scope: { org_id: tenant },
 *     attributes: { id: { column: 'id', type: 'uuid' }, userName: 'email', 'name.givenName': 'first_name', '*': { json: 'scim' } },
 *   },
 *   Group: {
 *     table: 'teams',
 *     scope: { org_id: tenant },
 *     attributes: {
 *       id: { column: 'id', type: 'uuid' },
 *       displayName: 'name',
 *       members: { table: 'team_members', on: { team_id: 'id' }, references: { User: 'account_id' } },
 *     },
 *   },
 * })
 * app.use('/scim/v2', scimRouter({ authenticate: bearer(process.env.SCIM_TOKEN), resources }))
 * ```
 */
export function mappedResources<const Types extends Readonly<Record<string, MappedType>>>(
  { pool, protect = hashSecret, prepare = false, mapError, members = {}, ...reading }: MappedOptions,
  given: Types,
): {
  readonly [Name in keyof Types]: MappedResource<Name extends keyof KnownResources ? KnownResources[Name] : Resource>
} {
  const database = openDatabase(pool, prepare)
  const replica = openReplica(reading, prepare)
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
  if (unknownMembers !== 'refuse' && unknownMembers !== 'skip') {
    throw new SetupError('ERR_SCIM_OPTION', "Option members.unknown must be 'refuse' or 'skip'.", 'docs/postgres.md')
  }
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
  return Object.freeze(Object.fromEntries(entries))
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
