import type { AttributeChange, Identity, Stored, TenantOf } from '../../adapter/contract.js'
import type { ToleranceName } from '../../compatibility.js'
import type { EventName } from './event-table.js'

/** Something that has happened to a resource. */
export interface ResourceEvent<Auth extends Identity = Identity> {
  /**
   * The resource type in lower camel case and what happened, by the names in {@link EVENTS}: `user.created`,
   * `group.member.added`.
   */
  readonly name: EventName
  readonly resourceType: string
  readonly id: string
  /** The resource as it is now, where known; undefined after a delete. */
  readonly resource: Stored | undefined
  /** The resource as it was, where known. */
  readonly before: Stored | undefined
  /** What really changed in multi-valued attributes, by `value`, where known. */
  readonly changes: Readonly<Record<string, AttributeChange>> | undefined
  /** The `value` of the member that came or went. */
  readonly member: string | undefined
  readonly auth: Auth
  readonly tenant: TenantOf<Auth>
}

/** What the hook `request` gets beside its report. It is an argument of its own, so that no log serialises the request. */
export interface HookContext {
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
}

/** Hooks by name: `request`, `error`, or an event such as `user.deactivated`. */
export interface EventHooks<Auth extends Identity = Identity> {
  /** Told once about each request. */
  readonly request?: (report: RequestReport<Auth>, context: HookContext) => unknown
  /** Told about each failure that is not the client's. */
  readonly error?: (report: ErrorReport<Auth>) => unknown
  readonly [event: EventName]: (event: ResourceEvent<Auth>) => unknown
}

/** An object that brings hooks of its own: `on: [log]`. */
export interface Listener<Auth extends Identity = Identity> {
  readonly hooks: EventHooks<Auth>
}

/** What `on.request` is told about each request. */
export interface RequestReport<Auth extends Identity = Identity> {
  readonly method: string
  /** Path below the mount path, without the query: filters hold personal data. */
  readonly path: string
  readonly status: number
  /** From the call of the router to the end of the operation. */
  readonly ms: number
  /** Tolerances that were needed. */
  readonly tolerances: readonly ToleranceName[]
  readonly auth: Auth | undefined
}

/** What `on.error` is told about a failure that is not the client's. */
export interface ErrorReport<Auth extends Identity = Identity> {
  readonly error: unknown
  readonly method: string
  readonly path: string
  readonly auth: Auth | undefined
  /** The event whose hook failed, such as `user.deactivated`; undefined for any other failure. */
  readonly event?: string | undefined
  /** The resource type of that event. */
  readonly resourceType?: string | undefined
  /** The id of the resource of that event. */
  readonly id?: string | undefined
  /** The tenant of that event. */
  readonly tenant?: Auth['tenant']
}
