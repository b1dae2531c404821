import { EnterpriseUser, Group, User } from '../../src/index.js'
import { BULK_REQUEST, PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'

/** The facts that one client may know about the resources of another. */
export interface Known {
  readonly user: string
  readonly group: string
  readonly userName: string
  readonly externalId: string
  readonly displayName: string
  /** An ETag, quotes and all. */
  readonly tag: string
  /** Of a list of users with `count=1`. */
  readonly cursor: string
  /** The URL of the user. */
  readonly location: string
}

/** A request that tries to make something of it. */
export interface Crossing {
  readonly title: string
  readonly method: string
  readonly path: (known: Known) => string
  readonly headers?: (known: Known) => Readonly<Record<string, string>>
  readonly body?: (known: Known) => unknown
}

const patch = (...Operations: readonly object[]) => ({ schemas: [PATCH_OP], Operations })
const search = (query: object) => ({ schemas: [SEARCH_REQUEST], ...query })
const bulk = (...Operations: readonly object[]) => ({ schemas: [BULK_REQUEST], Operations })
const userBody = (rest: object = {}) => ({ schemas: [User.id], userName: 'taken-over', ...rest })
const groupBody = (rest: object = {}) => ({ schemas: [Group.id], displayName: 'taken-over', ...rest })
const title = { op: 'replace', path: 'title', value: 'stolen' }
const quote = (text: string): string => JSON.stringify(text)
const encoded = (filter: string): string => encodeURIComponent(filter)

const CONDITIONS: readonly (readonly [string, (known: Known) => Readonly<Record<string, string>>])[] = [
  ['', () => ({})],
  ['if it has its version', ({ tag }) => ({ 'if-match': tag })],
  ['if it has another version', () => ({ 'if-match': 'W/"another"' })],
  ['if it is there', () => ({ 'if-match': '*' })],
  ['unless it has its version', ({ tag }) => ({ 'if-none-match': tag })],
  ['unless it is there', () => ({ 'if-none-match': '*' })],
]

/** Requests to the resource itself, each without a condition and with every kind of it. */
const ON_RESOURCES: readonly Crossing[] = (
  [
    ['/Users', ({ user }: Known) => user, userBody(), patch(title)],
    [
      '/Groups',
      ({ group }: Known) => group,
      groupBody(),
      patch({ op: 'replace', path: 'displayName', value: 'stolen' }),
    ],
  ] as const
).flatMap(([endpoint, id, body, change]) =>
  (
    [
      ['GET', ''],
      ['GET', '?attributes=id'],
      ['GET', '?excludedAttributes=meta'],
      ['HEAD', ''],
      ['PUT', ''],
      ['PATCH', ''],
      ['PATCH', '?attributes=id'],
      ['DELETE', ''],
      ['POST', ''],
    ] as const
  ).flatMap(([method, query]) =>
    CONDITIONS.map(
      ([condition, headers]): Crossing => ({
        title: `${method} ${endpoint}/{id}${query} ${condition}`,
        method,
        path: (known) => `${endpoint}/${id(known)}${query}`,
        headers,
        ...(method === 'PUT' && { body: () => body }),
        ...(method === 'PATCH' && { body: () => change }),
        ...(method === 'POST' && { body: () => body }),
      }),
    ),
  ),
)

const FILTERS: readonly (readonly [string, string, (known: Known) => string])[] = [
  ['/Users', 'its id', ({ user }) => `id eq ${quote(user)}`],
  ['/Users', 'its userName', ({ userName }) => `userName eq ${quote(userName)}`],
  ['/Users', 'its userName in capitals', ({ userName }) => `userName eq ${quote(userName.toUpperCase())}`],
  ['/Users', 'the beginning of its userName', ({ userName }) => `userName sw ${quote(userName.slice(0, 8))}`],
  ['/Users', 'its externalId', ({ externalId }) => `externalId eq ${quote(externalId)}`],
  ['/Users', 'its location', ({ location }) => `meta.location eq ${quote(location)}`],
  ['/Users', 'its version', ({ tag }) => `meta.version eq ${quote(tag)} and title eq "secret title"`],
  ['/Users', 'its group', ({ group }) => `groups.value eq ${quote(group)}`],
  ['/Users', 'its manager', ({ user }) => `${EnterpriseUser.id}:manager.value eq ${quote(user)}`],
  ['/Users', 'everything but its id', ({ user }) => `id ne ${quote(user)} and title eq "secret title"`],
  ['/Groups', 'its member', ({ user }) => `members.value eq ${quote(user)}`],
  ['/Groups', 'its member by value filter', ({ user }) => `members[value eq ${quote(user)}]`],
  ['/Groups', 'its member by reference', ({ location }) => `members.$ref eq ${quote(location)}`],
  ['/Groups', 'its name', ({ displayName }) => `displayName eq ${quote(displayName)}`],
  ['', 'its id', ({ user }) => `id eq ${quote(user)}`],
  ['', 'its externalId', ({ externalId }) => `externalId eq ${quote(externalId)}`],
]

const LISTS: readonly Crossing[] = FILTERS.flatMap(([endpoint, what, filter]): Crossing[] => [
  {
    title: `GET ${endpoint}/ by ${what}`,
    method: 'GET',
    path: (known) => `${endpoint || '/'}?filter=${encoded(filter(known))}`,
  },
  {
    title: `GET ${endpoint}/ by ${what}, counted and sorted`,
    method: 'GET',
    path: (known) => `${endpoint || '/'}?filter=${encoded(filter(known))}&sortBy=id&count=0`,
  },
  {
    title: `POST ${endpoint}/.search by ${what}`,
    method: 'POST',
    path: () => `${endpoint}/.search`,
    body: (known) => search({ filter: filter(known) }),
  },
])

const CURSORS: readonly Crossing[] = [
  { title: 'GET by its cursor', method: 'GET', path: ({ cursor }) => `/Users?count=1&cursor=${cursor}` },
  {
    title: 'GET by its cursor of another type',
    method: 'GET',
    path: ({ cursor }) => `/Groups?count=1&cursor=${cursor}`,
  },
  {
    title: 'POST /.search by its cursor',
    method: 'POST',
    path: () => '/Users/.search',
    body: ({ cursor }) => search({ count: 1, cursor }),
  },
]

/** References from the client's own resources to the stranger's. `own` stands for the ids of the client's own. */
const REFERENCES: readonly Crossing[] = [
  {
    title: 'POST of a group with it as a member',
    method: 'POST',
    path: () => '/Groups',
    body: ({ user }) => groupBody({ members: [{ value: user }] }),
  },
  {
    title: 'POST of a group with its group as a member',
    method: 'POST',
    path: () => '/Groups',
    body: ({ group }) => groupBody({ members: [{ value: group, type: 'Group' }] }),
  },
  {
    title: 'PUT of a group with it as a member',
    method: 'PUT',
    path: () => '/Groups/{own group}',
    body: ({ user }) => groupBody({ members: [{ value: user }] }),
  },
  {
    title: 'PATCH that adds it to a group',
    method: 'PATCH',
    path: () => '/Groups/{own group}',
    body: ({ user }) => patch({ op: 'add', path: 'members', value: [{ value: user }] }),
  },
  {
    title: 'PATCH that removes it from a group',
    method: 'PATCH',
    path: () => '/Groups/{own group}?attributes=members',
    body: ({ user }) => patch({ op: 'remove', path: `members[value eq ${quote(user)}]` }),
  },
  {
    title: 'PATCH that makes it a manager',
    method: 'PATCH',
    path: () => '/Users/{own user}?attributes=id',
    body: ({ user }) => patch({ op: 'replace', path: `${EnterpriseUser.id}:manager.value`, value: user }),
  },
]

const BULK: readonly Crossing[] = (['PUT', 'PATCH', 'DELETE'] as const)
  .flatMap((method): Crossing[] => [
    bulkOn(method, '/Users', {}),
    bulkOn(method, '/Users', { version: true }),
    bulkOn(method, '/Groups', {}),
    bulkOn(method, '/Groups', { version: true }),
    {
      title: `bulk ${method} by its URL`,
      method: 'POST',
      path: () => '/Bulk',
      body: ({ location }) => bulk({ method, path: location, data: method === 'PUT' ? userBody() : patch(title) }),
    },
  ])
  .concat([
    {
      title: 'bulk POST of a group with it as a member',
      method: 'POST',
      path: () => '/Bulk',
      body: ({ user }) =>
        bulk({ method: 'POST', path: '/Groups', bulkId: 'g', data: groupBody({ members: [{ value: user }] }) }),
    },
    {
      title: 'bulk POST that refers to its bulkId',
      method: 'POST',
      path: () => '/Bulk',
      body: ({ externalId }) =>
        bulk({
          method: 'POST',
          path: '/Groups',
          bulkId: 'g',
          data: groupBody({ members: [{ value: `bulkId:${externalId}` }] }),
        }),
    },
    {
      title: 'bulk PATCH of what its bulkId made',
      method: 'POST',
      path: () => '/Bulk',
      body: ({ externalId }) => bulk({ method: 'PATCH', path: `/Users/bulkId:${externalId}`, data: patch(title) }),
    },
  ])

function bulkOn(method: string, endpoint: '/Users' | '/Groups', { version }: { readonly version?: boolean }): Crossing {
  const isUser = endpoint === '/Users'
  const change = isUser ? title : { op: 'replace', path: 'displayName', value: 'stolen' }
  return {
    title: `bulk ${method} ${endpoint} ${version ? 'under its version' : ''}`,
    method: 'POST',
    path: () => '/Bulk',
    body: ({ user, group, tag }) =>
      bulk({
        method,
        path: `${endpoint}/${isUser ? user : group}`,
        ...(version && { version: tag }),
        ...(method !== 'DELETE' && { data: method === 'PUT' ? (isUser ? userBody() : groupBody()) : patch(change) }),
      }),
  }
}

/** Every operation of the protocol with every known fact about a stranger's resource. */
export const CROSSINGS: readonly Crossing[] = [...ON_RESOURCES, ...LISTS, ...CURSORS, ...REFERENCES, ...BULK]
