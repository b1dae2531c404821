import { AdapterFault } from './adapter-fault.js'
import { authorize } from './authorize.js'
import type { Context } from './context.js'
import { announce, isWatched } from './events.js'
import type { Input } from './input.js'
import { conflict, expectedVersions } from './precondition.js'
import { findStored, unknownResource } from './read-stored.js'
import type { ResourceType } from './resource-type.js'
import { emptyResult, type Result } from './result.js'
import { EVERYTHING, NOTHING } from './selections.js'
import { inTransaction } from './transaction.js'

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
    if (outcome === 'conflict') throw await conflict(context, type, id)
    if (typeof outcome !== 'boolean') {
      throw new AdapterFault(type, 'delete', 'returned neither true nor false', 'delete')
    }
    if (!outcome) throw unknownResource(type, id)
    announce(context, type, { action: 'deleted', id, before })
  })
}
