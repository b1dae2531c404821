import type { AnyAdapter } from '../../adapter/any-adapter.js'
import type { ProposedWrite } from '../../adapter/contract/proposed-write.js'
import type { Action, Awaitable, Call, Draft, Identity, Stored, Supports, TenantOf } from '../../adapter/contract.js'
import type { IdShape } from '../../adapter/id-shape.js'
import type { Compatibility } from '../../compatibility.js'
import type { ScimError } from '../../error.js'
import type { AttributeOverride, ExtensionEntry } from '../../schema/define/schema.js'
import type { SchemaDefinition } from '../../schema/model/definition.js'
import type { CursorOptions } from '../shared/cursor.js'
import type { EventHooks, HookContext, Listener, ResourceEvent } from './hooks.js'
import type { Limits } from './limits.js'

/** The request as `authenticate` gets it. */
export interface Credentials {
  /**
   * The token of `Authorization: Bearer …`, if there is one; in tolerant mode also a header that is the token alone
   * (`bareToken`).
   */
  readonly token: string | undefined
  /** The whole Authorization header, for other schemes. */
  readonly authorization: string | undefined
  /** Request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Parameters of the mount path, e.g. `org` of `/scim/:org/v2`. */
  readonly params: Readonly<Record<string, string>>
  /** The HTTP method. */
  readonly method: string
  /** Path below the mount path. */
  readonly path: string
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/**
 * Returns the identity of the client. Null or undefined: 401 with `WWW-Authenticate`. It may throw
 * `ScimError.forbidden()`. Called before anything else; no adapter callback runs without it.
 */
export interface Authenticate<Auth extends Identity = Identity> {
  (credentials: Credentials): Awaitable<Auth | null | undefined>
  /** The schemes for ServiceProviderConfig, if the option `authenticationSchemes` is not set. */
  readonly schemes?: readonly AuthenticationScheme[]
}

/** An operation that waits for permission. */
export interface AuthorizationRequest<Auth extends Identity = Identity> {
  /** The operation. */
  readonly action: Action
  /** Name of the resource type. */
  readonly resourceType: string
  /** Id of the resource; undefined for `create` and `list`. */
  readonly id: string | undefined
  /** The identity that `authenticate` returned. */
  readonly auth: Auth
  /** The tenant of that identity. */
  readonly tenant: TenantOf<Auth>
  /** Parameters of the mount path, e.g. `org` of `/scim/:org/v2`. */
  readonly params: Readonly<Record<string, string>>
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/** One attribute in the eyes of a policy. */
export interface AttributeAccess<Auth extends Identity = Identity> {
  /** Path of a top-level or extension attribute: `userName`, `urn:…:User:department`. */
  readonly attribute: string
  /** Name of the resource type. */
  readonly resourceType: string
  /** The identity that `authenticate` returned. */
  readonly auth: Auth
}

/** The answer to a POST for a resource that exists. */
export type DuplicatePolicy = 'refuse' | 'reactivate' | 'adopt'

/** A POST for a resource that exists. */
export interface Duplicate {
  /**
   * The resource that has unique values of the new one. If two resources have such values, the function is not called,
   * and the POST is 409.
   */
  readonly existing: Stored
  /** The resource that the client sent. */
  readonly draft: Draft
  /**
   * Path of the attribute that holds the value: `'userName'`, `'emails.value'`; a singular one if there are several.
   */
  readonly attribute: string
  /** The identity that `authenticate` returned. */
  readonly auth: Identity
}

/** One resource type of the service. */
export interface ResourceEntry<Adapter = AnyAdapter, PerCall = never> {
  /** The adapter that stores the resources, or a function that returns the adapter of a tenant. */
  readonly adapter: Adapter | ((call: PerCall) => Adapter)
  /**
   * Base schema, made by `defineSchema`.
   *
   * @defaultValue the schema of RFC 7643 for `User` and `Group`; other types must have one
   */
  readonly schema?: SchemaDefinition
  /**
   * Schema extensions. Write `{ schema, required: true }` for an extension that each resource must have.
   *
   * @defaultValue `[EnterpriseUser]` for `User` without `schema`, else none
   */
  readonly extensions?: readonly ExtensionEntry[]
  /**
   * Path of the endpoint, case exact.
   *
   * @defaultValue a slash, the name and `s`: `/Users`
   */
  readonly endpoint?: string
  /**
   * Description under /ResourceTypes.
   *
   * @defaultValue the description of the schema
   */
  readonly description?: string
  /**
   * The optional features of the adapter.
   *
   * @defaultValue the `supports` of the adapter
   */
  readonly supports?: Supports
  /**
   * The shape of the identifiers. An id of another shape gets 404 in a path and in a bulk request, matches no resource
   * in a filter, and gets 400 invalidValue among members. The adapter never receives it.
   * `'uuid'`: as RFC 9562 writes them, in small letters. `'integer'`: at most 18 digits. A regular expression must
   * match the whole text.
   *
   * @defaultValue any text may be an identifier
   */
  readonly ids?: IdShape
  /**
   * The policy for a POST if another resource has one of its unique values. `'refuse'`: 409 (RFC 7644 section 3.3).
   * `'reactivate'`: an inactive resource is replaced by the sent one and made active; 201. `'adopt'`: a resource is
   * replaced also if it is active; 201. A function decides case by case.
   *
   * @defaultValue `'refuse'`
   */
  readonly onDuplicate?: DuplicatePolicy | ((duplicate: Duplicate) => Awaitable<DuplicatePolicy>)
  /**
   * Policies of single attributes, by path: `{ displayName: { uniqueness: 'server' }, active: { default: true } }`.
   *
   * @defaultValue none
   */
  readonly attributes?: Readonly<Record<string, AttributeOverride | undefined>>
}

/** An authentication scheme as ServiceProviderConfig shows it, RFC 7643 section 5. */
export interface AuthenticationScheme {
  /** The kind of scheme. */
  readonly type: 'oauth' | 'oauth2' | 'oauthbearertoken' | 'httpbasic' | 'httpdigest'
  /** Name for people. */
  readonly name: string
  /** Description for people. */
  readonly description: string
  /**
   * URL of the specification of the scheme.
   *
   * @defaultValue not shown
   */
  readonly specUri?: string
  /**
   * URL of documentation for people.
   *
   * @defaultValue not shown
   */
  readonly documentationUri?: string
  /**
   * Whether clients should prefer this scheme.
   *
   * @defaultValue not shown
   */
  readonly primary?: boolean
}

/** The tenant and the actor for whom the application makes a request by `scim.as(…)`. */
export interface Caller {
  /** The customer whose data the request is about; never empty. */
  readonly tenant: string
  /** The person or part of the application that makes it. */
  readonly actor: string
}

/** The result of the option `identity`. */
export interface CallerIdentity<Auth extends Identity = Identity> {
  /** The identity that `authenticate` would return; its tenant must be the caller's. */
  readonly auth: Auth
  /**
   * Parameters of the mount path.
   *
   * @defaultValue none
   */
  readonly params?: Readonly<Record<string, string>>
  /**
   * The value that adapters get as `call.request`.
   *
   * @defaultValue `undefined`
   */
  readonly request?: unknown
}

/** The options of a router. */
export interface ScimRouterOptions<Auth extends Identity = Identity> {
  /** Authenticates the client of a request; `bearer(token)` is the shortest form. Nothing is open by default. */
  readonly authenticate: Authenticate<Auth>
  /** The resource types by name. */
  readonly resources: Readonly<Record<string, ResourceEntry>>
  /**
   * Which deviations from the standard are accepted, docs/compatibility.md.
   *
   * @defaultValue `'tolerant'`
   */
  readonly compatibility?: Compatibility
  /**
   * Limits that differ from the defaults, docs/limits.md.
   *
   * @defaultValue the table in docs/limits.md
   */
  readonly limits?: Partial<Limits>
  /**
   * URL that clients see, without query and fragment, for proxies that Express does not know of; or a function that
   * returns it for a request.
   *
   * @defaultValue protocol, host and mount path as Express sees them
   */
  readonly baseUrl?: string | ((request: unknown) => string)
  /**
   * Called before each operation, also each operation of a bulk request. A truthy result permits it. False, undefined,
   * or a thrown `ScimError.forbidden()` is 403. A query at the root leaves out the resource types that may not be
   * listed. It is also called with `list` for the types of members and groups: without that permission, `display` of
   * members and `groups` are left out.
   *
   * @defaultValue all operations are permitted
   */
  readonly authorize?: (operation: AuthorizationRequest<Auth>) => Awaitable<boolean>
  /**
   * `'required'`: an identity without a tenant, or with an empty one, is refused (500 `ERR_SCIM_TENANT`) before
   * anything is read. TypeScript then wants an `authenticate` that always returns a tenant.
   *
   * @defaultValue an identity may have no tenant
   */
  readonly tenants?: 'required' | undefined
  /**
   * The client's access to an attribute. `'none'` hides it from reading, filtering and sorting.
   *
   * @defaultValue `'write'` for all attributes
   */
  readonly access?: (access: AttributeAccess<Auth>) => 'none' | 'read' | 'write'
  /**
   * A rule for each write, those of a bulk request included: it throws a `ScimError` to refuse, docs/policies.md. The
   * router calls it after validation and before the adapter, inside `transaction` if there is one. If it reads the
   * resource by `before`, `after` or `changed`, the write succeeds only on the version that was read; if another writer
   * was faster, the router calls it again. Make no calls over the network here: the transaction stays open meanwhile.
   *
   * @defaultValue no rule
   */
  readonly validate?: (write: ProposedWrite<Auth>) => Awaitable<void>
  /**
   * Answer 428 to PUT, PATCH and DELETE without If-Match.
   *
   * @defaultValue `false`
   */
  readonly requireIfMatch?: boolean
  /**
   * Discovery endpoints can be read without credentials (RFC 7643 section 5).
   *
   * @defaultValue `false`
   */
  readonly publicDiscovery?: boolean
  /**
   * The authentication schemes that ServiceProviderConfig shows.
   *
   * @defaultValue the `schemes` of `authenticate`, else OAuth bearer token
   */
  readonly authenticationSchemes?: readonly AuthenticationScheme[]
  /**
   * URL of your documentation, shown in ServiceProviderConfig.
   *
   * @defaultValue not shown
   */
  readonly documentationUri?: string
  /**
   * Runs a write in a database transaction, and commits if the work succeeds. The handle that it passes to `work`
   * reaches adapters as `call.transaction`.
   *
   * @defaultValue no transaction
   */
  readonly transaction?: <T>(work: (handle: unknown) => Promise<T>, call: Call<Auth>) => Promise<T>
  /**
   * Also runs reads in `transaction`: for a database that takes the tenant from the transaction, such as with row-level
   * security. A list that an adapter yields in pieces must be read inside of it. Needs `transaction`.
   *
   * @defaultValue `false`
   */
  readonly readsInTransaction?: boolean
  /**
   * Stores the events of a transaction before it commits; if it fails, the write is rolled back. Without it, events
   * reach only the hooks of `on`, and are lost if the process ends first. Needs `transaction`.
   *
   * @defaultValue no outbox
   */
  readonly outbox?: (events: readonly ResourceEvent<Auth>[], call: Call<Auth>) => Awaitable<void>
  /**
   * Bulk operations. `atomic: true`: all operations or none, needs `transaction`. `false`: POST /Bulk is answered with
   * 501.
   *
   * @defaultValue offered, not atomic
   */
  readonly bulk?: false | { readonly atomic?: boolean }
  /**
   * Cursor pagination, RFC 9865.
   *
   * @defaultValue not offered
   */
  readonly cursor?: CursorOptions<Auth>
  /**
   * Paths of attributes that clients may use in filters by POST to /.search only. A GET is answered with 403
   * `sensitive`.
   *
   * @defaultValue none
   */
  readonly sensitive?: readonly string[]
  /**
   * Passwords. `hash` turns the clear text into the value that the adapter gets; with it, ServiceProviderConfig shows
   * changePassword.
   *
   * @defaultValue adapters get the clear text
   */
  readonly password?: { readonly hash: (password: string, call: Call<Auth>) => Awaitable<string> }
  /**
   * Turns an error of a database into one for the client; undefined: a 500 without internals.
   *
   * @defaultValue every error that is no `ScimError` is a 500
   */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /**
   * The stand-in for a client in requests that the application makes itself by `scim.as(…)`. Needed only if
   * `authorize`, adapters or a `baseUrl` function read members of `auth` other than `tenant` and `subject`, or read
   * `params` or `request`.
   *
   * @defaultValue an identity of tenant and subject, no parameters, no request
   */
  readonly identity?: (caller: Caller) => Awaitable<CallerIdentity<Auth>>
  /**
   * Hooks for events, requests and errors, docs/events.md: one object of them or a list. They never delay or fail a
   * request. Hooks of one name are called in the order of the list, and none waits for or fails with another.
   *
   * @defaultValue none
   */
  readonly on?: EventHooks<Auth> | Listener<Auth> | readonly (EventHooks<Auth> | Listener<Auth>)[]
  /**
   * Called with the work of the hooks of each event and report, on platforms that freeze the process after an answer:
   * `waitUntil: (work) => context.waitUntil(work)`. The work never rejects.
   *
   * @defaultValue the process keeps running
   */
  readonly waitUntil?: (work: Promise<void>, context: HookContext) => void
}

/** The authentication schemes for discovery: those of the option, else the `schemes` of `authenticate`. */
export function schemesOf({
  authenticate,
  authenticationSchemes,
}: ScimRouterOptions): readonly AuthenticationScheme[] | undefined {
  return authenticationSchemes ?? authenticate.schemes
}
