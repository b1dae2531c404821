import { setImmediate } from 'node:timers/promises'

// Milliseconds of work after which other requests have their turn.
const STRETCH = 5

/** Keeps long work from holding up everyone else. */
export class Breather {
  #last = performance.now()

  /** Lets other requests have their turn when it is time to. */
  async pause(): Promise<void> {
    if (performance.now() - this.#last < STRETCH) return
    await setImmediate()
    this.#last = performance.now()
  }
}
