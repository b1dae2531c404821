import type { Call, ResourceAdapter, Supports } from '../adapter/contract.js'
import type { UnknownMembers } from '../adapter/unknown-members.js'
import type { Database, Queryable } from '../database/database.js'
import { openDatabase, SUPPORTS } from '../database/open.js'
import { postgresLayout } from '../database/postgresql/table-layout.js'
import { type SqlDatabase, sqlDatabase } from '../database/sql-database.js'
import { transactionOption } from '../database/transaction.js'
import { SetupError } from '../error.js'
import type { SchemaDefinition } from '../schema/definition.js'
import { EnterpriseUser } from '../schema/enterprise-user.js'
import { Group, type GroupResource } from '../schema/group.js'
import type { ResourceOf } from '../schema/resource.js'
import type { AttributeOverride, SchemaExtension } from '../schema/schema.js'
import { User, type UserResource } from '../schema/user.js'
import { identifier, render } from '../sql/fragment.js'
import { adapterOf } from './documents/adapter.js'
import type { Store } from './documents/store.js'
import { type StoredType, type StoredTypeOptions, storedType } from './documents/stored-type.js'
import { migrate } from './migrations/migrate.js'
import { openReplica, type ReaderOptions, withReplica } from './shared/replica.js'
import { hashSecret, type Protect } from './shared/unreadable.js'

export type { UnknownMembers } from '../adapter/unknown-members.js'
export type {
  Connection,
  ConnectionPool,
  Database,
  Queryable,
  QueryResult,
  TransactionRunner,
} from '../database/database.js'
export { type FailureKind, failureKind } from '../database/failure.js'
export { type ComponentMigration, type MigrationParts, migrateComponent } from '../database/migrate-component.js'
export type { SqlConnection, SqlDatabase, SqlResult } from '../database/sql-database.js'
export type { TableLayout } from '../database/table-layout.js'
export { type MappedType, type ScopeValue, tenant } from './mapped/declaration.js'
export { type MappedOptions, type MappedResource, mappedResources } from './mapped/index.js'
export { type Migration, migrations } from './migrations/migrations.js'
export { type Protect, verifySecret } from './shared/unreadable.js'

/** Policies and lookups of one resource type. */
export type TypeOptions = Pick<StoredTypeOptions, 'extensions' | 'attributes' | 'indexes'>

/** The options of {@link postgresAdapters}. */
export interface PostgresOptions extends ReaderOptions {
  /** The Pool of `pg`, a PGlite, or anything that runs statements and transactions. */
  readonly pool: Database
  /**
   * Prepares the statements that come again and again, which makes small requests several times as fast. For `pg`, and
   * without a pooler in between that gives each transaction another connection. Default false.
   */
  readonly prepare?: boolean
  /** Database schema of the tables. Default `scim`. */
  readonly schema?: string
  /** Extensions and policies of users. Default extension: EnterpriseUser. */
  readonly users?: TypeOptions
  /** Extensions and policies of groups. */
  readonly groups?: TypeOptions
  /**
   * Members that do not exist: `'refuse'` (default) answers 400 invalidValue, `'keep'` stores them as they are, `'skip'` leaves
   * them out and reports the tolerance `unknownMember`; a request none of whose members exist is 400, and in strict mode any is.
   */
  readonly members?: { readonly unknown?: UnknownMembers }
  /** What is stored of passwords and other values that nobody may read. Default: a salted scrypt hash. */
  readonly protect?: Protect
}

/** A resource type for the `resources` option of the router. */
export interface PostgresResource<R> {
  readonly adapter: ResourceAdapter<R>
  readonly supports: Supports
  readonly schema: SchemaDefinition
  readonly extensions: readonly SchemaExtension[]
  readonly attributes: Readonly<Record<string, AttributeOverride | undefined>>
}

/** A resource type of one's own. */
export interface OwnType<Base extends SchemaDefinition, Extension extends SchemaDefinition> extends TypeOptions {
  /** As the key in the `resources` option of the router. */
  readonly name: string
  readonly schema: Base
  readonly extensions?: readonly (Extension | { readonly schema: Extension; readonly required: boolean })[]
  /** The readOnly attribute that shows where the resource is a member, as `groups` of users does. */
  readonly memberOf?: string
  /** Paths of the attributes that say how others call the resource: the first that has a value. Default `displayName`. */
  readonly display?: readonly string[]
}

/** Users, groups and other resources in PostgreSQL. */
export interface PostgresAdapters {
  readonly users: ResourceAdapter<UserResource>
  readonly groups: ResourceAdapter<GroupResource>
  /** Users and groups for the `resources` option of the router. */
  readonly resources: { readonly User: PostgresResource<UserResource>; readonly Group: PostgresResource<GroupResource> }
  /** One more resource type in the same tables, for the `resources` option. Its resources may be members of groups. */
  readonly resource: <const Base extends SchemaDefinition, const Extension extends SchemaDefinition = never>(
    type: OwnType<Base, Extension>,
  ) => PostgresResource<ResourceOf<Base, Extension>>
  /**
   * Makes the tables or brings them up to date. Safe to run at every start, in several processes at once. When extensions,
   * unique attributes or `indexes` have changed, it works out what is looked up, in batches, and only adds. `reindex` does so
   * in any case, and takes away what only other declarations look up. Throws a SetupError that names resources with a value in
   * common, where that has to be unique.
   */
  readonly migrate: (options?: { readonly reindex?: boolean }) => Promise<void>
  /** The `transaction` option of the router. */
  readonly transaction: <T>(work: (connection: Queryable) => Promise<T>, call?: Call) => Promise<T>
}

/**
 * Users and groups in tables of their own, as JSON documents beside the columns that are looked up. Any number of
 * processes may work on one database. docs/postgres.md tells all of it.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { postgresAdapters } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const app = express()
 * const postgres = postgresAdapters({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) })
 * await postgres.migrate()
 * app.use('/scim/v2', scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: postgres.resources,
 *   transaction: postgres.transaction,
 * }))
 * ```
 */
export function postgresAdapters(options: PostgresOptions): PostgresAdapters {
  const { pool, schema = 'scim', members = {}, protect = hashSecret, prepare = false } = options
  const { unknown = 'refuse' } = members
  const database = openDatabase(pool, prepare)
  const replica = openReplica(options, prepare)
  if (!['refuse', 'keep', 'skip'].includes(unknown))
    throw invalid("Option members.unknown must be 'refuse', 'keep' or 'skip'.")

  const types: StoredType[] = []
  const store: Store = {
    database,
    schema: render(identifier(schema)).text,
    types,
    unknownMembers: unknown,
    protect,
  }
  const add = (type: StoredTypeOptions): PostgresResource<never> => {
    if (types.some(({ name }) => name === type.name)) throw invalid(`Resource type ${type.name} is given twice.`)
    const stored = storedType(type)
    types.push(stored)
    const own = adapterOf(store, stored)
    const adapter = replica
      ? withReplica({
          name: stored.name,
          showsOthers: stored.references.length > 0,
          own,
          copy: adapterOf({ ...store, database: replica.database }, stored),
          writes: replica.writes,
        })
      : own
    return Object.freeze({
      adapter: adapter as never,
      supports: SUPPORTS,
      schema: type.schema,
      extensions: stored.schema.extensions,
      attributes: type.attributes ?? {},
    })
  }

  const users = add({
    extensions: [EnterpriseUser],
    ...options.users,
    name: 'User',
    schema: User,
    memberOf: 'groups',
    display: ['displayName', 'name.formatted', 'userName'],
  }) as unknown as PostgresResource<UserResource>
  const groups = add({ ...options.groups, name: 'Group', schema: Group }) as unknown as PostgresResource<GroupResource>
  return Object.freeze({
    users: users.adapter,
    groups: groups.adapter,
    resources: Object.freeze({ User: users, Group: groups }),
    resource: (type: OwnType<SchemaDefinition, SchemaDefinition>) => add(type) as never,
    migrate: ({ reindex = false } = {}) => migrate(database, store.schema, types, reindex),
    transaction: transactionOption(database),
  })
}

/** The options of {@link postgresDatabase}. */
export type PostgresDatabaseOptions = Pick<PostgresOptions, 'pool' | 'prepare' | 'schema'>

/**
 * PostgreSQL for those parts of the library that keep something of their own. Their tables are in the database schema of the
 * documents, `scim` if none is given.
 *
 * @example
 * ```ts
 * import { postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * export const database = postgresDatabase({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) })
 * ```
 */
export function postgresDatabase({ pool, schema = 'scim', prepare = false }: PostgresDatabaseOptions): SqlDatabase {
  return sqlDatabase(openDatabase(pool, prepare), postgresLayout(schema))
}

function invalid(sentence: string): SetupError {
  return new SetupError('ERR_SCIM_OPTION', sentence, 'postgres.md')
}
