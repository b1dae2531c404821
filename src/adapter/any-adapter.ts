import type { Awaitable, Candidates, Changes, ListQuery, Missing, Page, Supports } from './contract.js'

/**
 * An adapter of any resource. The compiler checks its types at its declaration, as a `ResourceAdapter` or inside
 * `resourceType`. Written in place without either, its parameters are `never`.
 */
export interface AnyAdapter {
  readonly create: (draft: never, call: never) => Awaitable<StoredBase | WrittenBase>
  readonly get: (id: string, call: never) => Awaitable<StoredBase | Missing>
  readonly list: (query: ListQuery, call: never) => Awaitable<Page<never> | Candidates<never> | AnyList>
  readonly replace: (id: string, draft: never, call: never) => Awaitable<StoredBase | WrittenBase | 'stale' | Missing>
  readonly delete: (id: string, call: never) => Awaitable<boolean | { readonly changes: Changes } | 'stale'>
  readonly supports?: Supports | undefined
  readonly enforces?: readonly string[] | undefined
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
