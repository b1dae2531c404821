import { MINUTE } from '../../time.js'

/**
 * Removes old entries when new ones are written: one small step a minute, and the next one at once while there is more.
 * The queue does not wait for it.
 */
export class Pruner {
  #running: Promise<void> | undefined
  #last = Number.NEGATIVE_INFINITY

  /**
   * @param step Removes some entries; resolves with whether there may be more.
   * @param ticks Milliseconds of a monotonic clock.
   * @param onFailure Called when a step has failed. It must not throw.
   */
  constructor(
    private readonly step: () => Promise<boolean>,
    private readonly ticks: () => number,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Begins a step if one is due and none is running. */
  wrote(): void {
    if (this.#running !== undefined || this.ticks() - this.#last < MINUTE) return
    this.#running = this.#step().finally(() => {
      this.#running = undefined
    })
  }

  async #step(): Promise<void> {
    const begun = this.ticks()
    try {
      if (!(await this.step())) this.#last = begun
    } catch (error) {
      this.#last = begun
      this.onFailure(error)
    }
  }
}
