import { setTimeout as delay } from 'node:timers/promises'
import { ScimError } from '../../error.js'
import { joinsTransaction, opensTransaction, runInTransaction } from '../events/transaction.js'
import { hasRule } from '../policy/has-rule.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'

/**
 * Makes a change under the version that it has read, and makes it anew when another writer was faster. Writers of one
 * resource in this process wait for each other; those in other processes part by random pauses, which grow to 100 ms.
 *
 * @param attempt Reads, changes and writes; `'stale'` when the resource had changed in between. A rule of the
 * application may have written in its transaction by then, so this transaction is rolled back.
 */
export async function changeInTurn<T>(
  context: Context,
  type: ResourceType,
  id: string,
  attempt: () => Promise<T | 'stale'>,
): Promise<T> {
  // A request that holds the locks of a transaction must not wait for a request that may wait for those locks.
  if (joinsTransaction(context)) return repeated(context, () => attemptWithin(context, attempt))
  const change = opensTransaction(context) ? () => attemptAlone(context, attempt) : attempt
  return context.provider.queue.run(JSON.stringify([context.auth.tenant ?? null, type.name, id]), context, () =>
    repeated(context, change),
  )
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

/** An attempt in a transaction of its own, which is rolled back if the attempt ends in `'stale'`. */
async function attemptAlone<T>(context: Context, attempt: () => Promise<T | 'stale'>): Promise<T | 'stale'> {
  let isStale = false
  try {
    return await runInTransaction(context, async () => {
      // A database may run the work again.
      isStale = false
      const outcome = await attempt()
      isStale = outcome === 'stale'
      if (isStale) throw ScimError.preconditionFailed()
      return outcome
    })
  } catch (error) {
    // The option may have thrown an error of its own after the rollback.
    if (isStale) return 'stale'
    throw error
  }
}

/**
 * An attempt in a transaction that other writes share. Only the whole transaction can be rolled back, and with it the
 * values that a rule has written: the client must send the request again.
 */
async function attemptWithin<T>(context: Context, attempt: () => Promise<T | 'stale'>): Promise<T | 'stale'> {
  const outcome = await runInTransaction(context, attempt)
  if (outcome === 'stale' && hasRule(context)) throw ScimError.unavailable({ retryAfter: 1 })
  return outcome
}
