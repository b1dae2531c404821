const BATCH = 200
/** Milliseconds. */
const PAUSE = 1_000
const PATIENCE = 30_000
const ATTEMPTS = 3

/** What waits to be stored: a later state of it has the same place. */
interface Placed {
  readonly tenant: string
  readonly key: string
}

/** What a queue tells of. */
export interface QueueEvents {
  /** So many entries will never be stored. */
  readonly dropped: (count: number) => void
  readonly failed: (error: unknown) => void
  /** A batch is stored. */
  readonly stored: () => Promise<void>
}

/**
 * Entries on their way to a store: in batches, one at a time, from a bounded line that loses the oldest first. A request adds
 * an entry and never waits.
 */
export class LogQueue<Entry extends Placed> {
  #waiting = new Map<string, Entry>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #failures = 0

  constructor(
    private readonly append: (entries: readonly Entry[]) => Promise<void>,
    /** How many may wait. */
    private readonly most: number,
    private readonly events: QueueEvents,
  ) {}

  /** How many entries wait. */
  get length(): number {
    return this.#waiting.size
  }

  add(entry: Entry): void {
    // A later state of an entry takes the place of the one that still waits.
    this.#waiting.set(`${entry.key} ${entry.tenant}`, entry)
    if (this.#waiting.size > this.most) this.#drop(1)
    if (this.#waiting.size >= BATCH) void this.#begin()
    else this.#later()
  }

  /** Stores all that waits now; ends also if the store fails. */
  async flush(): Promise<void> {
    await this.#running
    while (this.#waiting.size > 0) {
      const before = this.#waiting.size
      await this.#begin()
      if (this.#waiting.size >= before) return
    }
  }

  #later(): void {
    if (this.#timer !== undefined || this.#running !== undefined) return
    this.#timer = setTimeout(() => void this.#begin(), PAUSE)
    // The log keeps no process alive; close() stores what is left.
    this.#timer.unref()
  }

  #begin(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running ??= this.#store().finally(() => {
      this.#running = undefined
      if (this.#waiting.size > 0) this.#later()
    })
    return this.#running
  }

  async #store(): Promise<void> {
    const batch = [...this.#waiting].slice(0, BATCH)
    if (batch.length === 0) return
    for (const [place] of batch) this.#waiting.delete(place)
    try {
      await inTime(this.append(batch.map(([, entry]) => entry)))
      this.#failures = 0
      await inTime(this.events.stored())
    } catch (error) {
      this.events.failed(error)
      this.#failures += 1
      if (this.#failures < ATTEMPTS) this.#putBack(batch)
      else {
        this.#failures = 0
        this.events.dropped(batch.length)
      }
    }
  }

  /** What could not be stored comes first again, as far as there is room. */
  #putBack(batch: readonly (readonly [string, Entry])[]): void {
    const later = this.#waiting
    this.#waiting = new Map(batch)
    for (const [place, entry] of later) this.#waiting.set(place, entry)
    if (this.#waiting.size > this.most) this.#drop(this.#waiting.size - this.most)
  }

  #drop(count: number): void {
    let left = count
    for (const place of this.#waiting.keys()) {
      if (left === 0) break
      this.#waiting.delete(place)
      left -= 1
    }
    this.events.dropped(count)
  }
}

/** A store that never answers is one that has failed. */
async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The store of the log has not answered for ${PATIENCE} ms.`)), PATIENCE)
    timer.unref()
  })
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
