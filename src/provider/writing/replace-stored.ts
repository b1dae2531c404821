import type { Awaitable, Draft, Selection, Stored, WriteResult } from '../../adapter/contract.js'
import { EVERYTHING, selectionOf } from '../../adapter/selections.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { topKey } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { applyMutability, neededForReplace } from '../../schema/resources/mutability.js'
import { emitChange, isWatched } from '../events/events.js'
import { runInTransaction } from '../events/transaction.js'
import { keepUnwritable, unwritable } from '../policy/access.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import { andThen } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'
import { checkStored } from '../store/adapter-fault.js'
import { changeInTurn } from '../store/attempts.js'
import { collect } from '../store/collect.js'
import { readStored, unknownResource } from '../store/read-stored.js'
import { refuseStale } from './precondition.js'
import { askRule, boundTo } from './validate.js'

/** The draft of a PUT for the store. */
export interface Replacement {
  readonly resource: JsonObject
  readonly ifMatch: readonly string[] | undefined
  /** The attributes that the store must return. */
  readonly select: Selection
}

/**
 * Writes a replacement and emits its events. A PUT that does not depend on stored values is written without reading
 * first.
 */
export function replaceStored(
  context: Context,
  type: ResourceType,
  id: string,
  replacement: Replacement,
): Awaitable<Stored> {
  return hasRule(context) || readsBefore(context, type, replacement.resource)
    ? changeInTurn(context, type, id, () => readAndWrite(context, type, id, replacement))
    : runInTransaction(context, () => write(context, type, id, replacement))
}

/** Writes under the version that was read; `'stale'` when another writer was faster. */
async function readAndWrite(
  context: Context,
  type: ResourceType,
  id: string,
  replacement: Replacement,
): Promise<Stored | 'stale'> {
  const seen = hasRule(context) ? await ask(context, type, id, replacement) : undefined
  const ifMatch = boundTo(type, replacement.ifMatch, seen)
  if (seen === undefined && !readsBefore(context, type, replacement.resource)) {
    return write(context, type, id, replacement)
  }
  const names = neededBefore(context, type, replacement.resource)
  // Events carry all attributes before the change. Streamed lists are read only if a rule needs them.
  const select = isWatched(context, type) ? EVERYTHING : selectionOf((name) => name === 'meta' || names.has(name))
  const before = seen ?? (await collect(await readStored(context, type, id, select), names))
  if (replacement.ifMatch || !type.supports.versions)
    return write(context, type, id, { ...replacement, ifMatch }, before)
  return attempt(context, type, id, { ...replacement, ifMatch: [String(before.meta?.version)] }, before)
}

/** Asks the rule of the application about the resource as the PUT would leave it. */
function ask(context: Context, type: ResourceType, id: string, { resource }: Replacement): Promise<Stored | undefined> {
  const draft = (before?: Stored): JsonObject => draftOf(context, type, resource, before)
  const write = { action: 'replace', id, given: resource } as const
  return neededBefore(context, type, resource).size > 0
    ? askRule(context, type, { ...write, dependsOnStored: true, after: draft })
    : askRule(context, type, { ...write, dependsOnStored: false, after: () => draft() })
}

function draftOf(
  context: Context,
  type: ResourceType,
  resource: JsonObject,
  before: JsonObject | undefined,
): JsonObject {
  return keepUnwritable(context, type, applyMutability(type.schema, before, resource), before)
}

/** Writes, and throws when the resource has another version than the client names. */
function write(
  context: Context,
  type: ResourceType,
  id: string,
  replacement: Replacement,
  before?: Stored,
): Awaitable<Stored> {
  const writing = attempt(context, type, id, replacement, before)
  return andThen(writing, (stored) => (stored === 'stale' ? refuseStale(context, type, id) : stored))
}

function attempt(
  context: Context,
  type: ResourceType,
  id: string,
  { resource, ifMatch, select }: Replacement,
  before: Stored | undefined,
): Awaitable<Stored | 'stale'> {
  const draft: Draft = draftOf(context, type, resource, before)
  const call = context.writeCall(select, ifMatch)
  return andThen(type.adapter(call).replace(id, draft, call), (outcome) => {
    if (outcome === 'stale') return outcome
    // RFC 7644 section 3.2: PUT "MUST NOT be used to create new resources".
    if (outcome === null || outcome === undefined) throw unknownResource(type, id)
    return checkAndEmit(context, type, id, draft, asWriteResult(outcome), before)
  })
}

/** Checks the answer of the store, and emits the events of the replacement. */
function checkAndEmit(
  context: Context,
  type: ResourceType,
  id: string,
  draft: Draft,
  written: WriteResult,
  before: Stored | undefined,
): Awaitable<Stored> {
  const stored = checkStored(type, 'replace', written.resource, id)
  if (!isWatched(context, type)) return stored
  const { changes } = written
  const emitting = emitChange(context, type, {
    action: 'updated',
    id,
    resource: stored,
    before: before ?? written.before,
    changes,
    attributes: Object.keys(draft),
  })
  return andThen(emitting, () => stored)
}

function readsBefore(context: Context, type: ResourceType, resource: JsonObject): boolean {
  return isWatched(context, type) || neededBefore(context, type, resource).size > 0
}

/**
 * The stored values that mutability is compared with, and the attributes that the client may not write, which stay as
 * they are.
 */
function neededBefore(context: Context, type: ResourceType, resource: JsonObject): ReadonlySet<string> {
  const needed = neededForReplace(type.schema, resource)
  const kept = unwritable(context, type)
  return kept.length === 0 ? needed : new Set([...needed, ...kept.map(topKey)])
}
