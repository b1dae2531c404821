import type { Awaitable } from '../../adapter/contract.js'

/** Whether a value has to be waited for. To wait for one that is there already would cost a turn of its own. */
export function isPending<T>(value: Awaitable<T>): value is Promise<T> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}
