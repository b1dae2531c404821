import type { Call, ResourceAdapter, Supports } from '../../adapter/contract.js'
import { typedAdapter } from '../../adapter/typed-adapter.js'
import type { UnknownMembers } from '../../adapter/unknown-members.js'
import { checkGiven, type OptionsOf } from '../../check-options.js'
import type { Queryable } from '../../database/database.js'
import { SUPPORTS } from '../../database/open-database.js'
import { transactionOption } from '../../database/transaction.js'
import { EnterpriseUser } from '../../schema/core/enterprise-user.js'
import { Group, type GroupResource } from '../../schema/core/group.js'
import { User, type UserResource } from '../../schema/core/user.js'
import type { AttributeOverride, SchemaExtension } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { ResourceOf } from '../../schema/model/resource.js'
import { SetupError } from '../../setup-error.js'
import { type Replica, withReplica } from '../shared/replica.js'
import { hashSecret, type Protect } from '../shared/secret-hash.js'
import { adapterOf } from './adapter.js'
import { MIGRATE, OWN_TYPE } from './option-table.js'
import type { Store } from './store.js'
import { type StoredType, type StoredTypeOptions, storedType } from './stored-type.js'

/** Policies and lookups of one resource type. */
export type TypeOptions = Pick<StoredTypeOptions, 'extensions' | 'attributes' | 'indexes'>

/** The options of documents that are the same in every database. */
export interface DocumentOptions {
  /**
   * The `extensions`, policies of single `attributes`, and `indexes` of users.
   *
   * @defaultValue `{ extensions: [EnterpriseUser] }`
   */
  readonly users?: TypeOptions
  /**
   * The `extensions`, policies of single `attributes`, and `indexes` of groups.
   *
   * @defaultValue no extension
   */
  readonly groups?: TypeOptions
  /**
   * Members that do not exist: `'refuse'` answers 400 invalidValue, `'keep'` stores them as they are, `'skip'` leaves
   * them out and reports the tolerance `unknownMember`; a request with no existing member is 400, and in strict mode
   * one unknown member is enough.
   *
   * @defaultValue `{ unknown: 'refuse' }`
   */
  readonly members?: { readonly unknown?: UnknownMembers }
  /**
   * Makes the stored form of passwords and other values that no client may read.
   *
   * @defaultValue a salted scrypt hash
   */
  readonly protect?: Protect
}

/** A resource type for the `resources` option of the router. */
export interface DocumentResource<R> {
  readonly adapter: ResourceAdapter<R>
  readonly supports: Supports
  readonly schema: SchemaDefinition
  readonly extensions: readonly SchemaExtension[]
  readonly attributes: Readonly<Record<string, AttributeOverride | undefined>>
}

/** A resource type of one's own. */
export interface OwnType<Base extends SchemaDefinition, Extension extends SchemaDefinition> extends TypeOptions {
  /** Name of the resource type: the key in the option `resources` of the router. */
  readonly name: string
  /** Base schema of the type. */
  readonly schema: Base
  /**
   * Schema extensions; `{ schema, required: true }` for one that each resource must have.
   *
   * @defaultValue none
   */
  readonly extensions?: readonly (Extension | { readonly schema: Extension; readonly required: boolean })[]
  /**
   * Name of the readOnly attribute that shows the groups whose member the resource is, as `groups` of users does.
   *
   * @defaultValue no attribute shows them
   */
  readonly memberOf?: string
  /**
   * Paths of the attributes whose value other resources show as `display` of the resource: the first that has a value.
   *
   * @defaultValue `['displayName']`
   */
  readonly display?: readonly string[]
}

/** Users, groups and other resources as documents in tables of the library. */
export interface DocumentAdapters {
  readonly users: ResourceAdapter<UserResource>
  readonly groups: ResourceAdapter<GroupResource>
  /** Users and groups for the `resources` option of the router. */
  readonly resources: { readonly User: DocumentResource<UserResource>; readonly Group: DocumentResource<GroupResource> }
  /** One more resource type in the same tables, for the `resources` option. Its resources may be members of groups. */
  readonly resource: <const Base extends SchemaDefinition, const Extension extends SchemaDefinition = never>(
    type: OwnType<Base, Extension>,
  ) => DocumentResource<ResourceOf<Base, Extension>>
  /**
   * Makes the tables or brings them up to date. Safe to run at every start, in several processes at once. If
   * extensions, unique attributes or `indexes` have changed, it fills the look-ups of each resource again, in batches,
   * and only adds. `reindex` does so in any case, and removes look-ups of other declarations. Throws a SetupError that
   * names the resources if several share a value that must be unique.
   *
   * `tenant`: the tenant whose database is migrated, if each tenant has one. Default: none.
   */
  readonly migrate: (options?: { readonly reindex?: boolean; readonly tenant?: string | undefined }) => Promise<void>
  /** The `transaction` option of the router. */
  readonly transaction: <T>(work: (connection: Queryable) => Promise<T>, call?: Call) => Promise<T>
}

/** The database with the documents, and the function that makes its tables. */
export interface DocumentPlace extends Pick<Store, 'database' | 'prefix' | 'copied' | 'combined'> {
  readonly replica?: Replica | undefined
  /** The page of the documentation that messages lead to. */
  readonly page: string
  readonly migrate: (types: readonly StoredType[], reindex: boolean) => Promise<void>
}

/** Makes the adapters over one database. Throws a {@link SetupError} for options that make no sense. */
export function documentAdapters(
  { database, prefix, copied, combined, replica, page, migrate }: DocumentPlace,
  { users: userOptions, groups: groupOptions, members = {}, protect = hashSecret }: DocumentOptions,
): DocumentAdapters {
  const { unknown = 'refuse' } = members
  const of = (owner: string): OptionsOf => ({ owner, code: 'ERR_SCIM_OPTION', section: page })
  const invalid = (sentence: string): SetupError => new SetupError('ERR_SCIM_OPTION', sentence, page)

  const types: StoredType[] = []
  const store: Store = { database, prefix, types, unknownMembers: unknown, protect, copied, combined }
  const add = <R>(type: StoredTypeOptions): DocumentResource<R> => {
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
      adapter: typedAdapter<R>(adapter),
      supports: SUPPORTS,
      schema: type.schema,
      extensions: stored.schema.extensions,
      attributes: type.attributes ?? {},
    })
  }

  const users = add<UserResource>({
    extensions: [EnterpriseUser],
    ...userOptions,
    name: 'User',
    schema: User,
    memberOf: 'groups',
    display: ['displayName', 'name.formatted', 'userName'],
  })
  const groups = add<GroupResource>({ ...groupOptions, name: 'Group', schema: Group })
  return Object.freeze({
    users: users.adapter,
    groups: groups.adapter,
    resources: Object.freeze({ User: users, Group: groups }),
    resource: <const Base extends SchemaDefinition, const Extension extends SchemaDefinition = never>(
      type: OwnType<Base, Extension>,
    ) => {
      checkGiven(type, OWN_TYPE, of('resource'))
      return add<ResourceOf<Base, Extension>>(type)
    },
    migrate: async (options: { readonly reindex?: boolean } = {}) => {
      checkGiven(options, MIGRATE, of('migrate'))
      return migrate(types, options.reindex ?? false)
    },
    transaction: transactionOption(database),
  })
}
