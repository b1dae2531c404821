/** Work that must end by a time. */
export interface TimedWork {
  /** In the time of `performance.now()`. */
  readonly deadline: number
  readonly expire: () => void
  /** Its neighbours in a list of {@link Deadlines}, which sets them. */
  earlier?: TimedWork | undefined
  later?: TimedWork | undefined
}

const SWEEP = 100

/**
 * Ends requests that take too long. All requests have the same time, so they expire in the order in which they came;
 * one timer looks at the oldest, which costs less than a timer for each. The list of them is made of themselves,
 * because a Set would be copied again and again while requests come and go.
 */
export class Deadlines {
  #first: TimedWork | undefined
  #last: TimedWork | undefined
  #timer: NodeJS.Timeout | undefined

  add(member: TimedWork): void {
    member.earlier = this.#last
    if (this.#last) this.#last.later = member
    else this.#first = member
    this.#last = member
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#sweep(), SWEEP)
      this.#timer.unref()
    }
  }

  delete(member: TimedWork): void {
    const { earlier, later } = member
    if (earlier === undefined && this.#first !== member) return
    if (earlier) earlier.later = later
    else this.#first = later
    if (later) later.earlier = earlier
    else this.#last = earlier
    member.earlier = undefined
    member.later = undefined
  }

  #sweep(): void {
    const now = performance.now()
    for (let member = this.#first; member !== undefined; member = this.#first) {
      if (member.deadline > now) return
      this.delete(member)
      member.expire()
    }
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
