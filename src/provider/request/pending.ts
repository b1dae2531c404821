import type { Awaitable } from '../../adapter/contract.js'

/** Whether a value is a promise. An `await` on a plain value would cost a turn of the event loop. */
export function isPending<T>(value: Awaitable<T>): value is Promise<T> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}

/** Goes on with a value, at once if it is there: an `await` would cost a turn of the event loop. */
export function andThen<T, Result>(value: Awaitable<T>, goOn: (value: T) => Awaitable<Result>): Awaitable<Result> {
  // The promise of a store may be of a kind of its own.
  return isPending(value) ? Promise.resolve(value).then(goOn) : goOn(value)
}
