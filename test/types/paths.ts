// Which paths of attributes the compiler accepts. These need not run: `tsc` says whether each line holds.
import type { Call, Draft, ListQuery, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import {
  bearer,
  defineSchema,
  EnterpriseUser,
  type GroupResource,
  resourceType,
  scimRouter,
  type UserResource,
} from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'

declare const users: ListQuery<UserResource>
declare const groups: ListQuery<GroupResource>
declare const someText: string
const Device = defineSchema({
  id: 'urn:example:Device',
  attributes: [{ name: 'serial', required: true }],
})
const Badge = defineSchema({
  id: 'urn:example:Badge',
  attributes: [{ name: 'number' }],
})
const reading = {
  get: () => undefined,
  delete: () => true as const,
  replace: () => undefined,
}

// The query of a list.

users.equals('userName')
users.equals('name.givenName')
users.equals('emails.value')
users.equals('meta.created')
users.equals('id')
users.equals(`${EnterpriseUser.id}:department`)
users.equals(`${EnterpriseUser.id}:manager.value`)
groups.equals('members.value')
users.equals(someText)
// @ts-expect-error did you mean userName?
users.equals('usrName')
// @ts-expect-error did you mean emails.value?
users.equals('emails.valeu')
// @ts-expect-error groups have no userName
groups.equals('userName')
// @ts-expect-error one of the two is misspelt
users.equals('userName' as 'userName' | 'usrName')

// The attributes that a call needs.

export const needs = ({ select }: Call<object, UserResource>): readonly boolean[] => [
  select.has('emails'),
  select.shows(EnterpriseUser.id),
  select.names(someText),
  // @ts-expect-error did you mean userName?
  select.has('usrName'),
  // @ts-expect-error it names top-level attributes
  select.shows('emails.value'),
]

// `select` and `equals` in adapters that are written in place.

export const inPlace = scimRouter({
  authenticate: bearer('token'),
  resources: {
    User: {
      adapter: {
        ...reading,
        create: (draft, { select }) => ({
          ...draft,
          id: String(select.has('emails')),
        }),
        list: (query) => [{ id: '1', userName: query.equals('userName') ?? '' }],
      },
    },
    Device: {
      schema: Device,
      adapter: {
        ...reading,
        create: (draft, { select }) => {
          // @ts-expect-error devices have no emails
          select.has('emails')
          return { ...draft, id: '1' }
        },
        list: (query) => [{ id: '1', serial: query.equals('serial') ?? '' }],
      },
    },
  },
})
export const declared = resourceType({
  schema: Device,
  adapter: {
    ...reading,
    create: (draft) => ({ ...draft, id: '1' }),
    // @ts-expect-error did you mean serial?
    list: (query) => [{ id: '1', serial: query.equals('serail') ?? '' }],
  },
})

// Functions for every resource take the query and the call of one.

declare function search<R>(query: ListQuery, call: Call): Promise<Stored<R>[]>
export const helped: Pick<ResourceAdapter<UserResource>, 'list'> = {
  list: (query, call) => search(query, call),
}
export const wrapped = <R>(adapter: ResourceAdapter<R>): ResourceAdapter<R> => ({
  ...adapter,
  list: (query, call) => (query.equals(someText) ? [] : adapter.list(query, call)),
})

// If a function names the type of the resource, TypeScript finds attributes that its result must not have.

export const named: Pick<ResourceAdapter<UserResource>, 'create'> = {
  create: ({ userName }: Draft<UserResource>): Stored<UserResource> => ({
    id: '1',
    userName,
    // @ts-expect-error did you mean userName?
    usrName: 'x',
  }),
}

// Stores in memory.

memoryAdapters({
  users: { indexes: ['emails.value', `${EnterpriseUser.id}:department`] },
})
memoryAdapters({
  users: { extensions: [Badge], indexes: ['urn:example:Badge:number'] },
})
memoryAdapters({
  groups: { attributes: { displayName: { uniqueness: 'server' } } },
})
memoryAdapter({ schema: Device, indexes: ['serial'] })
// @ts-expect-error did you mean emails.value?
memoryAdapters({ users: { indexes: ['emals.value'] } })
// @ts-expect-error did you mean emails.value?
memoryAdapters({ users: { attributes: { 'emails.valeu': { required: true } } } })
// @ts-expect-error the extension is not among them
memoryAdapters({ users: { extensions: [Badge], indexes: [`${EnterpriseUser.id}:department`] } })
// @ts-expect-error did you mean serial?
memoryAdapter({ schema: Device, indexes: ['serail'] })
