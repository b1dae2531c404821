/** Something that has to be over by a time. */
export interface Timed {
  /** In the time of `performance.now()`. */
  readonly deadline: number
  readonly expire: () => void
}

const SWEEP = 100

/**
 * Ends requests that take too long. All requests have the same time, so they expire in the order in which they came;
 * one timer looks at the oldest, which costs less than a timer for each.
 */
export class Deadlines {
  readonly #members = new Set<Timed>()
  #timer: NodeJS.Timeout | undefined

  add(member: Timed): void {
    this.#members.add(member)
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#sweep(), SWEEP)
      this.#timer.unref()
    }
  }

  delete(member: Timed): void {
    this.#members.delete(member)
  }

  #sweep(): void {
    const now = performance.now()
    for (const member of this.#members) {
      if (member.deadline > now) return
      this.#members.delete(member)
      member.expire()
    }
    if (this.#members.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }
}
