import type { Awaitable, Changes, Patch, Selection, Stored } from '../../adapter/contract.js'
import { EVERYTHING, NOTHING } from '../../adapter/selections.js'
import { storedOf } from '../../adapter/stored-of.js'
import { type InTurns, inTurns } from '../../in-turns.js'
import { propertiesOf } from '../../is-object.js'
import { memo } from '../../memo.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { unreadableAttributes, withoutUnreadable } from '../../schema/resources/unreadable.js'
import type { Context } from '../request/context.js'
import { hookContext, reportError } from '../request/report.js'
import { camelCase } from '../setup/event-names.js'
import type { EventKind } from '../setup/event-table.js'
import type { ResourceEvent } from '../setup/hooks.js'
import type { ResourceType } from '../setup/resource-type.js'
import { changedAttributes } from './changed-attributes.js'
import { changesBetween } from './changes.js'
import { changesByPatch, setByPatch } from './described-by-patch.js'

/** The effect of an operation. */
export interface ResourceChange {
  readonly action: 'created' | 'updated' | 'deleted'
  readonly id: string
  /** The resource now, with the attributes that {@link selectionForEvents} names. */
  readonly resource?: Stored | undefined
  readonly before?: Stored | undefined
  readonly changes?: Changes | undefined
  /** The patch that was carried out, if the operation was a PATCH. */
  readonly patch?: Patch
  /** Names of the attributes that were written. */
  readonly attributes?: Iterable<string> | undefined
}

/** The beginning of the names of the events of a resource type: `user.`. */
const prefixOf = memo(({ name }: ResourceType) => `${camelCase(name)}.`)

/** Whether a hook listens to events of a resource type, so that the resource before a change has to be known. */
export function isWatched({ provider }: Context, type: ResourceType): boolean {
  const { options, listeners } = provider
  if (options.outbox !== undefined || listeners.has('change')) return true
  return listeners.hasUnder(prefixOf(type))
}

/** The attributes that a write must return: all of them if a listener gets the resource, else those of the answer. */
export function selectionForEvents(context: Context, type: ResourceType, projection: Selection): Selection {
  return isWatched(context, type) ? EVERYTHING : projection
}

/**
 * Emits the events of an operation, after the commit if there is a transaction. Undefined if no hook listens: then
 * there is nothing to wait for.
 */
export function emitChange(context: Context, type: ResourceType, change: ResourceChange): Promise<void> | undefined {
  return isWatched(context, type) ? emitEvents(context, type, change) : undefined
}

async function emitEvents(context: Context, type: ResourceType, change: ResourceChange): Promise<void> {
  const all = await inTurns(eventsOf(context, type, change), () => context.breather.pauseIfDue())
  const events = all.filter((event) => !context.hold(event))
  if (events.length === 0) return
  for (const event of events) emitEvent(context, event)
  try {
    await context.provider.listeners.ask('change', events, context.callAfterWrite(NOTHING))
  } catch (error) {
    // A write outside of a transaction cannot be undone.
    reportError(context, error, events[0])
  }
}

/** Calls the hooks of an event when the answer is out: they neither delay nor fail the request. */
export function emitEvent(context: Context, event: ResourceEvent): void {
  const { listeners } = context.provider
  if (!listeners.has(event.name)) return
  context.afterAnswer(() => {
    listeners.emit(event.name, event, hookContext(context), (error) => reportError(context, error, event))
  })
}

/** Two resources of megabytes may have to be compared, so others have their turn in between. */
function* eventsOf(context: Context, type: ResourceType, change: ResourceChange): InTurns<ResourceEvent[]> {
  const { action, id } = change
  const resource = shown(type, change.resource)
  const before = shown(type, change.before)
  const known = yield* changesOf(type, change)
  const changes = boundedChanges(context, type, known)
  const set = change.patch && setByPatch(type, change.patch)
  const attributes = yield* changedAttributes(type, change, known)
  const subject = camelCase(type.name)
  const event = (kind: EventKind, member?: string): ResourceEvent => ({
    name: `${subject}.${kind}`,
    resourceType: type.name,
    id,
    resource,
    before,
    set,
    changes,
    member,
    attributes,
    requestId: context.id,
    via: context.request.inProcess?.via ?? 'client',
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

/** The values added and removed, as far as they are known. Lists are compared before streamed lists are taken out. */
function* changesOf(type: ResourceType, change: ResourceChange): InTurns<Changes | undefined> {
  const { action, before, resource, patch, changes = patch && changesByPatch(type, patch) } = change
  const was = action === 'created' ? {} : before
  const is = action === 'deleted' ? {} : resource
  return was && is ? yield* changesBetween(type, was, is, changes) : changes
}

/** The changes between a resource and its draft, for {@link emitChange}; undefined if no hook listens. */
export function changesForEvents(
  context: Context,
  type: ResourceType,
  before: Stored,
  { draft, reported }: { readonly draft: JsonObject; readonly reported: Changes | undefined },
): Awaitable<Changes | undefined> {
  if (!isWatched(context, type)) return undefined
  return inTurns(changesBetween(type, before, draft, reported), () => context.breather.pauseIfDue())
}

/** Beyond `limits.memberEvents` no member event is emitted: a million events would delay all other requests. */
function boundedChanges(
  { provider }: Context,
  { roles }: ResourceType,
  changes: Changes | undefined,
): Changes | undefined {
  let members = 0
  for (const { path } of roles.membership) {
    const change = changes?.[path]
    if (change) members += change.added.length + change.removed.length
  }
  return members > provider.limits.memberEvents ? undefined : changes
}

// An attribute that has no value says nothing against the resource being active.
function isInactive(resource: Stored, { keys }: Attribute): boolean {
  return keys.reduce<unknown>((value, key) => propertiesOf(value)[key], resource) === false
}

// RFC 7643 section 9.2: a password goes nowhere in clear text; an event may be written to a log or sent to another
// system.
function shown({ schema }: ResourceType, stored: Stored | undefined): Stored | undefined {
  const resource = withoutStreams(stored)
  return resource && withoutUnreadable(resource, unreadableAttributes(schema))
}

/** A value that the store yields bit by bit can be read once, and the client reads it. */
function withoutStreams(resource: Stored | undefined): Stored | undefined {
  if (resource === undefined) return undefined
  const entries = Object.entries(resource)
  const isStream = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value
  if (!entries.some(([, value]) => isStream(value))) return resource
  return storedOf(resource.id, resource.meta, Object.fromEntries(entries.filter(([, value]) => !isStream(value))))
}
