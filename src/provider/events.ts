import createDebug from 'debug'
import type { AttributeChange, Identity, Stored } from '../adapter/contract.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { changesBetween } from './changes.js'
import type { Context } from './context.js'
import type { ErrorReport, RequestReport } from './options.js'
import type { ResourceType } from './resource-type.js'

const debugError = createDebug('scim:error')

/** Something that has happened to a resource. */
export interface ResourceEvent<Auth extends Identity = Identity> {
  /**
   * The resource type in lower camel case and what happened: `user.created`, `user.updated`, `user.deleted`; by the roles
   * of attributes also `user.deactivated`, `user.reactivated`, `group.member.added`, `group.member.removed`.
   */
  readonly name: string
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
  readonly tenant: string | undefined
}

/** Hooks by name: `request`, `error`, or an event such as `user.deactivated`. */
export interface EventHooks<Auth extends Identity = Identity> {
  /** Told once about each request. */
  readonly request?: (report: RequestReport<Auth>) => void
  /** Told about each failure that is not the client's. */
  readonly error?: (report: ErrorReport<Auth>) => void
  readonly [event: `${string}.${string}`]: (event: ResourceEvent<Auth>) => void | Promise<void>
}

/** What an operation has done. */
export interface Happening {
  readonly action: 'created' | 'updated' | 'deleted'
  readonly id: string
  readonly resource?: Stored | undefined
  readonly before?: Stored | undefined
  readonly changes?: Readonly<Record<string, AttributeChange>> | undefined
}

/** Whether anybody listens to events of a resource type, so that the resource before a change has to be known. */
export function isWatched({ provider: { options } }: Context, type: ResourceType): boolean {
  if (options.outbox) return true
  const prefix = `${camelCase(type.name)}.`
  return options.on !== undefined && Object.keys(options.on).some((name) => name.startsWith(prefix))
}

/** Tells what an operation has done, after the commit when there is a transaction. */
export function announce(context: Context, type: ResourceType, happening: Happening): void {
  if (!isWatched(context, type)) return
  for (const event of eventsOf(context, type, happening)) if (!context.hold(event)) publish(context, event)
}

/** Calls the hook of an event; it neither delays nor fails the request. */
export function publish(context: Context, event: ResourceEvent): void {
  const hook = context.provider.options.on?.[event.name as 'user.created']
  if (hook === undefined) return
  queueMicrotask(async () => {
    try {
      await hook(event)
    } catch (error) {
      reportError(context, error)
    }
  })
}

function eventsOf(context: Context, type: ResourceType, happening: Happening): ResourceEvent[] {
  const { action, id, resource, before } = happening
  const changes = happening.changes ?? changesBetween(type, before, resource, action)
  const subject = camelCase(type.name)
  const event = (name: string, member?: string): ResourceEvent => ({
    name: `${subject}.${name}`,
    resourceType: type.name,
    id,
    resource,
    before,
    changes,
    member,
    auth: context.auth,
    tenant: context.auth.tenant,
  })
  const events = [event(action)]
  for (const attribute of type.roles.activation) {
    const was = before && assignedValue(before, attribute)
    const is = resource && assignedValue(resource, attribute)
    if (action !== 'updated' || before === undefined || resource === undefined) continue
    // An attribute that was never set says nothing against the resource being active.
    if (is === false && was !== false) events.push(event('deactivated'))
    if (is === true && was === false) events.push(event('reactivated'))
  }
  for (const { path } of type.roles.membership) {
    const { added = [], removed = [] } = changes?.[path] ?? {}
    for (const member of added) events.push(event('member.added', member))
    for (const member of removed) events.push(event('member.removed', member))
  }
  return events
}

function assignedValue(resource: Stored, { keys }: Attribute): unknown {
  return keys.reduce<unknown>((value, key) => (value as JsonObject | null | undefined)?.[key], resource)
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** Tells `on.error` and `debug('scim:error')` of a failure that is not the client's. */
export function reportError(context: Context, error: unknown): void {
  const { method, path } = context.request
  debugError('%s %s: %O', method, path, error)
  try {
    context.provider.options.on?.error?.({ error, method, path, auth: context.auth })
  } catch (failure) {
    debugError('on.error failed: %O', failure)
  }
}

/** Tells `on.request` of a request that has been answered. */
export function reportRequest(context: Context, status: number): void {
  const hook = context.provider.options.on?.request
  if (hook === undefined) return
  const { method, path } = context.request
  try {
    const ms = performance.now() - context.started
    hook({ method, path, status, ms, tolerances: context.tolerated, auth: context.auth })
  } catch (failure) {
    debugError('on.request failed: %O', failure)
  }
}
