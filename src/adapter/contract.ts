import type { Compatibility, Tolerate } from '../compatibility.js'
import type { Filter } from '../filter/ast.js'
import type { Delta, PatchOperation } from '../patch/patch.js'
import type { Attribute } from '../schema/attribute.js'
import type { Json } from '../schema/definition.js'
import type { Resource } from '../schema/resource.js'
import type { ProposedWrite } from './proposed-write.js'

/** A value, now or later. */
export type Awaitable<T> = T | Promise<T>

/** "There is none": answered with 404. An id of a shape that is not yours is Missing too, never an error. */
export type Missing = null | undefined

/** The action of a client on a resource or an endpoint. */
export type Action = 'create' | 'retrieve' | 'list' | 'replace' | 'patch' | 'delete'

/**
 * The result of `authenticate`: the identity of the client. Members of your own reach every callback as `call.auth`.
 */
export interface Identity {
  /**
   * The customer whose data the request is about.
   *
   * @defaultValue none
   */
  readonly tenant?: string | undefined
  /**
   * The client or person that sent the request; a cursor works only for the subject that it was made for.
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
   * A rule for each write of this client, in the manner of the option `validate`, which is asked after it. It may throw
   * a `ScimError` to refuse: a connection in its test refuses everybody but its test people.
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
   * Until when requests of this client are told to `on.exchange`, with their bodies and answers. Every process ends it
   * by itself. Without `values` only the types and lengths of values are told.
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
 * A missing attribute has no value and is to be cleared. The exceptions are attributes that no client can read, such as
 * `password`: if one is missing, keep the stored value.
 */
export type Draft<R = Resource> = { readonly [Key in keyof R as Key extends Assigned ? never : Key]: R[Key] }

type Storable<T> = T extends readonly (infer Element)[]
  ? readonly StorableValue<Element>[] | AsyncIterable<StorableValue<Element>> | null
  : StorableValue<T> | null

/** The parts of complex attributes and of extensions come as the store has them, too. */
type StorableValue<T> = T extends object ? { readonly [Key in keyof T]: Storable<T[Key]> | undefined } : T | Date

/**
 * A resource as the store has it. `null` columns, `Date` objects and number ids are fine; `schemas`,
 * `meta.resourceType`, `meta.location` and `$ref` are the router's. Attributes that `call.select` does not name may be
 * left out; for those that the schema requires write `undefined`, so that the compiler finds the one that was
 * forgotten. A multi-valued attribute may be an AsyncIterable, which is streamed to the client.
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
  readonly created?: Date | string | null | undefined
  readonly lastModified?: Date | string | null | undefined
  /**
   * A text that changes with every change of the resource, as bare as the store has it: the router makes the ETag of
   * it. Needed when the resource type says `supports: { versions: true }`.
   */
  readonly version?: string | number | null | undefined
}

/** The top-level attributes that a call needs, by their names in the schema. */
export interface Selection {
  /**
   * Whether the attribute is needed: `select.has('members')`. For lists this includes attributes that only the filter
   * or the sort order needs, because the router looks at them in candidates.
   */
  readonly has: (attribute: string) => boolean
  /** Whether the attribute is in the response. A list that returns a page needs no other attributes. */
  readonly shows: (attribute: string) => boolean
  /**
   * Whether the client itself names it, in `attributes`, in the filter or in the order: an answer that leaves part of
   * it out is then no answer.
   */
  readonly names: (attribute: string) => boolean
}

/** The limits of the router that an adapter has to keep, each with its row in docs/limits.md. */
export interface CallLimits {
  /** Memberships of groups in groups that may be followed for one answer. */
  readonly groupLinks: number
  /** Resources that may be looked at for one query. */
  readonly scanResources: number
  /** Milliseconds that looking at them may take. */
  readonly scanTime: number
  /**
   * Members that come or go in one write for each of which an event is told; 0 if nobody listens. Beyond it nobody is
   * told of single ones, and an adapter need not find out which.
   */
  readonly memberEvents: number
}

/** What every callback is told besides its subject. */
export interface Call<Auth extends Identity = Identity> {
  /** What `authenticate` returned. */
  readonly auth: Auth
  /** The same as `auth.tenant`. */
  readonly tenant: TenantOf<Auth>
  /** Attributes that need not be loaded may be left out. */
  readonly select: Selection
  /**
   * Aborts when the client goes away or the time for a request is over. Made when it is first looked at: who passes a
   * copy of this object on has to pass it on as well.
   */
  readonly signal: AbortSignal
  /**
   * False if the result is only shown. True if it decides about a write, such as the version that a PATCH starts from,
   * or if it is read right after one: a store with replicas reads it from where it writes. Undefined counts as true.
   */
  readonly forWrite?: boolean | undefined
  /** The limits for the work of the adapter. */
  readonly limits: CallLimits
  /**
   * Tells the operator by `on.error`, at most once a minute, that answers lack something because of a limit. Undefined
   * in a copy of this object: nobody is told.
   */
  readonly exceeded?: ((limit: keyof CallLimits) => void) | undefined
  /**
   * Asks whether the client is forgiven something that the standard does not ask for, and reports to `on.request` that
   * it was. Undefined in a copy of this object: nothing is forgiven.
   */
  readonly tolerate?: Tolerate | undefined
  /** The value that the `transaction` option handed in, else undefined. */
  readonly transaction: unknown
  /** Parameters of the mount path, e.g. `org` of `/scim/:org/v2`. */
  readonly params: Readonly<Record<string, string>>
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/** The last argument of callbacks that change a resource. */
export interface WriteCall<Auth extends Identity = Identity> extends Call<Auth> {
  /**
   * The versions of which the resource must have one when it is written (RFC 9110 section 13.1.1), as the store gave
   * them; undefined: no condition. Check it in the write itself and answer `'stale'` when it does not hold.
   */
  readonly ifMatch: readonly string[] | undefined
}

/** The query of a list. */
export type ListQuery = ListQueryBase & (IndexPagination | CursorPagination)

interface ListQueryBase {
  /** Only resources that meet it; undefined: all. */
  readonly filter: Filter | undefined
  /** The order; undefined: any order that stays the same between pages. */
  readonly sort: Sort | undefined
  /** At most so many resources; 0 asks for the total alone. */
  readonly count: number
  /**
   * The value that every match has in a simple attribute, named by its path (`'userName'`, `'emails.value'`), because
   * the filter demands it; undefined if it demands none. It is text as the client wrote it: where the attribute is not
   * caseExact, look it up without regard to letter case.
   */
  readonly equals: (attribute: string) => string | undefined
}

/** RFC 7644 section 3.4.2.4. */
interface IndexPagination {
  readonly pagination: 'index'
  /** 1 for the first resource. */
  readonly startIndex: number
}

/** RFC 9865. */
interface CursorPagination {
  readonly pagination: 'cursor'
  /** The position that an earlier page gave as `next`: continue behind it. */
  readonly after?: Json | undefined
  /** The position that an earlier page gave as `previous`: the page that ends before it. */
  readonly before?: Json | undefined
}

/** RFC 7644 section 3.4.2.3: resources without a value come last when ascending, first when descending. */
export interface Sort {
  readonly attribute: Attribute
  readonly order: 'ascending' | 'descending'
}

/** The page that was asked for: filtered, sorted and cut by the store. */
export type Page<R = Resource> = IndexPage<R> | CursorPage<R>

/** A page by index. */
export interface IndexPage<R = Resource> {
  readonly resources: Iterable<Stored<R>>
  /** Number of all matches, RFC 7644 section 3.4.2. */
  readonly totalResults: number
}

/** A page by cursor. Positions are any JSON; the router seals them. */
export interface CursorPage<R = Resource> {
  readonly resources: Iterable<Stored<R>>
  /** Where the next page begins; undefined on the last page. */
  readonly next?: Json | undefined
  /** Where the page before ends; undefined on the first page. */
  readonly previous?: Json | undefined
  /** May be left out when it is costly, RFC 9865 section 2. */
  readonly totalResults?: number | undefined
}

/**
 * Resources among which every match is, and maybe others: the router filters, sorts and pages. It holds as many as the
 * page needs and stops with 400 tooMany beyond the scan budget.
 */
export type Candidates<R = Resource> = Iterable<Stored<R>> | AsyncIterable<Stored<R>>

/** A PATCH request with its meaning worked out, RFC 7644 section 3.5.2. */
export interface Patch<R = Resource> {
  /** Every operation in order. */
  readonly operations: readonly PatchOperation[]
  /** Names of the top-level attributes that it touches. Decline when there is one you cannot change this way. */
  readonly attributes: ReadonlySet<string>
  /**
   * The final values of the singular attributes that the patch sets, undefined for those that it unassigns. The whole
   * is undefined if a part depends on stored values.
   */
  readonly set: Partial<Draft<R>> | undefined
  /** The effect on a multi-valued attribute; undefined if it depends on stored values. */
  readonly delta: (attribute: keyof R & string) => Delta | undefined
  /**
   * Applies the patch to a resource: pure, returns the same object if nothing changes. Throws a ScimError if an
   * operation cannot be applied.
   */
  readonly apply: (current: Stored<R>) => Draft<R>
}

/**
 * What came of a `create` or `replace`, for stores that know more than the resource now. Told apart from a resource by
 * having no `id`.
 */
export interface WriteResult<R = Resource> {
  readonly id?: undefined
  readonly meta?: undefined
  /** The resource now. */
  readonly resource: Stored<R>
  /** The resource before, for events. */
  readonly before?: Stored<R> | undefined
  /**
   * What really came and went in multi-valued attributes, by `value`, for events. Undefined: the router compares the
   * resource before and after, which it cannot where a list is an AsyncIterable.
   */
  readonly changes?: Changes | undefined
}

/** The values added to and removed from multi-valued attributes, by the path of the attribute. */
export type Changes = Readonly<Record<string, AttributeChange>>

/** The result of a patch. */
export interface PatchResult<R = Resource> {
  /** False when everything was as asked for already: version and lastModified have stayed. */
  readonly changed: boolean
  /** The version now; needed when the resource type supports versions, since a 204 carries its ETag. */
  readonly version?: string | number | undefined
  /** The resource now. Given, it is answered without another read. */
  readonly resource?: Stored<R> | undefined
  /** The resource before, for events. Lists of references may be missing from it: `changes` tells of them. */
  readonly before?: Stored<R> | undefined
  /** The resource now, for events, if `resource` is not given. Lists may be missing from it as from `before`. */
  readonly after?: Stored<R> | undefined
  /** What really changed in multi-valued attributes, by `value`, for events. */
  readonly changes?: Changes | undefined
}

/** Values that came and went. */
export interface AttributeChange {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/**
 * The six callbacks that store one resource type. Only `patch` is optional. An adapter never validates: its arguments
 * are canonical, coerced and legal. docs/adapters.md tells the contract at length.
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
  /** The adapter's abilities beside the callbacks; the resource entry may declare them in its place. */
  readonly supports?: Supports | undefined
  /**
   * Paths of the attributes whose values it keeps unique in a tenant: `['userName']`. Where it is given, the router
   * refuses at start to announce the uniqueness of others. Undefined: nobody checks before the adapter kit does.
   */
  readonly enforces?: readonly string[] | undefined
  /** Stores a new resource under an id of its own. Throws `ScimError.uniqueness('userName')` for a value in use. */
  readonly create: (draft: Draft<R>, call: Call<Auth>) => Awaitable<Stored<R> | WriteResult<R>>
  readonly get: (id: string, call: Call<Auth>) => Awaitable<Stored<R> | Missing>
  /** Answers with the page that was asked for, or with candidates that the router finishes. */
  readonly list: (query: ListQuery, call: Call<Auth>) => Awaitable<Page<R> | Candidates<R>>
  /** Replaces the stored resource by the draft. */
  readonly replace: (
    id: string,
    draft: Draft<R>,
    call: WriteCall<Auth>,
  ) => Awaitable<Stored<R> | WriteResult<R> | 'stale' | Missing>
  /** False when there was none; the changes in place of true: what went with it, for events. */
  readonly delete: (id: string, call: WriteCall<Auth>) => Awaitable<boolean | { readonly changes: Changes } | 'stale'>
  /** `'decline'`: not this patch; the router does get, apply and replace instead. */
  readonly patch?: (
    id: string,
    patch: Patch<R>,
    call: WriteCall<Auth>,
  ) => Awaitable<PatchResult<R> | 'decline' | 'stale' | Missing>
}

/** The abilities of an adapter beside the six callbacks. */
export interface Supports {
  /**
   * The adapter gives `meta.version` and checks `ifMatch`. Without it there is no ETag, and ServiceProviderConfig says
   * so.
   *
   * @defaultValue `false`
   */
  readonly versions?: boolean
  /**
   * The adapter pages by position, forward or both ways. An adapter that returns candidates needs no such declaration.
   *
   * @defaultValue not by position
   */
  readonly cursor?: 'forward' | 'both'
}
