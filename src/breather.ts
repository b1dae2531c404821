import { setImmediate } from 'node:timers/promises'

// Milliseconds of work after which other requests have their turn.
const STRETCH = 5

/** Keeps long work from holding up everyone else. */
export class Breather {
  #last: number

  /** @param started When the work began, in the time of `performance.now()`. */
  constructor(started: number) {
    this.#last = started
  }

  /** Lets other requests have their turn when it is time to; undefined when it is not. */
  pauseIfDue(): Promise<void> | undefined {
    return performance.now() - this.#last < STRETCH ? undefined : this.#rest()
  }

  async #rest(): Promise<void> {
    await setImmediate()
    this.#last = performance.now()
  }
}
