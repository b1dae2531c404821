import createDebug from 'debug'
import type { AttributeChange, Identity, Selection, Stored } from '../adapter/contract.js'
import { SetupError } from '../error.js'
import type { Attribute } from '../schema/attribute.js'
import type { JsonObject } from '../schema/resource.js'
import { unreadableAttributes, withoutUnreadable } from '../schema/unreadable.js'
import { changesBetween } from './changes.js'
import type { Context } from './context.js'
import type { ErrorReport, RequestReport, ScimRouterOptions } from './options.js'
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
  readonly request?: (report: RequestReport<Auth>) => unknown
  /** Told about each failure that is not the client's. */
  readonly error?: (report: ErrorReport<Auth>) => unknown
  readonly [event: `${string}.${string}`]: (event: ResourceEvent<Auth>) => unknown
}

/** What an operation has done. */
export interface Happening {
  readonly action: 'created' | 'updated' | 'deleted'
  readonly id: string
  /** The resource now, with the attributes that {@link selectionForEvents} names. */
  readonly resource?: Stored | undefined
  readonly before?: Stored | undefined
  readonly changes?: Readonly<Record<string, AttributeChange>> | undefined
}

const EVERYTHING: Selection = { has: () => true }

/** Checks the names of the hooks: one that is never called would be missed only when it is needed. */
export function checkHooks({ on = {} }: ScimRouterOptions, types: readonly ResourceType[]): void {
  const known = new Set(['request', 'error', ...types.flatMap(eventNames)])
  for (const [name, hook] of Object.entries(on)) {
    if (!known.has(name)) throw new SetupError('ERR_SCIM_OPTION', `There is no event "${name}" for "on".`)
    if (hook !== undefined && typeof hook !== 'function') {
      throw new SetupError('ERR_SCIM_OPTION', `on["${name}"] is a function.`)
    }
  }
}

function eventNames({ name, roles }: ResourceType): readonly string[] {
  const actions = [
    ...['created', 'updated', 'deleted'],
    ...(roles.activation.length > 0 ? ['deactivated', 'reactivated'] : []),
    ...(roles.membership.length > 0 ? ['member.added', 'member.removed'] : []),
  ]
  return actions.map((action) => `${camelCase(name)}.${action}`)
}

/** Whether anybody listens to events of a resource type, so that the resource before a change has to be known. */
export function isWatched({ provider: { options } }: Context, { name }: ResourceType): boolean {
  if (options.outbox) return true
  if (options.on === undefined) return false
  const prefix = `${camelCase(name)}.`
  return Object.keys(options.on).some((event) => event.startsWith(prefix))
}

/** What a write has to give back: all of the resource if somebody is told of it, else what the client gets. */
export function selectionForEvents(context: Context, type: ResourceType, projection: Selection): Selection {
  return isWatched(context, type) ? EVERYTHING : projection
}

/** Tells what an operation has done, after the commit when there is a transaction. */
export function announce(context: Context, type: ResourceType, happening: Happening): void {
  if (!isWatched(context, type)) return
  for (const event of eventsOf(context, type, happening)) if (!context.hold(event)) publish(context, event)
}

/** Calls the hook of an event, when the answer is on its way: it neither delays nor fails the request. */
export function publish(context: Context, event: ResourceEvent): void {
  const hook = context.provider.options.on?.[event.name as 'user.created']
  if (hook) setImmediate(tell, hook, event, (error: unknown) => reportError(context, error))
}

function eventsOf(context: Context, type: ResourceType, happening: Happening): ResourceEvent[] {
  const { action, id } = happening
  const resource = shown(type, happening.resource)
  const before = shown(type, happening.before)
  const changes = happening.changes ?? changesOf(type, action, before, resource)
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
  if (action === 'updated' && before && resource) {
    for (const attribute of type.roles.activation) {
      const was = isInactive(before, attribute)
      const is = isInactive(resource, attribute)
      if (was !== is) events.push(event(is ? 'deactivated' : 'reactivated'))
    }
  }
  for (const { path } of type.roles.membership) {
    const { added = [], removed = [] } = changes?.[path] ?? {}
    for (const member of added) events.push(event('member.added', member))
    for (const member of removed) events.push(event('member.removed', member))
  }
  return events
}

function changesOf(
  type: ResourceType,
  action: Happening['action'],
  before: Stored | undefined,
  resource: Stored | undefined,
): Happening['changes'] {
  const was = action === 'created' ? {} : before
  const is = action === 'deleted' ? {} : resource
  return was && is && changesBetween(type, was, is)
}

// An attribute that has no value says nothing against the resource being active.
function isInactive(resource: Stored, { keys }: Attribute): boolean {
  return keys.reduce<unknown>((value, key) => (value as JsonObject | null | undefined)?.[key], resource) === false
}

// RFC 7643 section 9.2: a password goes nowhere in clear text; an event may be written to a log or sent to another system.
function shown({ schema }: ResourceType, stored: Stored | undefined): Stored | undefined {
  const resource = withoutStreams(stored)
  return resource && (withoutUnreadable(resource as JsonObject, unreadableAttributes(schema)) as unknown as Stored)
}

/** A value that the store yields bit by bit can be read once, and the client reads it. */
function withoutStreams(resource: Stored | undefined): Stored | undefined {
  const entries = Object.entries(resource ?? {})
  const isStream = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value
  if (!entries.some(([, value]) => isStream(value))) return resource
  return Object.fromEntries(entries.filter(([, value]) => !isStream(value))) as unknown as Stored
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** Tells `on.error` and `debug('scim:error')` of a failure that is not the client's. */
export function reportError(context: Context, error: unknown): void {
  const { method, path } = context.request
  debugError('%s %s: %O', method, path, error)
  const hook = context.provider.options.on?.error
  if (hook)
    tell(hook, { error, method, path, auth: context.identity }, (failure) => debugError('on.error: %O', failure))
}

/** Tells `on.request` of a request that has been answered. */
export function reportRequest(context: Context, status: number): void {
  const hook = context.provider.options.on?.request
  if (hook === undefined) return
  const { method, path } = context.request
  const ms = performance.now() - context.started
  const report = { method, path, status, ms, tolerances: context.tolerated, auth: context.identity }
  setImmediate(tell, hook, report, (error: unknown) => reportError(context, error))
}

/** Calls a hook; a failure, now or later, is no failure of the request. */
async function tell<T>(hook: (told: T) => unknown, told: T, onFailure: (error: unknown) => void): Promise<void> {
  try {
    await hook(told)
  } catch (error) {
    onFailure(error)
  }
}
