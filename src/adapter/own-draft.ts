import type { Awaitable, Call, Draft, ResourceAdapter, Stored, WriteCall, WriteResult } from './contract.js'

const OWN = Symbol('the callback for a draft that nobody else has')

type Callback = ResourceAdapter['create'] | ResourceAdapter['replace']
type WithOwn<Kind extends Callback> = Kind & { readonly [OWN]?: Kind }

/**
 * Gives a callback of an adapter a second one, for drafts that nobody else has: it keeps the objects of the draft and copies
 * none. A function that an application puts around the callback lacks the second one, so no code of an application
 * stands between the router and the second one.
 */
export function withOwn<Kind extends Callback>(callback: Kind, own: Kind): Kind {
  return Object.defineProperty(callback, OWN, { value: own })
}

/** Calls `create` of an adapter. */
export function createBy(
  adapter: ResourceAdapter,
  draft: Draft,
  call: Call,
  isOwn: boolean,
): Awaitable<Stored | WriteResult> {
  const own = isOwn ? (adapter.create as WithOwn<ResourceAdapter['create']>)[OWN] : undefined
  return own ? own(draft, call) : adapter.create(draft, call)
}

/** Calls `replace` of an adapter. */
export function replaceBy(
  adapter: ResourceAdapter,
  id: string,
  draft: Draft,
  call: WriteCall,
  isOwn: boolean,
): ReturnType<ResourceAdapter['replace']> {
  const own = isOwn ? (adapter.replace as WithOwn<ResourceAdapter['replace']>)[OWN] : undefined
  return own ? own(id, draft, call) : adapter.replace(id, draft, call)
}
