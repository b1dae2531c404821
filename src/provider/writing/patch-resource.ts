import type { Awaitable, Patch, PatchResult, Selection, Stored } from '../../adapter/contract.js'
import { EVERYTHING, selectionOf } from '../../adapter/selections.js'
import { withoutAssigned } from '../../adapter/without-assigned.js'
import { asWriteResult } from '../../adapter/write-result.js'
import { ScimError } from '../../error.js'
import { topKey } from '../../schema/model/attribute.js'
import { changesForEvents, emitChange, isWatched } from '../events/events.js'
import { runInTransaction } from '../events/transaction.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import { andThen } from '../request/pending.js'
import { reportError } from '../request/report.js'
import type { ResourceType } from '../setup/resource-type.js'
import { changeInTurn } from '../store/attempts.js'
import { collect } from '../store/collect.js'
import { findStored, readStored, unknownResource } from '../store/read-stored.js'
import { refuseStale } from './precondition.js'
import { askRule, boundTo } from './validate.js'
import { writtenByPatch } from './written-by-patch.js'

/**
 * Carries a patch out: by the adapter itself if it can, else by get, apply and replace.
 *
 * @param ifMatch The versions of which the resource must have one; undefined: any.
 * @param select The attributes to read for an adapter that returns the resource.
 */
export async function patchResource(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
  select: Selection,
): Promise<PatchResult> {
  const job: PatchJob = { type, id, patch, ifMatch, select }
  if (hasRule(context)) return changeInTurn(context, type, id, () => askAndPatch(context, job))
  if (patches(context, job)) {
    const outcome = await runInTransaction(context, () => patchOrThrow(context, job))
    if (outcome !== 'decline') return outcome
  }
  return changeInTurn(context, type, id, () => applyAndReplace(context, job))
}

/** A patch that is to be carried out on a resource. */
interface PatchJob {
  readonly type: ResourceType
  readonly id: string
  readonly patch: Patch
  readonly ifMatch: readonly string[] | undefined
  readonly select: Selection
}

function patchOrThrow(context: Context, job: PatchJob): Awaitable<PatchResult | 'decline'> {
  return andThen(patchByAdapter(context, job), (outcome) =>
    outcome === 'stale' ? refuseStale(context, job.type, job.id) : outcome,
  )
}

function patches(context: Context, { type, select }: PatchJob): boolean {
  return type.adapter(context.call(select)).patch !== undefined
}

/**
 * Patches a resource after the rule of the application has allowed it; `'stale'` if the resource has changed since the
 * rule read it.
 */
async function askAndPatch(context: Context, job: PatchJob): Promise<PatchResult | 'stale'> {
  const { type, id, patch, ifMatch } = job
  const seen = await askRule(context, type, {
    action: 'patch',
    id,
    touched: patch.attributes,
    dependsOnStored: true,
    after: (stored) => patch.apply(stored),
    given: writtenByPatch(patch.operations),
  })
  const bound = boundTo(type, ifMatch, seen)
  if (patches(context, job)) {
    const outcome = await patchByAdapter(context, { ...job, ifMatch: bound })
    if (outcome === 'stale' && (ifMatch || seen === undefined)) return refuseStale(context, type, id)
    if (outcome !== 'decline') return outcome
  }
  return applyAndReplace(context, job, seen)
}

function patchByAdapter(context: Context, job: PatchJob): Awaitable<PatchResult | 'decline' | 'stale'> {
  const { type, id, patch, ifMatch, select } = job
  const isActivation = changesActivation(context, type, patch)
  const known = isActivation ? readForEvent(context, type, id) : undefined
  return andThen(known, (before) => {
    const call = context.writeCall(select, ifMatch)
    const adapter = type.adapter(call)
    if (adapter.patch === undefined) return 'decline'
    return andThen(adapter.patch(id, patch, call), (outcome) => {
      if (outcome === null || outcome === undefined) throw unknownResource(type, id)
      if (outcome === 'stale' || outcome === 'decline' || !outcome.changed) return outcome
      return isWatched(context, type) ? emitUpdate(context, job, outcome, isActivation, before) : outcome
    })
  })
}

/** Emits the events of a patch that the adapter has carried out. */
async function emitUpdate(
  context: Context,
  { type, id, patch }: PatchJob,
  outcome: PatchResult,
  isActivation: boolean,
  known: Stored | undefined,
): Promise<PatchResult> {
  const returned = outcome.resource ?? outcome.after
  const resource = returned ?? (isActivation ? await readWritten(context, type, id) : undefined)
  await emitChange(context, type, {
    action: 'updated',
    id,
    resource,
    before: outcome.before ?? known,
    changes: outcome.changes,
    patch,
    attributes: patch.attributes,
  })
  return outcome
}

/** Whether a listener must hear of a deactivation: only the resource before and after the patch shows it. */
function changesActivation(context: Context, type: ResourceType, { attributes }: Patch): boolean {
  return isWatched(context, type) && type.roles.activation.some((attribute) => attributes.has(topKey(attribute)))
}

async function readForEvent(context: Context, type: ResourceType, id: string): Promise<Stored | undefined> {
  return findStored(context, type, id, selectionForEvent(type))
}

/** The events of a write are emitted even if the request is over by then, and even if the resource cannot be read. */
async function readWritten(context: Context, type: ResourceType, id: string): Promise<Stored | undefined> {
  const select = selectionForEvent(type)
  try {
    return await findStored(context, type, id, select, context.callAfterWrite(select))
  } catch (error) {
    // Inside a transaction a failure undoes the write.
    if (context.isTransactional) throw error
    reportError(context, error)
    return undefined
  }
}

/** The attributes of a resource in an event: all but its members, because a group may have a million. */
function selectionForEvent({ roles }: ResourceType): Selection {
  const members = new Set(roles.membership.map(({ keys }) => keys[0]))
  return selectionOf((attribute) => !members.has(attribute))
}

/** Get, apply, replace under the version that was read. */
async function applyAndReplace(
  context: Context,
  { type, id, patch, ifMatch }: PatchJob,
  seen?: Stored,
): Promise<PatchResult | 'stale'> {
  const before = seen ?? (await collect(await readStored(context, type, id, EVERYTHING)))
  const version = type.supports.versions ? String(before.meta?.version) : undefined
  if (ifMatch && !(version !== undefined && ifMatch.includes(version))) throw ScimError.preconditionFailed()

  const draft = patch.apply(before)
  if (draft === before) return { changed: false, resource: before, before, version }
  const write = context.writeCall(EVERYTHING, version === undefined ? undefined : [version])
  const outcome = await type.adapter(write).replace(id, withoutAssigned(draft), write)
  if (outcome === null || outcome === undefined) throw unknownResource(type, id)
  if (outcome === 'stale') {
    if (ifMatch) throw ScimError.preconditionFailed()
    return outcome
  }
  const { resource, changes: reported } = asWriteResult(outcome)
  const changes = await changesForEvents(context, type, before, { draft, reported })
  await emitChange(context, type, {
    action: 'updated',
    id,
    resource,
    before,
    changes,
    patch,
    attributes: patch.attributes,
  })
  return { changed: true, resource, before, version: resource.meta?.version ?? undefined }
}
