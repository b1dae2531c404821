import type { Selection } from '../adapter/contract.js'
import type { Context } from './context.js'
import { publish } from './events.js'

const NOTHING: Selection = { has: () => false }

/**
 * Runs a write in the transaction of the `transaction` option, once: what is inside one already joins it. Events wait for
 * the commit; the outbox is written before it.
 */
export async function inTransaction<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const { transaction, outbox } = context.provider.options
  if (transaction === undefined || context.inTransaction) return work()
  const events = context.holdEvents()
  const outcome = await transaction(async (handle) => {
    // A database may run the work again, after a serialization failure for instance.
    events.length = 0
    context.enterTransaction(handle)
    try {
      const value = await work()
      if (outbox && events.length > 0) await outbox([...events], context.call(NOTHING))
      return value
    } finally {
      context.leaveTransaction()
    }
  }, context.call(NOTHING)).finally(() => context.releaseEvents())
  // Only what was committed is told.
  for (const event of events) publish(context, event)
  return outcome
}
