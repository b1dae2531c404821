import type { Awaitable, Call } from '../../adapter/contract.js'
import { NOTHING } from '../../adapter/selections.js'
import { SetupError } from '../../setup-error.js'
import type { Context } from '../request/context.js'
import { isPending } from '../request/pending.js'
import type { ScimRouterOptions } from '../setup/options.js'
import { emitEvent } from './events.js'

/**
 * Runs a write in the transaction of the `transaction` option, once: a write inside an open transaction joins it.
 * Events wait for the commit; the outbox is written before it.
 *
 * A request that is over begins no transaction, begins no work in a transaction opened meanwhile, and commits nothing.
 */
export function runInTransaction<T>(context: Context, work: () => Promise<T>): Promise<T>
export function runInTransaction<T>(context: Context, work: () => Awaitable<T>): Awaitable<T>
export function runInTransaction<T>(context: Context, work: () => Awaitable<T>): Awaitable<T> {
  const transaction = transactionOf(context)
  return transaction === undefined || context.isTransactional ? work() : runTransaction(context, transaction, work)
}

/** Whether {@link runInTransaction} opens a transaction for a write, which then ends with this write. */
export function opensTransaction(context: Context): boolean {
  return !joinsTransaction(context) && context.provider.options.transaction !== undefined
}

/**
 * Whether a write is part of a transaction that goes on after the write: a bulk request's, or the application's own.
 */
export function joinsTransaction({ isTransactional, request }: Context): boolean {
  return isTransactional || request.inProcess?.transaction !== undefined
}

/**
 * Runs reads in the transaction of the option as well if `readsInTransaction` says so: where the database knows from
 * the transaction whose request it is, it shows nothing outside of one.
 */
export function readIn<T>(context: Context, call: Call, read: (call: Call) => Awaitable<T>): Awaitable<T> {
  if (!context.provider.options.readsInTransaction || context.isTransactional) {
    const reading = read(call)
    // The promise of a store may be of a kind of its own.
    return isPending(reading) ? Promise.resolve(reading) : reading
  }
  return runInTransaction(context, async () => read(context.call(call.select, call.forWrite)))
}

type Transaction = NonNullable<ScimRouterOptions['transaction']>

/** The transaction that the application has opened for a request of its own, else the option. */
function transactionOf({ request, provider }: Context): Transaction | undefined {
  const opened = request.inProcess?.transaction
  return opened ? (work) => work(opened.handle) : provider.options.transaction
}

async function runTransaction<T>(context: Context, transaction: Transaction, work: () => Awaitable<T>): Promise<T> {
  const { options, listeners } = context.provider
  const { outbox } = options
  context.throwIfOver()
  const events = context.holdEvents()
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined
  const attempt = async (handle: unknown): Promise<T> => {
    // A database may run the work again, after a serialization failure for instance.
    events.length = 0
    context.enterTransaction(handle)
    try {
      // A connection may have been long in coming.
      context.throwIfOver()
      const value = await work()
      context.throwIfOver()
      if (outbox && events.length > 0) await outbox([...events], context.call(NOTHING))
      if (events.length > 0) await listeners.ask('change', [...events], context.call(NOTHING))
      context.throwIfOver()
      outcome = { value }
      return value
    } catch (error) {
      outcome = { error }
      throw error
    } finally {
      context.leaveTransaction()
    }
  }
  try {
    await transaction(attempt, context.call(NOTHING))
  } finally {
    context.releaseEvents()
  }
  if (outcome === undefined) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option transaction must call the function that it receives.')
  }
  // The option may have kept the error to itself after it rolled back.
  if ('error' in outcome) throw outcome.error
  // Only committed changes are emitted.
  for (const event of events) emitEvent(context, event)
  return outcome.value
}
