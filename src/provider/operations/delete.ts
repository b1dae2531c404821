import { EVERYTHING, NOTHING } from '../../adapter/selections.js'
import { emptyResult, type Result } from '../answer/result.js'
import { announce, isWatched } from '../events/events.js'
import { inTransaction } from '../events/transaction.js'
import { authorize } from '../policy/authorize.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault } from '../store/adapter-fault.js'
import { findStored, unknownResource } from '../store/read-stored.js'
import { expectedVersions, staleOrMissing } from './precondition.js'

/** RFC 7644 section 3.6: "Clients request resource removal via DELETE." */
export async function remove(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'delete', id)
  await removeResource(context, type, id, await expectedVersions(context, type, id, input))
  return emptyResult(204)
}

/** Removes a resource from its store and tells of it. */
export async function removeResource(
  context: Context,
  type: ResourceType,
  id: string,
  ifMatch: readonly string[] | undefined,
): Promise<void> {
  await inTransaction(context, async () => {
    const before = isWatched(context, type) ? await findStored(context, type, id, EVERYTHING) : undefined
    const call = context.writeCall(NOTHING, ifMatch)
    const outcome = await type.adapter(call).delete(id, call)
    if (outcome === 'stale') throw await staleOrMissing(context, type, id)
    if (outcome === false) throw unknownResource(type, id)
    const changes = outcome === true ? undefined : outcome?.changes
    if (outcome !== true && changes === undefined) {
      throw new AdapterFault(type, 'delete', 'returned neither true nor false nor changes', 'delete')
    }
    announce(context, type, { action: 'deleted', id, before, changes })
  })
}
