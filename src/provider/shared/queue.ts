/** The request that work in a queue belongs to. */
export interface Waiter {
  /** Aborts if the time of the request is over or its client has gone. Read only if the task must wait. */
  readonly signal: AbortSignal
  /** Calls back once when the time of the request is over, at once if it is over already. */
  readonly onTimeOver: (listener: () => void) => void
}

/** The tasks that wait for one key. The running task stands in `current`. */
interface Line {
  current: Waiter
  readonly waiting: Map<Waiter, () => void>
}

/**
 * One after the other for each key. Writers of one resource in one process wait for each other instead of losing races
 * against each other: 200 of them need one attempt each.
 *
 * A request that is over while it waits leaves the queue, and its work is not begun. A turn ends with its work, or with
 * the time of its request: work that never ends delays other requests no longer than that.
 */
export class Queue {
  readonly #lines = new Map<string, Line>()

  async run<T>(key: string, waiter: Waiter, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(key)
    if (line === undefined) this.#lines.set(key, { current: waiter, waiting: new Map() })
    else await this.#turn(key, line, waiter)
    try {
      return await work()
    } finally {
      this.#end(key, waiter)
    }
  }

  #turn(key: string, line: Line, waiter: Waiter): Promise<void> {
    const { signal } = waiter
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        line.waiting.delete(waiter)
        reject(signal.reason)
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      line.waiting.set(waiter, () => {
        signal.removeEventListener('abort', leave)
        resolve()
      })
      if (line.waiting.size === 1) this.#endInTime(key, line.current)
    })
  }

  #endInTime(key: string, waiter: Waiter): void {
    waiter.onTimeOver(() => this.#end(key, waiter))
  }

  /** Starts the next work; does nothing if the turn has ended before. */
  #end(key: string, waiter: Waiter): void {
    const line = this.#lines.get(key)
    if (line === undefined || line.current !== waiter) return
    const [next] = line.waiting
    if (next === undefined) {
      this.#lines.delete(key)
      return
    }
    const [following, begin] = next
    line.waiting.delete(following)
    line.current = following
    if (line.waiting.size > 0) this.#endInTime(key, following)
    begin()
  }
}
