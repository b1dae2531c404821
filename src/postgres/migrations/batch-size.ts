// Milliseconds that a batch should take: writers of its rows wait for so long.
const AIM = 12
const FIRST = 50
const LEAST = 5
const MOST = 500

/** How many rows a migration works on in one transaction: as many as it takes to hold their locks for a short while. */
export class BatchSize {
  #rows = FIRST

  get rows(): number {
    return this.#rows
  }

  /** Does a batch, and makes the next one smaller or larger by the time that it has taken. */
  async measure<T>(batch: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    const result = await batch()
    const factor = AIM / Math.max(1, performance.now() - begun)
    // One batch that was quick by chance does not make the next one ten times as large.
    this.#rows = Math.round(Math.min(MOST, Math.max(LEAST, this.#rows * Math.min(2, factor))))
    return result
  }
}
