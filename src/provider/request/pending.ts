import type { Awaitable } from '../../adapter/contract.js'

/** Whether a value is a promise. An `await` on a plain value would cost a turn of the event loop. */
export function isPending<T>(value: Awaitable<T>): value is Promise<T> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}
