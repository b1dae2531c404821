import { EVERYTHING, NOTHING } from '../../adapter/selections.js'
import { emptyResult, type Result } from '../answer/result.js'
import { emitChange, isWatched } from '../events/events.js'
import { runInTransaction } from '../events/transaction.js'
import { authorize } from '../policy/authorize.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault } from '../store/adapter-fault.js'
import { changeInTurn } from '../store/attempts.js'
import { findStored, unknownResource } from '../store/read-stored.js'
import { expectedVersions, refuseStale } from '../writing/precondition.js'
import { askRule, boundTo } from '../writing/validate.js'

/** RFC 7644 section 3.6: "Clients request resource removal via DELETE." */
export async function respondToDelete(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'delete', id)
  const ifMatch = await expectedVersions(context, type, id, input)
  if (hasRule(context)) await changeInTurn(context, type, id, () => askAndRemove(context, type, id, ifMatch))
  else await deleteResource(context, type, id, ifMatch)
  return emptyResult(204)
}

/**
 * Removes a resource if the rule of the application permits it; `'stale'` if the resource has changed since the rule
 * read it.
 */
async function askAndRemove(
  context: Context,
  type: ResourceType,
  id: string,
  ifMatch: readonly string[] | undefined,
): Promise<true | 'stale'> {
  const seen = await askRule(context, type, { action: 'delete', id, dependsOnStored: false, after: () => undefined })
  const removed = await removeOnce(context, type, id, boundTo(type, ifMatch, seen))
  if (removed === 'stale' && (ifMatch || seen === undefined)) return refuseStale(context, type, id)
  return removed
}

/**
 * Removes a resource from its store and emits the event, without calling the rule: a failed bulk request also removes
 * its resources this way.
 */
export async function deleteResource(
  context: Context,
  type: ResourceType,
  id: string,
  ifMatch: readonly string[] | undefined,
): Promise<void> {
  await runInTransaction(context, async () => {
    if ((await removeOnce(context, type, id, ifMatch)) === 'stale') return refuseStale(context, type, id)
  })
}

async function removeOnce(
  context: Context,
  type: ResourceType,
  id: string,
  ifMatch: readonly string[] | undefined,
): Promise<true | 'stale'> {
  const before = isWatched(context, type) ? await findStored(context, type, id, EVERYTHING) : undefined
  const call = context.writeCall(NOTHING, ifMatch)
  const outcome = await type.adapter(call).delete(id, call)
  if (outcome === 'stale') return outcome
  if (outcome === false) throw unknownResource(type, id)
  const changes = outcome === true ? undefined : outcome?.changes
  if (outcome !== true && changes === undefined) {
    throw new AdapterFault(type, 'delete', 'returned neither true nor false nor changes', 'delete')
  }
  await emitChange(context, type, { action: 'deleted', id, before, changes })
  return true
}
