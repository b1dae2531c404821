import type { ResourceAdapter } from '../adapter/contract.js'
import { typedAdapter } from '../adapter/typed-adapter.js'
import type { UnknownMembers } from '../adapter/unknown-members.js'
import { checkGiven } from '../check-options.js'
import { EnterpriseUser } from '../schema/core/enterprise-user.js'
import { Group, type GroupResource } from '../schema/core/group.js'
import { User, type UserResource } from '../schema/core/user.js'
import { checkSchemaForm } from '../schema/define/check-definition.js'
import type { ExtensionEntry, SchemaOf } from '../schema/define/schema.js'
import type { SchemaDefinition } from '../schema/model/definition.js'
import type { AttributePathOf, ResourceOf } from '../schema/model/resource.js'
import { adapterOf } from './memory-adapter.js'
import { type MemoryTypeOptions, memoryType } from './memory-type.js'
import { ADAPTER, ADAPTERS } from './option-table.js'
import { Tenants } from './tenants.js'

export type { UnknownMembers } from '../adapter/unknown-members.js'
export type { MemoryTypeOptions } from './memory-type.js'

/** The treatment of members that do not exist. */
export interface MembersOptions {
  /**
   * `'refuse'` answers 400 invalidValue, `'keep'` stores them as they are, `'skip'` leaves them out and
   * reports the tolerance `unknownMember`; a request with no existing member is 400, and in strict mode one unknown
   * member is enough.
   *
   * @defaultValue `'refuse'`
   */
  readonly unknown?: UnknownMembers
}

/** The extensions and attributes of the users or groups of {@link memoryAdapters}. */
export interface MemoryCoreOptions<Base extends SchemaDefinition, Extensions extends readonly ExtensionEntry[]>
  extends Omit<MemoryTypeOptions<AttributePathOf<Base, SchemaOf<Extensions[number]>>>, 'schema'> {
  /** See {@link MemoryTypeOptions.extensions}. */
  readonly extensions?: Extensions
}

/** The options of {@link memoryAdapters}. */
export interface MemoryAdaptersOptions<
  UserExtensions extends readonly ExtensionEntry[] = readonly ExtensionEntry[],
  GroupExtensions extends readonly ExtensionEntry[] = readonly ExtensionEntry[],
> {
  /**
   * The extensions and attributes of users: the same as in `resources` of the router.
   *
   * @defaultValue `{ extensions: [EnterpriseUser] }`
   */
  readonly users?: MemoryCoreOptions<typeof User, UserExtensions>
  /**
   * The extensions and attributes of groups: the same as in `resources` of the router.
   *
   * @defaultValue no extension
   */
  readonly groups?: MemoryCoreOptions<typeof Group, GroupExtensions>
  /**
   * `members.unknown`: the treatment of members that do not exist.
   *
   * @defaultValue `{ unknown: 'refuse' }`
   */
  readonly members?: MembersOptions
}

/** The options of {@link memoryAdapter}. */
export interface MemoryAdapterOptions<Base extends SchemaDefinition, Extensions extends readonly ExtensionEntry[]>
  extends MemoryTypeOptions<AttributePathOf<Base, SchemaOf<Extensions[number]>>> {
  readonly schema: Base
  readonly extensions?: Extensions
  /** The treatment of members that do not exist. */
  readonly members?: MembersOptions
}

/**
 * Users and groups in the memory of this process, for tests and first steps. They are linked: the members of a group
 * are checked and shown with type and display name, `groups` of a user is made of them, direct or indirect, and a
 * deleted user leaves every group. Each tenant has a store of its own. Drafts are copied; returned resources are
 * frozen. They keep versions and page by cursor both ways, and say so in `supports`.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { bearer, scimRouter } from 'express-scim'
 * import { memoryAdapters } from 'express-scim/memory'
 *
 * const { users, groups } = memoryAdapters()
 * const scim = scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: { User: { adapter: users }, Group: { adapter: groups } },
 * })
 * express().use('/scim/v2', scim, scim.errors)
 * ```
 */
export function memoryAdapters<
  const UserExtensions extends readonly ExtensionEntry[] = readonly [typeof EnterpriseUser],
  const GroupExtensions extends readonly ExtensionEntry[] = readonly [],
>(
  options: MemoryAdaptersOptions<UserExtensions, GroupExtensions> = {},
): {
  readonly users: ResourceAdapter<UserResource>
  readonly groups: ResourceAdapter<GroupResource>
} {
  checkGiven(options, ADAPTERS, { owner: 'memoryAdapters', code: 'ERR_SCIM_OPTION', section: PAGE })
  const userOptions = { extensions: [EnterpriseUser], ...options.users, schema: User }
  const userType = memoryType(userOptions, {
    name: 'User',
    memberOf: 'groups',
    display: ['displayName', 'name.formatted', 'userName'],
  })
  const groupType = memoryType({ ...options.groups, schema: Group }, { name: 'Group', display: ['displayName'] })
  const tenants = new Tenants([userType, groupType])
  const { unknown = 'refuse' } = options.members ?? {}
  return {
    users: typedAdapter<UserResource>(adapterOf(userType, tenants, unknown)),
    groups: typedAdapter<GroupResource>(adapterOf(groupType, tenants, unknown)),
  }
}

/**
 * Resources of any type in the memory of this process, for tests and first steps. As {@link memoryAdapters}, but for
 * links: it knows no other resource type.
 *
 * @example
 * ```ts
 * import { defineSchema } from 'express-scim'
 * import { memoryAdapter } from 'express-scim/memory'
 *
 * const Device = defineSchema({ id: 'urn:example:scim:schemas:Device', attributes: [{ name: 'serial', uniqueness: 'server' }] })
 * const devices = memoryAdapter({ schema: Device, indexes: ['serial'] })
 * ```
 */
export function memoryAdapter<
  const Base extends SchemaDefinition,
  const Extensions extends readonly ExtensionEntry[] = readonly [],
>(options: MemoryAdapterOptions<Base, Extensions>): ResourceAdapter<ResourceOf<Base, SchemaOf<Extensions[number]>>> {
  checkGiven(options, ADAPTER, { owner: 'memoryAdapter', code: 'ERR_SCIM_OPTION', section: PAGE })
  checkSchemaForm(options.schema)
  const name = options.schema.name ?? options.schema.id
  const type = memoryType(options, { name })
  return typedAdapter(adapterOf(type, new Tenants([type]), options.members?.unknown ?? 'refuse'))
}

const PAGE = 'options.md#memoryadapters'
