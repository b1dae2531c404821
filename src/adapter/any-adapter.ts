import type { Awaitable, Candidates, Changes, ListQuery, Missing, Page, Supports } from './contract.js'

/**
 * An adapter of any resource. The compiler checks its types at its declaration, as a `ResourceAdapter` or inside
 * `resourceType`. Written in place without either, its parameters are `never`.
 */
export interface AnyAdapter {
  /** Stores a new resource under a new id. */
  readonly create: (draft: never, call: never) => Awaitable<StoredBase | WrittenBase>
  /** Reads one resource; undefined if there is none. */
  readonly get: (id: string, call: never) => Awaitable<StoredBase | Missing>
  /** Returns the requested page, or candidates for the router to filter. */
  readonly list: (query: ListQuery, call: never) => Awaitable<Page<never> | Candidates<never> | AnyList>
  /** Replaces the stored resource; `'stale'` if `ifMatch` does not name its version. */
  readonly replace: (id: string, draft: never, call: never) => Awaitable<StoredBase | WrittenBase | 'stale' | Missing>
  /** Deletes a resource; false if there was none, `'stale'` if `ifMatch` does not name its version. */
  readonly delete: (id: string, call: never) => Awaitable<boolean | { readonly changes: Changes } | 'stale'>
  /** The optional abilities of the adapter. */
  readonly supports?: Supports | undefined
  /** Paths of the attributes whose values the adapter keeps unique in a tenant. */
  readonly enforces?: readonly string[] | undefined
  /** Applies a patch; `'decline'` leaves it to the router, by `get` and `replace`. */
  readonly patch?: (
    id: string,
    patch: never,
    call: never,
  ) => Awaitable<{ readonly changed: boolean } | 'decline' | 'stale' | Missing>
}

interface WrittenBase {
  readonly resource: StoredBase
}

interface StoredBase {
  readonly id: string | number
}

type AnyList = { readonly resources: Iterable<StoredBase> } | Iterable<StoredBase> | AsyncIterable<StoredBase>
