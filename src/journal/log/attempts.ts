/** Milliseconds. */
const PATIENCE = 10_000
/** Each attempt may hold a connection that the application needs. */
const MOST_UNANSWERED = 3

/** Stores entries; undefined: they are stored already. */
export type Append<Entry> = (entries: readonly Entry[]) => Promise<void> | undefined

/**
 * Attempts to store entries. If the store does not answer in time, the queue treats the attempt as failed. The attempt
 * may still run and hold a connection, so no further attempt begins while too many of them run.
 */
export class Attempts<Entry> {
  #unanswered = 0

  /**
   * @param onFailure Called for each failure. It must not throw.
   * @param onAnswer Called when an attempt ends after its time was over.
   */
  constructor(
    private readonly append: Append<Entry>,
    private readonly onFailure: (error: unknown) => void,
    private readonly onAnswer: () => void,
  ) {}

  /** Resolves with whether the entries are stored. */
  async make(entries: readonly Entry[]): Promise<boolean> {
    try {
      if (this.#unanswered >= MOST_UNANSWERED) {
        throw new Error(`The store of the log has left ${MOST_UNANSWERED} attempts without an answer.`)
      }
      const work = this.append(entries)
      if (work !== undefined) await this.#inTime(work)
      return true
    } catch (error) {
      this.onFailure(error)
      return false
    }
  }

  async #inTime(work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, PATIENCE, true)
      timer.unref()
    })
    try {
      if ((await Promise.race([work, over])) !== true) return
    } finally {
      clearTimeout(timer)
    }
    this.#unanswered += 1
    const end = (): void => {
      this.#unanswered -= 1
      this.onAnswer()
    }
    work.then(end, end)
    throw new Error(`The store of the log has not answered for ${PATIENCE} ms.`)
  }
}
