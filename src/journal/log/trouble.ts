import { MINUTE } from '../../time.js'

/** Counts lost entries, and reports them and failures of the store, once a minute at most. */
export class Trouble {
  /** How many entries were lost. */
  count = 0
  #reported = Number.NEGATIVE_INFINITY

  /** @param ticks Milliseconds of a monotonic clock. */
  constructor(
    private readonly onError: ((error: Error) => void) | undefined,
    private readonly ticks: () => number,
  ) {}

  dropped(count: number): void {
    this.count += count
    this.#report(new Error(`The log has lost ${this.count} entries by now, because its store fails or is too slow.`))
  }

  failed(cause: unknown): void {
    this.#report(new Error('The store of the log has failed.', { cause }))
  }

  #report(error: Error): void {
    if (this.onError === undefined || this.ticks() - this.#reported < MINUTE) return
    this.#reported = this.ticks()
    try {
      this.onError(error)
    } catch {
      // A failure of the error function itself cannot be reported.
    }
  }
}
