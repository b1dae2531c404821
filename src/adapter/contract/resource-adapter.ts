import type { Resource } from '../../schema/model/resource.js'
import type { Call, WriteCall } from './call.js'
import type { Identity } from './identity.js'
import type { Candidates, ListQuery, Page } from './list.js'
import type { Awaitable, Draft, Missing, Stored } from './stored.js'
import type { Changes, Patch, PatchResult, WriteResult } from './write.js'

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
  readonly create: (draft: Draft<R>, call: Call<Auth, R>) => Awaitable<Stored<R> | WriteResult<R>>
  /** Reads one resource; undefined if there is none. */
  readonly get: (id: string, call: Call<Auth, R>) => Awaitable<Stored<R> | Missing>
  /** Returns the requested page, or candidates for the router to filter. */
  readonly list: (query: ListQuery<R>, call: Call<Auth, R>) => Awaitable<Page<R> | Candidates<R>>
  /** Replaces the stored resource with the draft. */
  readonly replace: (
    id: string,
    draft: Draft<R>,
    call: WriteCall<Auth, R>,
  ) => Awaitable<Stored<R> | WriteResult<R> | 'stale' | Missing>
  /**
   * Returns false if there was no resource. May return, in place of true, the changes of other resources, for events.
   */
  readonly delete: (
    id: string,
    call: WriteCall<Auth, R>,
  ) => Awaitable<boolean | { readonly changes: Changes } | 'stale'>
  /**
   * Return `'decline'` if you cannot apply this patch; the router then calls `get`, applies the patch and calls
   * `replace`.
   */
  readonly patch?: (
    id: string,
    patch: Patch<R>,
    call: WriteCall<Auth, R>,
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
