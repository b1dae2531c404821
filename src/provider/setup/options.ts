import type { AnyAdapter } from '../../adapter/any-adapter.js'
import type { Awaitable, Call, Draft, Identity, ResourceAdapter, Stored, Supports } from '../../adapter/contract.js'
import type { Compatibility } from '../../compatibility.js'
import type { ScimError } from '../../error.js'
import type { SchemaDefinition } from '../../schema/definition.js'
import type { ResourceOf } from '../../schema/resource.js'
import type { AttributeOverride, ExtensionEntry, SchemaOf } from '../../schema/schema.js'
import type { CursorOptions } from './cursor.js'
import type { EventHooks, ResourceEvent } from './hooks.js'
import type { Limits } from './limits.js'

/** What `authenticate` looks at. */
export interface Credentials {
  /** The token of `Authorization: Bearer …`, if there is one. */
  readonly token: string | undefined
  /** The whole Authorization header, for other schemes. */
  readonly authorization: string | undefined
  /** Request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Parameters of the mount path, e.g. `org` of `/scim/:org/v2`. */
  readonly params: Readonly<Record<string, string>>
  readonly method: string
  /** Path below the mount path. */
  readonly path: string
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/**
 * Tells who asks. Null or undefined: 401 with `WWW-Authenticate`. It may throw `ScimError.forbidden()`.
 * Called before anything else; no adapter callback runs without it.
 */
export type Authenticate<Auth extends Identity = Identity> = (
  credentials: Credentials,
) => Awaitable<Auth | null | undefined>

/** What a client is about to do. */
export type Action = 'create' | 'retrieve' | 'list' | 'replace' | 'patch' | 'delete'

/** An operation that waits for permission. */
export interface Operation<Auth extends Identity = Identity> {
  readonly action: Action
  /** Name of the resource type. */
  readonly resourceType: string
  /** Id of the resource; undefined for `create` and `list`. */
  readonly id: string | undefined
  readonly auth: Auth
  readonly tenant: string | undefined
  readonly params: Readonly<Record<string, string>>
  readonly request: unknown
}

/** One attribute in the eyes of a policy. */
export interface AttributeAccess<Auth extends Identity = Identity> {
  /** Path of a top-level or extension attribute: `userName`, `urn:…:User:department`. */
  readonly attribute: string
  readonly resourceType: string
  readonly auth: Auth
}

/** What to do about a POST for something that exists. */
export type DuplicatePolicy = 'refuse' | 'reactivate' | 'adopt'

/** A POST for something that exists. */
export interface Duplicate {
  readonly existing: Stored
  readonly draft: Draft
  readonly auth: Identity
}

/** One resource type of the service. */
export interface ResourceEntry<Adapter = AnyAdapter, PerCall = never> {
  /** An adapter, or a function that gives the one of a tenant. */
  readonly adapter: Adapter | ((call: PerCall) => Adapter)
  /** Base schema. May be left out for `User` and `Group`. */
  readonly schema?: SchemaDefinition
  /** Extensions; the ones that a resource must have as `{ schema, required: true }`. Default for `User`: EnterpriseUser. */
  readonly extensions?: readonly ExtensionEntry[]
  /** Path of the endpoint, case exact. Default: a slash and the plural of the name. */
  readonly endpoint?: string
  readonly description?: string
  /** What the adapter can do beside the six callbacks. Default: what the adapter itself says. */
  readonly supports?: Supports
  /**
   * What a POST does when another resource has one of its unique values (RFC 7644 section 3.3 asks for a 409):
   * `'refuse'` (default); `'reactivate'`: an inactive one is replaced by what was sent and active again; `'adopt'`: any is
   * replaced. Both answer 201. A function decides case by case.
   */
  readonly onDuplicate?: DuplicatePolicy | ((conflict: Duplicate) => Awaitable<DuplicatePolicy>)
  /** Policies of single attributes, by path: `{ displayName: { uniqueness: 'server' }, active: { default: true } }`. */
  readonly attributes?: Readonly<Record<string, AttributeOverride>>
}

/** An authentication scheme as ServiceProviderConfig shows it, RFC 7643 section 5. */
export interface AuthenticationScheme {
  readonly type: 'oauth' | 'oauth2' | 'oauthbearertoken' | 'httpbasic' | 'httpdigest'
  readonly name: string
  readonly description: string
  readonly specUri?: string
  readonly documentationUri?: string
  readonly primary?: boolean
}

/** The options of a router. */
export interface ScimRouterOptions<Auth extends Identity = Identity> {
  /** Required: nothing is open by default. */
  readonly authenticate: Authenticate<Auth>
  /** The resource types by name. */
  readonly resources: Readonly<Record<string, ResourceEntry>>
  /** Default `'tolerant'`. */
  readonly compatibility?: Compatibility
  /** Bounds that differ from the defaults, docs/limits.md. */
  readonly limits?: Partial<Limits>
  /**
   * URL that clients see, without query: for proxies that Express does not know of. Default: protocol, host and mount
   * path as Express sees them.
   */
  readonly baseUrl?: string | ((request: unknown) => string)
  /**
   * Permission for each operation, those of a bulk request included: return false, or throw `ScimError.forbidden()`, to
   * refuse it. A query at the root leaves out the types that may not be listed. Default: all permitted.
   */
  readonly authorize?: (operation: Operation<Auth>) => Awaitable<unknown>
  /** What of an attribute a client may do. Default: `'write'` for all. `'none'` hides it from reading, filtering and sorting. */
  readonly access?: (access: AttributeAccess<Auth>) => 'none' | 'read' | 'write'
  /** Answer 428 to PUT, PATCH and DELETE without If-Match. Default false. */
  readonly requireIfMatch?: boolean
  /** Lets discovery endpoints be read without credentials (RFC 7643 section 5). Default false. */
  readonly publicDiscovery?: boolean
  /** Shown in ServiceProviderConfig. Default: OAuth bearer token. */
  readonly authenticationSchemes?: readonly AuthenticationScheme[]
  /** Shown in ServiceProviderConfig. */
  readonly documentationUri?: string
  /** Runs work in one transaction and commits when it succeeds; what it passes in reaches adapters as `call.transaction`. */
  readonly transaction?: <T>(work: (handle: unknown) => Promise<T>, call: Call<Auth>) => Promise<T>
  /**
   * Written before the transaction commits, with the events of everything in it; its failure undoes the write. For those
   * who cannot lose an event. Needs `transaction`.
   */
  readonly outbox?: (events: readonly ResourceEvent<Auth>[], call: Call<Auth>) => Awaitable<void>
  /** Bulk operations. `atomic`: all or nothing, needs `transaction`. `false`: not offered, 501. Default: offered. */
  readonly bulk?: false | { readonly atomic?: boolean }
  /** Cursor pagination, RFC 9865. Default: not offered. */
  readonly cursor?: CursorOptions<Auth>
  /** Paths of attributes that may be filtered by POST to /.search only: a GET is answered with 403 `sensitive`. */
  readonly sensitive?: readonly string[]
  /** Passwords: `hash` makes of a clear text what the adapter gets. Given, ServiceProviderConfig announces changePassword. */
  readonly password?: { readonly hash: (password: string, call: Call<Auth>) => Awaitable<string> }
  /** Turns an error of a database into one for the client; undefined: a 500 without internals. */
  readonly mapError?: (error: unknown) => ScimError | undefined
  /** Hooks that are told what happened. They never delay or fail a request. */
  readonly on?: EventHooks<Auth>
}

/**
 * One more resource type; the adapter written in place is typed by its schema.
 *
 * @example
 * ```ts
 * import { defineSchema, resourceType } from 'express-scim'
 * import { memoryAdapter } from 'express-scim/memory'
 *
 * const Device = defineSchema({ id: 'urn:example:scim:schemas:Device', attributes: [{ name: 'serial', required: true }] })
 * export const devices = resourceType({ endpoint: '/Devices', schema: Device, adapter: memoryAdapter({ schema: Device }) })
 * ```
 */
export function resourceType<
  const Base extends SchemaDefinition,
  const Extensions extends readonly ExtensionEntry[] = readonly [],
  Auth extends Identity = Identity,
>(
  entry: Omit<
    ResourceEntry<ResourceAdapter<ResourceOf<Base, SchemaOf<Extensions[number]>>, Auth>, Call<Auth>>,
    'schema' | 'extensions'
  > & {
    readonly schema: Base
    readonly extensions?: Extensions
  },
): ResourceEntry {
  return entry
}
