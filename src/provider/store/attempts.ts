import { setTimeout as delay } from 'node:timers/promises'
import { ScimError } from '../../error.js'
import { runInTransaction } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * Makes a change under the version that it has read, and makes it anew when another writer was faster. Writers of one
 * resource in this process wait for each other; those in other processes part by random pauses, which grow to 100 ms.
 *
 * @param attempt Reads, changes and writes; `'stale'` when the resource had changed in between.
 */
export async function changeInTurn<T>(
  context: Context,
  type: ResourceType,
  id: string,
  attempt: () => Promise<T | 'stale'>,
): Promise<T> {
  const change = (): Promise<T> => repeated(context, () => runInTransaction(context, attempt))
  // A request that holds the locks of a transaction must not wait for a request that may wait for those locks.
  if (context.isTransactional || context.request.inProcess?.transaction) return change()
  return context.provider.queue.run(JSON.stringify([context.auth.tenant ?? null, type.name, id]), context, change)
}

async function repeated<T>(context: Context, attempt: () => Promise<T | 'stale'>): Promise<T> {
  for (let count = 1; count <= context.provider.limits.patchAttempts; count += 1) {
    // After waiting, the time of the request may be over.
    context.throwIfOver()
    const outcome = await attempt()
    if (outcome !== 'stale') return outcome
    await delay(Math.random() * Math.min(100, 5 * 2 ** count))
  }
  throw ScimError.unavailable({ retryAfter: 1 })
}
