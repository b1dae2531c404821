import type { AttributeChange, Awaitable, Call, Identity, Stored, TenantOf } from '../../adapter/contract.js'
import type { ToleranceName } from '../../compatibility.js'
import type { Refusal, ScimType } from '../../error.js'
import type { EVENTS, EventKind, EventMember, EventName } from './event-table.js'
import type { Exchange } from './exchange.js'
import type { ReportedAction, ReportedChanges, ReportedOperation } from './report-types.js'

/** An event: a change of a resource. */
export interface ResourceEvent<Auth extends Identity = Identity> {
  /**
   * The resource type in lower camel case, and a name of {@link EVENTS}: `user.created`,
   * `group.member.added`.
   */
  readonly name: EventName
  /** Name of the resource type. */
  readonly resourceType: string
  /** Id of the resource. */
  readonly id: string
  /** The resource as it is now, where known; undefined after a delete. */
  readonly resource: Stored | undefined
  /** The resource as it was, where known. */
  readonly before: Stored | undefined
  /**
   * Of a PATCH: the values that it gave to singular attributes, null for an attribute without value now. Undefined if
   * one of them depends on a stored value.
   */
  readonly set: Readonly<Record<string, unknown>> | undefined
  /** The real changes of multi-valued attributes, by `value`, where known. */
  readonly changes: Readonly<Record<string, AttributeChange>> | undefined
  /** The `value` of the member that came or went. */
  readonly member: string | undefined
  /**
   * Names of the top-level attributes that changed, as far as that is known; of a PUT whose resource before is not
   * known all.
   */
  readonly attributes: readonly string[]
  /** The name of the request: `X-Request-Id`. */
  readonly requestId: string
  /** `'client'`, or the part of the application that made the request by `scim.as`. */
  readonly via: string
  /** The identity that `authenticate` returned. */
  readonly auth: Auth
  /** The tenant of that identity. */
  readonly tenant: TenantOf<Auth>
}

/**
 * An event of one kind: the members that {@link EVENTS} does not list for the kind are undefined, and a member event
 * always has its `member`.
 */
export type ResourceEventOf<Kind extends EventKind, Auth extends Identity = Identity> = ResourceEvent<Auth> & {
  readonly [Member in Exclude<EventMember, CarriedBy<Kind>>]: undefined
} & { readonly [Member in CarriedBy<Kind> & 'member']: string }

type CarriedBy<Kind extends EventKind> = (typeof EVENTS)[Kind]['carries'][number]

/** A value by which a request names a resource. */
export interface Identifier {
  /** `userName`, `externalId`, or another path with unique values. */
  readonly attribute: string
  /** The value, as the client sent it. */
  readonly value: string
}

/** The second argument of the hook `request`. It is separate from the report, so that no log serialises the request. */
export interface HookContext {
  /** The host's request object, e.g. the one of Express. */
  readonly request: unknown
  /**
   * The values by which the request names resources: those of `externalId` and of attributes with unique values that it
   * sends, or that a filter compares with by `eq`; at most 20, also of a request that was refused. They are personal
   * data, and so not part of the report.
   */
  readonly identifiers: () => readonly Identifier[]
}

/** Hooks by the names of events, such as `user.deactivated`. */
type ChangeHooks<Auth extends Identity> = {
  readonly [Kind in EventKind as `${string}.${Kind}`]: (event: ResourceEventOf<Kind, Auth>) => unknown
}

/** Hooks by name: `request`, `error`, or an event such as `user.deactivated`. */
export interface EventHooks<Auth extends Identity = Identity> extends ChangeHooks<Auth> {
  /** Told once about each request. */
  readonly request?: (report: RequestReport<Auth>, context: HookContext) => unknown
  /**
   * Told about each request of a client whose identity has `record`: the request and its response. Secrets and names
   * that the schema does not know are not part of it; refused credentials are not emitted here.
   */
  readonly exchange?: (exchange: Exchange<Auth>) => unknown
  /** Told about each failure that is not the client's. */
  readonly error?: (report: ErrorReport<Auth>) => unknown
  /**
   * Awaited after each write, before its transaction commits; if it rejects, the write is rolled back and the request
   * fails, as with `outbox`. Without a transaction the write is done by then and its answer waits; a failure is
   * reported to `error`.
   */
  readonly change?: (events: readonly ResourceEvent<Auth>[], call: Call<Auth>) => Awaitable<void>
}

/** An object that brings hooks of its own: `on: [log]`. */
export interface Listener<Auth extends Identity = Identity> {
  /** The hooks of the object. */
  readonly hooks: EventHooks<Auth>
  /** `'transaction'`: a router without the option `transaction` refuses to start with it. */
  readonly needs?: 'transaction' | undefined
}

/**
 * The report to `on.request` about each request, bulk requests and refusals before authentication included. It holds
 * names, ids and texts of errors. It holds a value of an attribute only if the detail of an error repeats it.
 */
export interface RequestReport<Auth extends Identity = Identity> {
  /** The name of the request: the client got it as `X-Request-Id` and at the end of each `detail`. */
  readonly id: string
  /** The client's own `X-Request-Id`, if it fits `[\w.:-]{8,64}`. */
  readonly clientId: string | undefined
  /** When the request came. */
  readonly time: Date
  /** Milliseconds from the call of the router to the end of the operation. */
  readonly ms: number
  /** The HTTP method. */
  readonly method: string
  /** Path below the mount path, without the query. */
  readonly path: string
  /** The query without the values that the client compares with: `filter=userName eq "?"`. */
  readonly query: string | undefined
  /** The status of the answer; 499 if the client had gone before. */
  readonly status: number
  /** A stable word for the reason of an error: `uniqueness`, `notFound`, `credentials.expired`. */
  readonly code: string | undefined
  /** The `scimType` of the error. */
  readonly scimType: ScimType | undefined
  /** Path of the attribute that the error is about. */
  readonly attribute: string | undefined
  /** The text of the error, as the client got it. */
  readonly detail: string | undefined
  /** Whose credentials were refused and why, if `authenticate` said so. */
  readonly refusal: Refusal | undefined
  /** The operation: `create`, `list`, `bulk`; undefined if the request names none. */
  readonly action: ReportedAction | undefined
  /** Name of the resource type; undefined if the path names none. */
  readonly resourceType: string | undefined
  /** The id in the path, or that of the resource that was created. */
  readonly resourceId: string | undefined
  /** How many resources the answer to a query has. */
  readonly count: number | undefined
  /** The names of changed attributes, and the changes of members; undefined if nothing was written. */
  readonly changes: ReportedChanges | undefined
  /** The operations of a bulk request. */
  readonly bulk: readonly ReportedOperation[] | undefined
  /** Tolerances that were needed. */
  readonly tolerances: readonly ToleranceName[]
  /** Tolerances that were needed, each with the attribute or text that it was needed for; at most 50. */
  readonly tolerated: readonly { readonly name: ToleranceName; readonly attribute: string | undefined }[]
  /** At most 256 printable characters. */
  readonly userAgent: string | undefined
  /** The identity provider that the user agent names, such as `entra`: a guess. */
  readonly provider: string | undefined
  /** Parameters of the mount path. */
  readonly params: Readonly<Record<string, string>>
  /** The identity that `authenticate` returned; undefined if it refused or was not asked. */
  readonly auth: Auth | undefined
  /** The tenant of `auth`, or of the refusal. */
  readonly tenant: string | undefined
  /** `'client'`, or the part of the application that made the request by `scim.as`. */
  readonly via: string
}

/** The report to `on.error` about a failure that is not the client's. */
export interface ErrorReport<Auth extends Identity = Identity> {
  /** The failure, as it was thrown. */
  readonly error: unknown
  /** The name of the request: `id` of its report. */
  readonly requestId: string
  /** The HTTP method. */
  readonly method: string
  /** Path below the mount path, without the query. */
  readonly path: string
  /** The identity that `authenticate` returned; undefined if there is none yet. */
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
