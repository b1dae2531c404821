// Types that scimRouter makes of its options. These need not run: `tsc` says whether each line holds.
import type { Call, Draft, Identity, ResourceAdapter, Stored, StoredRow, TenantOf } from '../../src/adapter/contract.js'
import {
  bearer,
  defineSchema,
  EnterpriseUser,
  type EventHooks,
  type ResourceEntry,
  resourceType,
  type ScimRouterOptions,
  scimRouter,
  type UserResource,
} from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
function same<A, B>(_: Same<A, B>): void {}

const authenticate = bearer('token')
const { users, groups } = memoryAdapters()
const Device = defineSchema({
  id: 'urn:example:Device',
  attributes: [
    { name: 'serial', required: true },
    { name: 'ports', type: 'complex', multiValued: true, subAttributes: [{ name: 'value' }] },
  ],
})
const Badge = defineSchema({ id: 'urn:example:Badge', attributes: [{ name: 'number', required: true }] })
const reading = { get: () => undefined, list: () => [], delete: () => true }

// An adapter that is written in place knows its resource: by the name, by the schema, by the extensions.

export const inPlace = scimRouter({
  authenticate,
  resources: {
    User: {
      attributes: { 'emails.value': { uniqueness: 'server' }, 'meta.created': { discoverable: false } },
      adapter: {
        ...reading,
        create: (draft) => ({ ...draft, id: draft.userName }),
        replace: (id, draft, call) => (call.ifMatch ? 'stale' : { ...draft, id }),
      },
    },
    Group: {
      adapter: () => ({
        ...reading,
        create: (draft) => ({ ...draft, id: draft.displayName }),
        replace: (id, draft) => ({ ...draft, id, members: draft.members ?? null }),
      }),
    },
    Device: {
      schema: Device,
      attributes: { 'ports.value': { required: true } },
      adapter: {
        ...reading,
        create: (draft) => ({ ...draft, id: draft.serial }),
        replace: (id, draft) => ({ ...draft, id }),
      },
    },
  },
  on: {
    'user.deactivated': ({ id }) => id,
    'user.created': ({ before, resource }) => [before satisfies undefined, resource?.id],
    'device.deleted': ({ before, set }) => [before?.id, set satisfies undefined],
    'group.member.added': ({ member }) => member satisfies string,
    request: ({ status }) => status,
    change: async (events, call) => {
      same<(typeof events)[number]['member'], string | undefined>(true)
      same<typeof call.tenant, string | undefined>(true)
    },
  },
  sensitive: ['emails.value', 'ports', `${EnterpriseUser.id}:department`, EnterpriseUser.id],
})

export const extended = scimRouter({
  authenticate,
  resources: {
    User: {
      extensions: [EnterpriseUser, { schema: Badge, required: true }],
      attributes: { 'urn:example:Badge:number': { uniqueness: 'server' } },
      adapter: {
        ...reading,
        create: (draft) => ({ ...draft, id: draft['urn:example:Badge']?.number ?? draft.userName }),
        replace: (id, draft) => ({ ...draft, id }),
      },
    },
  },
})

// Adapters that were made elsewhere, and resource types whose names come from elsewhere.

export const made = scimRouter({ authenticate, resources: { User: { adapter: users }, Group: { adapter: groups } } })
const devices = resourceType({
  schema: Device,
  endpoint: '/Devices',
  adapter: {
    ...reading,
    create: (draft) => ({ ...draft, id: draft.serial }),
    replace: (id, draft) => ({ ...draft, id }),
  },
})
export const byName = scimRouter({
  authenticate,
  resources: { User: { adapter: users }, Device: devices },
  on: { 'device.created': () => 0 },
})
declare const anyName: string
export const dynamic = scimRouter({ authenticate, resources: { [anyName]: devices } })
declare const entries: Readonly<Record<string, ResourceEntry>>
export const loose = scimRouter({ authenticate, resources: entries, on: { 'anything.created': () => 0 } })
declare const options: ScimRouterOptions
export const given = scimRouter(options)

// `auth` and `call.tenant` have the types of the result of `authenticate`.

interface Account extends Identity {
  readonly tenant: string
  readonly scopes: readonly string[]
}
declare const account: Account
export const inferred = scimRouter({
  authenticate: () => account,
  authorize: ({ auth }) => auth.scopes.includes('write'),
  resources: {
    User: {
      adapter: {
        ...reading,
        create: (draft, call) => ({ ...draft, id: call.tenant.toUpperCase() + call.auth.scopes.length }),
        replace: () => undefined,
      },
    },
  },
  on: { 'user.created': ({ auth, tenant }) => auth.scopes.length + tenant.length },
})
const naming = {
  ...reading,
  replace: () => undefined,
}
export const byToken = scimRouter({
  authenticate: bearer((token) => (token === 'a' ? account : null)),
  authorize: ({ auth, tenant }) => auth.scopes.length > tenant.length,
  validate: ({ auth }) => void auth.scopes.length,
  resources: {
    User: {
      attributes: { userName: { isValid: (text) => text.includes('@') } },
      adapter: {
        ...naming,
        create: (draft, call) => ({ ...draft, id: call.tenant.toUpperCase() + call.auth.scopes.length }),
      },
    },
    Group: {
      adapter: ({ auth, tenant }) => ({
        ...naming,
        create: (draft) => ({ ...draft, id: tenant.toUpperCase() + auth.scopes.length }),
      }),
    },
  },
  on: { 'user.created': ({ auth }) => auth.scopes.length },
})
export const byAnyToken = scimRouter({
  authorize: ({ auth }) => auth.scopes.length > 0,
  authenticate: bearer(() => account),
  resources: { User: { adapter: users } },
})
export const bySlowToken = scimRouter({
  authenticate: bearer(async (token) => (token === 'a' ? { tenant: 'acme', plan: 1 } : null)),
  authorize: ({ auth, tenant }) => auth.plan > tenant.length,
  resources: { User: { adapter: users } },
})
export const byOwnFunction = scimRouter({
  authenticate: async ({ token }) => (token ? account : null),
  authorize: ({ auth, tenant }) => auth.scopes.length > tenant.length,
  resources: {
    User: {
      adapter: {
        create: (draft, call) => ({ ...draft, id: call.tenant.toUpperCase() + call.auth.scopes.length }),
        get: (id) => ({ id, userName: 'a' }),
        list: (query) => (query.filter ? [] : [{ id: '1', userName: 'a' }]),
        replace: (id, draft, { tenant }) => ({ ...draft, id: tenant + id }),
        delete: (_id, { auth }) => auth.scopes.length > 0,
      },
    },
    Group: {
      adapter: ({ auth, tenant }) => ({
        ...naming,
        create: (draft) => ({ ...draft, id: tenant.toUpperCase() + auth.scopes.length }),
      }),
    },
  },
})
// @ts-expect-error the identity of a token that is compared has no members
bearer<Account>('token')
export const misspeltAuth = scimRouter({
  authenticate: bearer(() => account),
  // @ts-expect-error did you mean scopes?
  authorize: ({ auth }) => auth.scope.length > 0,
  resources: { User: { adapter: users } },
})
declare const perhaps: Account | { readonly subject: string }
export const sometimes = scimRouter({
  tenants: 'required',
  // @ts-expect-error some identities have no tenant
  authenticate: () => perhaps,
  resources: { User: { adapter: users } },
})
export const required = scimRouter({
  tenants: 'required',
  authenticate: ({ token }) => (token ? { tenant: 'acme' } : null),
  authorize: ({ tenant }) => tenant.length > 0,
  resources: { User: { adapter: users } },
})
declare function usersOf(tenant: string): ResourceAdapter<UserResource>
export const perTenant = scimRouter({
  tenants: 'required',
  authenticate: bearer((token) => (token === 'a' ? { tenant: 'acme' } : null)),
  resources: { User: { adapter: ({ tenant }) => usersOf(tenant) } },
})
declare const ofAccounts: ResourceAdapter<UserResource, Account>
export const fitting = scimRouter({ authenticate: () => account, resources: { User: { adapter: ofAccounts } } })
same<Call<Account>['tenant'], string>(true)
same<Call['tenant'], string | undefined>(true)
same<TenantOf<{ readonly tenant?: string }>, string | undefined>(true)

// A simple store can hand back the rows that it keeps, and the drafts that it was given.

const rows = new Map<string, StoredRow<UserResource>>()
export const simple: ResourceAdapter<UserResource> = {
  create: (draft) => {
    const row = { ...draft, id: '1', meta: { created: new Date() } }
    rows.set(row.id, row)
    return row
  },
  get: (id) => rows.get(id),
  list: () => rows.values(),
  replace: (id, draft) => {
    const old = rows.get(id)
    const row = {
      ...draft,
      id,
      name: draft.name,
      title: draft.title,
      meta: { created: old?.meta?.created, version: 2 },
    }
    rows.set(id, row)
    return row
  },
  delete: (id) => rows.delete(id),
}
export const read = (user: UserResource): Stored<UserResource> => ({
  ...user,
  name: { givenName: user.name?.givenName, familyName: user.name?.familyName },
  meta: { created: user.meta.created, lastModified: user.meta.lastModified },
})
export const pages = ({ select }: Call): readonly boolean[] => [select.has('members'), select.shows('members')]

// Options that must not compile.

export const groupsAsUsers = scimRouter({
  authenticate,
  // @ts-expect-error groups are no users
  resources: { User: { adapter: groups } },
})
export const usersAsDevices = scimRouter({
  authenticate,
  // @ts-expect-error users are no devices
  resources: { Device: { schema: Device, adapter: users } },
})
export const withoutSchema = scimRouter({
  authenticate,
  // @ts-expect-error only User and Group have a schema by their name
  resources: { Device: { adapter: users } },
})
export const misspeltAttribute = scimRouter({
  authenticate,
  resources: {
    // @ts-expect-error did you mean userName?
    User: { adapter: { ...reading, create: (draft) => ({ id: draft.usrName }), replace: () => undefined } },
  },
})
export const missing = scimRouter({
  authenticate,
  resources: {
    // @ts-expect-error userName is missing
    User: { adapter: { ...reading, create: () => ({ id: 1, username: 'ann' }), replace: () => undefined } },
  },
})
export const wrongValue = scimRouter({
  authenticate,
  resources: {
    // @ts-expect-error userName is a text
    User: { adapter: { ...reading, create: (draft) => ({ ...draft, id: 1, userName: 5 }), replace: () => undefined } },
  },
})
export const wrongExtension = scimRouter({
  authenticate,
  resources: {
    User: {
      extensions: [Badge],
      // @ts-expect-error the badge has a number, and no colour
      adapter: { ...users, create: (draft) => ({ ...draft, id: draft['urn:example:Badge']?.colour }) },
    },
  },
})
export const misspeltEvent = scimRouter({
  authenticate,
  resources: { User: { adapter: users } },
  // @ts-expect-error did you mean user.deactivated?
  on: { 'user.deactivatd': () => 0 },
})
export const memberOfNoMemberEvent = scimRouter({
  authenticate,
  resources: { User: { adapter: users } },
  // @ts-expect-error a change of a user has no member
  on: { 'user.updated': ({ member }) => member satisfies string },
})
export const hooksOfAnyType: EventHooks = {
  'lamp.member.removed': ({ member }) => member satisfies string,
  'lamp.created': ({ before }) => before satisfies undefined,
  // @ts-expect-error the resource before a change is not always known
  'lamp.updated': ({ before }) => before satisfies object,
}
export const eventOfNoType = scimRouter({
  authenticate,
  resources: { User: { adapter: users } },
  // @ts-expect-error no device is served
  on: { 'device.created': () => 0 },
})
export const misspeltPath = scimRouter({
  authenticate,
  // @ts-expect-error did you mean userName?
  resources: { User: { adapter: users, attributes: { usrName: { uniqueness: 'server' } } } },
})
export const misspeltPart = scimRouter({
  authenticate,
  // @ts-expect-error emails have a value
  resources: { User: { adapter: users, attributes: { 'emails.val': { uniqueness: 'server' } } } },
})
export const misspeltSensitive = scimRouter({
  authenticate,
  resources: { User: { adapter: users } },
  // @ts-expect-error did you mean emails.value?
  sensitive: ['emails.val'],
})
export const misspeltOfDevice = resourceType({
  schema: Device,
  adapter: devices.adapter,
  // @ts-expect-error did you mean serial?
  attributes: { serail: { uniqueness: 'server' } },
})
export const misspeltEntry = scimRouter({
  authenticate,
  // @ts-expect-error did you mean onDuplicate?
  resources: { User: { adapter: users, onDuplicat: 'refuse' } },
})
export const misspeltOption = scimRouter({
  authenticate,
  resources: { User: { adapter: users } },
  // @ts-expect-error did you mean authorize?
  autorize: () => true,
})
export const otherIdentity = scimRouter({
  authenticate,
  // @ts-expect-error these callers have no scopes
  resources: { User: { adapter: ofAccounts } },
})
export const otherAuth = scimRouter({
  authenticate: () => account,
  resources: { User: { adapter: users } },
  // @ts-expect-error accounts have scopes, and no roles
  authorize: ({ auth }) => auth.roles.length > 0,
})
// @ts-expect-error a row has no schemas
rows.set('2', { id: '2', userName: 'bob', schemas: [] })

// A rule knows the resource by its type, the paths of its attributes, and the identity.

export const ruled = scimRouter({
  authenticate: () => ({ tenant: 'acme', plan: 'small' as const }),
  resources: {
    User: { adapter: users },
    Device: {
      schema: Device,
      adapter: { ...reading, create: () => ({ id: '1', serial: 'x' }), replace: (id) => ({ id, serial: 'x' }) },
    },
  },
  validate: async (write) => {
    same<typeof write.auth.plan, 'small'>(true)
    same<typeof write.tenant, string>(true)
    same<typeof write.resourceType, 'User' | 'Device'>(true)
    if (write.resourceType === 'Device') {
      await write.changed('ports.value')
      // @ts-expect-error no attribute of a device
      await write.changed('userName')
      return void (await write.after())?.serial.length
    }
    const user = await write.after()
    same<typeof user, Draft<UserResource> | undefined>(true)
    return void (await write.before())?.emails?.[0]?.value
  },
})
