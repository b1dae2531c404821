import { boolean, integer, list, object, oneOf, optional, type Schema, text, time } from './schema.js'
import * as shapes from './shapes.js'

/**
 * The visitors that a route is for: staff alone, or everybody. An invitation reaches only the routes with `invited`.
 */
type Audience = 'everybody' | 'staff'

/**
 * The subject of the route, and so the place of its path. Staff name the tenant first: `tenants/{tenant}/connections`.
 */
type Scope = 'service' | 'tenant'

/** One row of the table. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `api/`. Staff put `tenants/{tenant}/` before the path of a route of scope `tenant`. */
  readonly path: string
  readonly scope: Scope
  readonly audience: Audience
  /** The permission of `can` that the caller needs. */
  readonly can: (typeof shapes.CAN)[number] | 'any'
  /** An invitation reaches it, for its one connection. */
  readonly invited?: true
  /** The host is asked to confirm that it is really this person. */
  readonly confirm?: true
  /** Staff must say why: header `X-Scim-Reason`, percent-encoded. The tenant sees it in its history. */
  readonly reason?: true
  readonly summary: string
  readonly query?: Schema
  readonly body?: Schema
  readonly answer: Schema
  readonly status: 200 | 201
}

function route<const R extends Omit<Route, 'scope' | 'audience' | 'status'> & Partial<Route>>(
  row: R,
): R & Pick<Route, 'scope' | 'audience' | 'status'> {
  return { scope: 'tenant', audience: 'everybody', status: 200, ...row }
}

const COUNT = integer('At most so many, up to 200.', { min: 1, max: 200 })
const NAME = text(undefined, { min: 1, max: 100 })
const METHOD = oneOf(['token', 'oauth', 'federated'])
const FEDERATION = object(
  {
    tenantId: text('The tenant id of Entra ID.', { min: 1, max: 200 }),
    subject: text('The subject that Entra shows.', { min: 1, max: 200 }),
    audience: text('The audience, or the application id.', { min: 1, max: 200 }),
  },
  'For the method `federated`: whose assertions are taken.',
)
const CHANGED = object({ connection: shapes.connection })

/** The table of the JSON API. The answers, the OpenAPI document and the tests are made from it. */
export const routes = {
  getSession: route({
    method: 'GET',
    path: 'session',
    scope: 'service',
    can: 'any',
    invited: true,
    summary: 'The visitor, the permissions, and the texts and colours of the pages.',
    answer: shapes.session,
  }),
  listGuides: route({
    method: 'GET',
    path: 'guides',
    scope: 'service',
    can: 'any',
    invited: true,
    summary: 'The identity providers that there are guides for.',
    answer: object({ guides: list(shapes.guide) }),
  }),
  listStored: route({
    method: 'GET',
    path: 'stored',
    scope: 'service',
    can: 'read',
    summary: 'The stored data about people, its place, and its time.',
    answer: shapes.stored,
  }),
  getService: route({
    method: 'GET',
    path: 'service',
    scope: 'service',
    audience: 'staff',
    can: 'read',
    summary: 'The resource types, tolerances, limits and keys of the service.',
    answer: shapes.service,
  }),
  listTenants: route({
    method: 'GET',
    path: 'tenants',
    scope: 'service',
    audience: 'staff',
    can: 'read',
    summary: 'Tenants and their connections, those with trouble first.',
    answer: object({ tenants: list(shapes.tenantRow) }),
  }),

  listConnections: route({
    method: 'GET',
    path: 'connections',
    can: 'read',
    summary: 'The connections of the tenant.',
    answer: object({ connections: list(shapes.connection) }),
  }),
  createConnection: route({
    method: 'POST',
    path: 'connections',
    can: 'credentials',
    confirm: true,
    summary: 'Makes a connection and its first credential.',
    body: object({
      credential: optional(boolean('Whether the first credential is made too. Default true.')),
      provider: text('The id of a guide, or a word of your own.', { min: 1, max: 40 }),
      name: optional(NAME),
      app: optional(text('The kind of application, by its id in the guide.', { max: 40 })),
      method: optional(text('The method, by its id in the guide.', { max: 40 })),
      federation: optional(FEDERATION),
    }),
    answer: shapes.made,
    status: 201,
  }),
  getConnection: route({
    method: 'GET',
    path: 'connections/{connection}',
    can: 'read',
    invited: true,
    summary: 'A connection.',
    answer: CHANGED,
  }),
  updateConnection: route({
    method: 'PATCH',
    path: 'connections/{connection}',
    can: 'credentials',
    summary: 'Changes the name of a connection.',
    body: object({ name: NAME }),
    answer: CHANGED,
  }),
  rotateCredential: route({
    method: 'POST',
    path: 'connections/{connection}/credentials',
    can: 'credentials',
    invited: true,
    confirm: true,
    summary: 'Makes another credential. The old one ends after the new one was first used, and an overlap.',
    body: object({
      overlap: optional(
        oneOf(['0s', '1d', '7d', '30d'], 'How long the old one lives on. Default `7d`; `0s` ends it at once.'),
      ),
      federation: optional(FEDERATION),
    }),
    answer: shapes.made,
    status: 201,
  }),
  revokeCredential: route({
    method: 'DELETE',
    path: 'connections/{connection}/credentials/{credential}',
    can: 'credentials',
    invited: true,
    confirm: true,
    summary: 'Ends a credential at once.',
    answer: CHANGED,
  }),
  pauseConnection: route({
    method: 'POST',
    path: 'connections/{connection}/pause',
    can: 'credentials',
    summary: 'Refuses all requests until the connection is resumed.',
    body: object({ reason: optional(text(undefined, { max: 200 })) }),
    answer: object({ connection: shapes.connection, consequence: text('The reaction of the provider.') }),
  }),
  resumeConnection: route({
    method: 'POST',
    path: 'connections/{connection}/resume',
    can: 'credentials',
    summary: 'Lets requests through again.',
    answer: CHANGED,
  }),
  closeConnection: route({
    method: 'POST',
    path: 'connections/{connection}/close',
    can: 'close',
    confirm: true,
    summary: 'Ends a connection for good. People stay.',
    body: object({ name: text('The name of the connection, typed by the person who closes it.', { max: 100 }) }),
    answer: CHANGED,
  }),
  invite: route({
    method: 'POST',
    path: 'invitations',
    can: 'credentials',
    confirm: true,
    summary: 'Makes a link for a person who administers the identity provider and has no account.',
    body: object({
      connection: optional(
        text('The connection that the link is for. Without it a new one is made, for `provider`.', { max: 40 }),
      ),
      provider: optional(text(undefined, { min: 1, max: 40 })),
      method: optional(METHOD),
    }),
    answer: object({
      connection: shapes.connection,
      invitation: text('Its id.'),
      link: text('The link, relative to the pages: `i/#…`. It is told in this answer and never again.'),
      expires: time(),
    }),
    status: 201,
  }),
  uninvite: route({
    method: 'DELETE',
    path: 'connections/{connection}/invitations/{invitation}',
    can: 'credentials',
    summary: 'Takes an invitation back.',
    answer: CHANGED,
  }),

  getSetup: route({
    method: 'GET',
    path: 'connections/{connection}/setup',
    can: 'read',
    invited: true,
    summary: 'The set-up of a connection: the steps of its guide, which are done, and what went wrong.',
    answer: shapes.setup,
  }),
  updateSetup: route({
    method: 'PATCH',
    path: 'connections/{connection}/setup',
    can: 'credentials',
    invited: true,
    summary: 'Notes the kind of application, the method, the step, and the steps that were ticked by hand.',
    body: object({
      app: optional(text(undefined, { max: 40 })),
      method: optional(text(undefined, { max: 40 })),
      step: optional(text(undefined, { max: 40 })),
      ticked: optional(
        list(text(undefined, { max: 40 }), { max: 50, description: 'All steps that are ticked by hand.' }),
      ),
      finished: optional(boolean()),
    }),
    answer: shapes.setup,
  }),
  startTest: route({
    method: 'POST',
    path: 'connections/{connection}/test',
    can: 'credentials',
    invited: true,
    summary: 'Lets only the named people through, at most five.',
    body: object({ people: list(text('A userName or address.', { min: 1, max: 200 }), { max: 5 }) }),
    answer: CHANGED,
  }),
  goLive: route({
    method: 'POST',
    path: 'connections/{connection}/live',
    can: 'credentials',
    invited: true,
    summary: 'Lets everybody through.',
    answer: CHANGED,
  }),
  undo: route({
    method: 'POST',
    path: 'connections/{connection}/undo',
    can: 'close',
    confirm: true,
    reason: true,
    summary: 'Pauses the connection and deactivates the people who were created by it.',
    answer: object({
      connection: shapes.connection,
      deactivated: integer('People who were deactivated now.'),
      left: integer('People whom it did not reach; call it again.'),
      failed: integer('People whose deactivation was refused.'),
    }),
  }),

  listLog: route({
    method: 'GET',
    path: 'log',
    can: 'read',
    invited: true,
    summary: 'Requests and how they were answered, explained. The latest first.',
    query: object({
      after: optional(text('Only entries after the entry of this key.', { max: 100 })),
      before: optional(text('Only entries before the entry of this key.', { max: 100 })),
      count: optional(COUNT),
      connection: optional(text(undefined, { max: 40 })),
      status: optional(text('`404`, `4xx`, `failed` (400 to 599).', { max: 10 })),
      code: optional(text(undefined, { max: 60 })),
      resource: optional(text('The id of a resource.', { max: 200 })),
      person: optional(text('A userName or externalId.', { max: 300 })),
      from: optional(time()),
      to: optional(time()),
    }),
    answer: shapes.logPage,
  }),
  listTolerances: route({
    method: 'GET',
    path: 'tolerances',
    can: 'read',
    summary: 'Tolerances that requests have needed.',
    query: object({ connection: optional(text(undefined, { max: 40 })) }),
    answer: shapes.tolerances,
  }),

  listPeople: route({
    method: 'GET',
    path: 'people',
    can: 'people',
    reason: true,
    summary: 'People as they are stored.',
    query: object({
      search: optional(text('The beginning of a userName.', { max: 200 })),
      active: optional(oneOf(['true', 'false'])),
      next: optional(text(undefined, { max: 2000 })),
      count: optional(COUNT),
    }),
    answer: shapes.people,
  }),
  getPerson: route({
    method: 'GET',
    path: 'people/{id}',
    can: 'people',
    reason: true,
    summary: 'One person as they are stored, and the attributes that the provider sends and that are not kept.',
    answer: shapes.person,
  }),
  listGroups: route({
    method: 'GET',
    path: 'groups',
    can: 'people',
    reason: true,
    summary: 'Groups as they are stored.',
    query: object({
      search: optional(text('The beginning of a name.', { max: 200 })),
      next: optional(text(undefined, { max: 2000 })),
      count: optional(COUNT),
    }),
    answer: shapes.groups,
  }),
  getGroup: route({
    method: 'GET',
    path: 'groups/{id}',
    can: 'people',
    reason: true,
    summary: 'One group and its members.',
    answer: shapes.group,
  }),
  listHistory: route({
    method: 'GET',
    path: 'history',
    can: 'people',
    summary: 'The audit trail: changes and looks with their actors. The latest first.',
    query: object({
      before: optional(integer('Only entries with a smaller number.', { min: 1 })),
      resource: optional(text('The id of a resource.', { max: 200 })),
      count: optional(COUNT),
    }),
    answer: shapes.history,
  }),

  getRecording: route({
    method: 'GET',
    path: 'connections/{connection}/recording',
    can: 'record',
    reason: true,
    summary: 'The state of the recording, and the recorded exchanges.',
    query: object({ before: optional(text(undefined, { max: 100 })), count: optional(COUNT) }),
    answer: shapes.recording,
  }),
  startRecording: route({
    method: 'POST',
    path: 'connections/{connection}/recording',
    can: 'record',
    reason: true,
    summary: 'Records the exchanges of a connection for some minutes.',
    body: object({
      minutes: integer(undefined, { min: 1, max: 60 }),
      values: optional(boolean('Show values. Default: their types and lengths.')),
    }),
    answer: CHANGED,
  }),
  stopRecording: route({
    method: 'DELETE',
    path: 'connections/{connection}/recording',
    can: 'record',
    summary: 'Ends the recording.',
    answer: CHANGED,
  }),
} as const satisfies Readonly<Record<string, Route>>

/** The routes with their names. */
export const routeEntries = Object.entries(routes) as readonly (readonly [keyof typeof routes, Route])[]
