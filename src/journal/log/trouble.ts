import { MINUTE } from '../../time.js'

/** Counts lost entries, and reports them and failures of the store, once a minute at most. */
export class Trouble {
  /** How many entries were lost. */
  count = 0
  #told = Number.NEGATIVE_INFINITY

  /** @param ticks Milliseconds of a monotonic clock. */
  constructor(
    private readonly onError: ((error: Error) => void) | undefined,
    private readonly ticks: () => number,
  ) {}

  dropped(count: number): void {
    this.count += count
    this.#tell(new Error(`The log has lost ${this.count} entries by now, because its store fails or is too slow.`))
  }

  failed(cause: unknown): void {
    this.#tell(new Error('The store of the log has failed.', { cause }))
  }

  #tell(error: Error): void {
    if (this.onError === undefined || this.ticks() - this.#told < MINUTE) return
    this.#told = this.ticks()
    try {
      this.onError(error)
    } catch {
      // A failure of the error function itself cannot be reported.
    }
  }
}
