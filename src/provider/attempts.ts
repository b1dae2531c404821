import { setTimeout as delay } from 'node:timers/promises'
import { ScimError } from '../error.js'
import type { Context } from './context.js'

/**
 * Repeats a change that was made under the version it had read, while other writers are faster. After each attempt it
 * waits for a random time, growing to 100 ms: the others are in other processes, and have to be parted from.
 */
export async function repeated<T>(context: Context, attempt: () => Promise<T | 'conflict'>): Promise<T> {
  const { signal, provider } = context
  for (let count = 1; count <= provider.limits.patchAttempts; count += 1) {
    // Whoever has waited in line may be too late.
    signal.throwIfAborted()
    const outcome = await attempt()
    if (outcome !== 'conflict') return outcome
    await delay(Math.random() * Math.min(100, 5 * 2 ** count))
  }
  throw ScimError.unavailable({ retryAfter: 1 })
}
