import type { Compatibility, Tolerate } from '../compatibility.js'
import type { Filter } from '../filter/ast.js'
import type { Delta, PatchOperation } from '../patch/patch.js'
import type { Attribute } from '../schema/model/attribute.js'
import type { Json } from '../schema/model/definition.js'
import type { Resource } from '../schema/model/resource.js'
import type { ProposedWrite } from './proposed-write.js'

/** A value or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** "No such resource": answered with 404. Return it also for an id that is malformed for your store; never throw. */
export type Missing = null | undefined

/** The action of a client on a resource or an endpoint. */
export type Action = 'create' | 'retrieve' | 'list' | 'replace' | 'patch' | 'delete'

/**
 * The result of `authenticate`: the identity of the client. Properties that you add reach every callback as
 * `call.auth`.
 */
export interface Identity {
  /**
   * The customer whose data the request is about.
   *
   * @defaultValue none
   */
  readonly tenant?: string | undefined
  /**
   * The client or person that sent the request. A cursor is valid only for the subject that received it.
   *
   * @defaultValue none
   */
  readonly subject?: string | undefined
  /**
   * The resource that `/Me` stands for. Without it `/Me` is answered with 501, without its id with 404.
   *
   * @defaultValue `/Me` is not offered
   */
  readonly me?: { readonly resourceType: string; readonly id?: string | undefined } | undefined
  /**
   * The permissions of these credentials, by action and resource type: `({ action }) => action === 'list'`. The router
   * asks it before `authorize`, for each operation of a bulk request too; only true permits. It may throw
   * `ScimError.forbidden({ scope })` to name the scope that is missing. Discovery needs one permission of any kind; a
   * query at the root leaves out the types that may not be listed.
   *
   * @defaultValue everything that `authorize` permits
   */
  readonly permits?: ((operation: { readonly action: Action; readonly resourceType: string }) => boolean) | undefined
  /**
   * A rule for each write of this client, with the same argument as the option `validate`, which is called afterwards.
   * It may throw a `ScimError` to refuse: a connection in its test refuses all people but its test people.
   *
   * @defaultValue no rule
   */
  readonly validate?: ((write: ProposedWrite) => Awaitable<void>) | undefined
  /**
   * Replaces the option `compatibility` of the router for this client.
   *
   * @defaultValue the option of the router
   */
  readonly compatibility?: Compatibility | undefined
  /**
   * Until this time requests of this client are passed to `on.exchange`, with their bodies and answers. Every process
   * checks the time itself. Without `values` only the types and lengths of values are passed.
   *
   * @defaultValue nothing is recorded
   */
  readonly record?: { readonly until: Date; readonly values?: boolean | undefined } | undefined
}

/** The type of the tenant of an identity: `string` if each identity has one. */
export type TenantOf<Auth extends Identity> = Auth extends { readonly tenant: infer Tenant extends string | undefined }
  ? Tenant
  : string | undefined

type Assigned = 'id' | 'meta' | 'schemas'

/**
 * A resource on its way into the store: canonical, coerced, validated; without `id`, `meta` and `schemas`.
 * If an attribute is missing, clear the stored value. The exceptions are attributes that no client can read, such as
 * `password`: if one is missing, keep the stored value.
 */
export type Draft<R = Resource> = { readonly [Key in keyof R as Key extends Assigned ? never : Key]: R[Key] }

type Storable<T> = T extends readonly (infer Element)[]
  ? readonly StorableValue<Element>[] | AsyncIterable<StorableValue<Element>> | null
  : StorableValue<T> | null

/** The parts of complex attributes and of extensions may have the types of the store, too. */
type StorableValue<T> = T extends object ? { readonly [Key in keyof T]: Storable<T[Key]> | undefined } : T | Date

/**
 * A resource in the form of the store. `null` columns, `Date` objects and number ids are accepted. Leave out `schemas`,
 * `meta.resourceType`, `meta.location` and `$ref`: the router adds them. You may leave out attributes that
 * `call.select` does not name; for those that the schema requires write `undefined`, so that the compiler finds a
 * forgotten one. A multi-valued attribute may be an AsyncIterable, which is streamed to the client.
 */
export type Stored<R = Resource> = { readonly id: string | number; readonly meta?: StoredMeta | undefined } & {
  readonly [Key in keyof R as Key extends Assigned ? never : Key]: Storable<R[Key]> | undefined
}

/**
 * The row of a simple store for a resource: its attributes, id, times and version. Unlike a resource in JSON, it has
 * no `schemas` and no locations.
 *
 * @example
 * ```ts
 * import type { StoredRow, UserResource } from 'express-scim'
 *
 * const rows = new Map<string, StoredRow<UserResource>>()
 * rows.set('1', { id: '1', userName: 'ann', meta: { version: 1 } })
 * ```
 */
export type StoredRow<R = Resource> = Draft<R> & { readonly id: string; readonly meta?: StoredMeta | undefined }

/** The part of `meta` that a store keeps. All of it is optional. */
export interface StoredMeta {
  /** When the resource was created. */
  readonly created?: Date | string | null | undefined
  /** When the resource was last changed. */
  readonly lastModified?: Date | string | null | undefined
  /**
   * A text that changes with every change of the resource. Return it without quotes: the router makes the ETag of it.
   * Required if the resource type declares `supports: { versions: true }`.
   */
  readonly version?: string | number | null | undefined
}

/** The top-level attributes that a call needs, by their names in the schema. */
export interface Selection {
  /**
   * Whether the attribute is needed: `select.has('members')`. For lists this includes attributes that only the filter
   * or the sort order needs, because the router evaluates both on candidates.
   */
  readonly has: (attribute: string) => boolean
  /** Whether the attribute is in the response. A list that returns a page needs no other attributes. */
  readonly shows: (attribute: string) => boolean
  /**
   * Whether the client itself names the attribute, in `attributes`, the filter or the sort order. Then an answer must
   * not leave out a part of its values.
   */
  readonly names: (attribute: string) => boolean
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
export interface Call<Auth extends Identity = Identity> {
  /** What `authenticate` returned. */
  readonly auth: Auth
  /** The same as `auth.tenant`. */
  readonly tenant: TenantOf<Auth>
  /** The attributes to load. You may leave out others. */
  readonly select: Selection
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
export interface WriteCall<Auth extends Identity = Identity> extends Call<Auth> {
  /**
   * The write must succeed only if the resource has one of these versions (RFC 9110 section 13.1.1), as the store
   * returned them; undefined: no condition. Check it in the write itself and return `'stale'` if it does not hold.
   */
  readonly ifMatch: readonly string[] | undefined
}

/** The query of a list. */
export type ListQuery = ListQueryBase & (IndexPagination | CursorPagination)

interface ListQueryBase {
  /** Return only resources that satisfy this filter; undefined: all. */
  readonly filter: Filter | undefined
  /** The sort order; undefined: any order that is stable between pages (decision A-125). */
  readonly sort: Sort | undefined
  /** The most resources to return; 0 requests only the total. */
  readonly count: number
  /**
   * The value that the filter requires for a simple attribute, named by its path (`'userName'`, `'emails.value'`);
   * undefined if it requires none. Every match has it. The value is text as the client wrote it: if the attribute is
   * not caseExact, look it up without regard to letter case.
   */
  readonly equals: (attribute: string) => string | undefined
}

/** RFC 7644 section 3.4.2.4. */
interface IndexPagination {
  readonly pagination: 'index'
  /** The position of the first resource, counted from 1. */
  readonly startIndex: number
}

/** RFC 9865. */
interface CursorPagination {
  readonly pagination: 'cursor'
  /** A position that an earlier page returned as `next`: return the page that begins after it. */
  readonly after?: Json | undefined
  /** A position that an earlier page returned as `previous`: return the page that ends before it. */
  readonly before?: Json | undefined
}

/** RFC 7644 section 3.4.2.3: resources without a value come last when ascending, first when descending. */
export interface Sort {
  /** The attribute by which resources are ordered. */
  readonly attribute: Attribute
  /** The direction; ascending if the client names none. */
  readonly order: 'ascending' | 'descending'
}

/** The requested page: filtered, sorted and cut by the store. */
export type Page<R = Resource> = IndexPage<R> | CursorPage<R>

/** A page by index. */
export interface IndexPage<R = Resource> {
  /** The resources of the page, in order: at most `query.count`. */
  readonly resources: Iterable<Stored<R>>
  /** The number of all matches, RFC 7644 section 3.4.2. */
  readonly totalResults: number
}

/** A page by cursor. A position is any JSON value; the router encrypts it. */
export interface CursorPage<R = Resource> {
  /** The resources of the page, in order: at most `query.count`. */
  readonly resources: Iterable<Stored<R>>
  /** The position where the next page begins; undefined on the last page. */
  readonly next?: Json | undefined
  /** The position where the previous page ends; undefined on the first page. */
  readonly previous?: Json | undefined
  /** Optional, because it may be costly to compute: RFC 9865 section 2. */
  readonly totalResults?: number | undefined
}

/**
 * Resources that include every match, and may include others: the router filters, sorts and pages them. It holds no
 * more resources than the page needs, and answers 400 tooMany beyond the scan budget.
 */
export type Candidates<R = Resource> = Iterable<Stored<R>> | AsyncIterable<Stored<R>>

/** A PATCH request in normal form, RFC 7644 section 3.5.2. */
export interface Patch<R = Resource> {
  /** Every operation, in order. */
  readonly operations: readonly PatchOperation[]
  /**
   * The names of the top-level attributes that the patch changes. Return `'decline'` if you cannot change one of them
   * this way.
   */
  readonly attributes: ReadonlySet<string>
  /**
   * The final values of the singular attributes that the patch sets; undefined for an attribute that it unassigns. The
   * whole object is undefined if a value depends on stored values.
   */
  readonly set: Partial<Draft<R>> | undefined
  /** The effect on a multi-valued attribute; undefined if it depends on stored values. */
  readonly delta: (attribute: keyof R & string) => Delta | undefined
  /**
   * Applies the patch to a resource. A pure function that returns the same object if nothing changes. Throws a
   * ScimError if an operation cannot be applied.
   */
  readonly apply: (current: Stored<R>) => Draft<R>
}

/**
 * The long form of the result of `create` or `replace`, for stores that know more than the resource. It is told apart
 * from a resource by its lack of an `id`.
 */
export interface WriteResult<R = Resource> {
  /** Always absent: only a resource has it. */
  readonly id?: undefined
  /** Always absent: only a resource has it. */
  readonly meta?: undefined
  /** The resource now. */
  readonly resource: Stored<R>
  /** The resource before, for events. */
  readonly before?: Stored<R> | undefined
  /**
   * The values that the write added to and removed from multi-valued attributes, by `value`, for events. Undefined: the
   * router compares the resource before and after; it cannot do so if a list is an AsyncIterable.
   */
  readonly changes?: Changes | undefined
}

/** The values added to and removed from multi-valued attributes, by the path of the attribute. */
export type Changes = Readonly<Record<string, AttributeChange>>

/** The result of a patch. */
export interface PatchResult<R = Resource> {
  /** False if the resource already had all the values: version and lastModified are unchanged. */
  readonly changed: boolean
  /** The version now. Required if the resource type supports versions, because a 204 carries its ETag. */
  readonly version?: string | number | undefined
  /** The resource now. If you return it, the router answers without another read. */
  readonly resource?: Stored<R> | undefined
  /** The resource before, for events. It may lack lists of references if `changes` describes them. */
  readonly before?: Stored<R> | undefined
  /** The resource now, for events, if `resource` is not given. It may lack the same lists as `before`. */
  readonly after?: Stored<R> | undefined
  /** The values added to and removed from multi-valued attributes, by `value`, for events. */
  readonly changes?: Changes | undefined
}

/** The values that were added and removed. */
export interface AttributeChange {
  /** The `value` of each value that was added. */
  readonly added: readonly string[]
  /** The `value` of each value that was removed. */
  readonly removed: readonly string[]
}

/**
 * The six callbacks that store one resource type. Only `patch` is optional. An adapter never validates: its arguments
 * have canonical names, the right types and valid values. docs/adapters.md describes the contract.
 *
 * @example
 * ```ts
 * import { type ResourceAdapter, ScimError, type UserResource } from 'express-scim'
 *
 * const rows = new Map<string, UserResource>()
 * export const users: Pick<ResourceAdapter<UserResource>, 'get' | 'delete'> = {
 *   get: (id) => rows.get(id),
 *   delete: (id) => rows.delete(id),
 * }
 * ```
 */
export interface ResourceAdapter<R = Resource, Auth extends Identity = Identity> {
  /** The optional abilities of the adapter. The resource entry may declare them instead. */
  readonly supports?: Supports | undefined
  /**
   * Paths of the attributes whose values the adapter keeps unique in a tenant: `['userName']`. If given, the router
   * refuses at start to announce other attributes as unique. Undefined: only the adapter kit checks uniqueness.
   */
  readonly enforces?: readonly string[] | undefined
  /** Stores a new resource under a new id. Throws `ScimError.uniqueness('userName')` if a value is in use. */
  readonly create: (draft: Draft<R>, call: Call<Auth>) => Awaitable<Stored<R> | WriteResult<R>>
  /** Reads one resource; undefined if there is none. */
  readonly get: (id: string, call: Call<Auth>) => Awaitable<Stored<R> | Missing>
  /** Returns the requested page, or candidates for the router to filter. */
  readonly list: (query: ListQuery, call: Call<Auth>) => Awaitable<Page<R> | Candidates<R>>
  /** Replaces the stored resource with the draft. */
  readonly replace: (
    id: string,
    draft: Draft<R>,
    call: WriteCall<Auth>,
  ) => Awaitable<Stored<R> | WriteResult<R> | 'stale' | Missing>
  /**
   * Returns false if there was no resource. May return, in place of true, the changes of other resources, for events.
   */
  readonly delete: (id: string, call: WriteCall<Auth>) => Awaitable<boolean | { readonly changes: Changes } | 'stale'>
  /**
   * Return `'decline'` if you cannot apply this patch; the router then calls `get`, applies the patch and calls
   * `replace`.
   */
  readonly patch?: (
    id: string,
    patch: Patch<R>,
    call: WriteCall<Auth>,
  ) => Awaitable<PatchResult<R> | 'decline' | 'stale' | Missing>
}

/** The optional abilities of an adapter. */
export interface Supports {
  /**
   * The adapter returns `meta.version` and checks `ifMatch`. If false, there are no ETags, and ServiceProviderConfig
   * says so.
   *
   * @defaultValue `false`
   */
  readonly versions?: boolean
  /**
   * The adapter supports pages by cursor, forward only or in both directions. Not needed for an adapter that returns
   * candidates.
   *
   * @defaultValue no pages by cursor
   */
  readonly cursor?: 'forward' | 'both'
}
