import type { Tolerate } from '../../compatibility.js'
import type { Resource } from '../../schema/model/resource.js'
import type { Identity, TenantOf } from './identity.js'
import type { KnownText, NameIn } from './known-paths.js'

/** The top-level attributes that a call needs, by their names in the schema. */
export interface Selection<R = Resource> {
  /**
   * Whether the attribute is needed: `select.has('members')`. For lists this includes attributes that only the filter
   * or the sort order needs, because the router evaluates both on candidates.
   */
  has<const Name extends string>(attribute: KnownText<Name, NameIn<R>>): boolean
  /** Whether the attribute is in the response. A list that returns a page needs no other attributes. */
  shows<const Name extends string>(attribute: KnownText<Name, NameIn<R>>): boolean
  /**
   * Whether the client itself names the attribute, in `attributes`, the filter or the sort order. Then an answer must
   * not leave out a part of its values.
   */
  names<const Name extends string>(attribute: KnownText<Name, NameIn<R>>): boolean
}

/** The limits of the router that an adapter must observe. docs/limits.md describes each. */
export interface CallLimits {
  /** The most memberships of groups in groups to follow for one answer. */
  readonly groupLinks: number
  /** The most resources to test for one query. */
  readonly scanResources: number
  /** The most milliseconds for that. */
  readonly scanTime: number
  /**
   * The most members added or removed by one write for which single events are emitted; 0 if there is no listener.
   * Above it no single events are emitted, and an adapter need not determine the members.
   */
  readonly memberEvents: number
}

/** The information that every callback receives. */
export interface Call<Auth extends Identity = Identity, R = Resource> {
  /** What `authenticate` returned. */
  readonly auth: Auth
  /** The tenant of the request: `auth.tenant`. */
  readonly tenant: TenantOf<Auth>
  /** The attributes to load. You may leave out others. */
  readonly select: Selection<R>
  /**
   * Aborts if the client closes the connection or the time for a request is over. A lazy getter: object spread does not
   * copy it, so pass `signal` explicitly.
   */
  readonly signal: AbortSignal
  /**
   * False if the result is only shown to the client. True if it decides about a write, such as the version that a PATCH
   * starts from, or if the read follows a write: a store with replicas must then read from the primary. Undefined
   * counts as true.
   */
  readonly forWrite?: boolean | undefined
  /** The limits for the work of the adapter. */
  readonly limits: CallLimits
  /**
   * Reports to `on.error`, at most once a minute, that answers are incomplete because of a limit. Undefined in a copy
   * of this object: nothing is reported.
   */
  readonly exceeded?: ((limit: keyof CallLimits) => void) | undefined
  /**
   * Whether a deviation from the standard is accepted for this client; if so, `on.request` reports it. Undefined in a
   * copy of this object: no deviation is accepted.
   */
  readonly tolerate?: Tolerate | undefined
  /** The value that the option `transaction` passed to its callback, else undefined. */
  readonly transaction: unknown
  /** Parameters of the mount path, e.g. `org` of `/scim/:org/v2`. */
  readonly params: Readonly<Record<string, string>>
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/** The last argument of callbacks that change a resource. */
export interface WriteCall<Auth extends Identity = Identity, R = Resource> extends Call<Auth, R> {
  /**
   * The write must succeed only if the resource has one of these versions (RFC 9110 section 13.1.1), as the store
   * returned them; undefined: no condition. Check it in the write itself and return `'stale'` if it does not hold.
   */
  readonly ifMatch: readonly string[] | undefined
}
