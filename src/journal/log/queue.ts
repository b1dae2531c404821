import { type Append, Attempts } from './attempts.js'

const BATCH = 200
/** Milliseconds. */
const PAUSE = 1_000
const LONGEST_PAUSE = 8_000
/** The failures after which the queue stores entries one by one, in case one entry is at fault. */
const SUSPICIOUS = 3

/** An item that waits to be stored. It is in the queue once, and the store gets its latest state. */
interface QueueItem {
  /** Whether it is in the queue. Only the queue sets it. */
  isWaiting: boolean
}

/** Functions that a queue calls. None of them may throw. */
export interface QueueEvents {
  /** Called with the number of entries that are lost. */
  readonly dropped: (count: number) => void
  readonly failed: (error: unknown) => void
  /** Called when entries were stored. */
  readonly stored: () => void
}

/**
 * A bounded queue of entries for a store. It stores one batch at a time, and loses the oldest entries first. A request
 * adds an entry and never waits. While the store fails, entries stay in the queue, and the store is called again after
 * a growing pause.
 */
export class LogQueue<Entry extends QueueItem> {
  /** The waiting entries, from `#first` on; those before it are removed now and then. */
  #line: Entry[] = []
  #first = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  /** How often the store has failed since it last stored something. */
  #failures = 0
  readonly #attempts: Attempts<Entry>

  constructor(
    append: Append<Entry>,
    /** How many may wait. */
    private readonly most: number,
    private readonly events: QueueEvents,
  ) {
    this.#attempts = new Attempts(append, events.failed, () => this.#later())
  }

  /** How many entries wait. */
  get length(): number {
    return this.#line.length - this.#first
  }

  /** Adds an entry at the end, if it is not in the queue. */
  add(entry: Entry): void {
    if (entry.isWaiting) return
    entry.isWaiting = true
    this.#line.push(entry)
    if (this.length > this.most) this.#makeRoom()
    if (this.length >= BATCH && this.#failures === 0) void this.#begin()
    else this.#later()
  }

  /** Stores all items that wait now; settles also if the store fails. */
  async flush(): Promise<void> {
    await this.#running
    while (this.length > 0) {
      const before = this.length
      await this.#begin()
      if (this.#failures > 0 && this.length >= before) return
    }
  }

  #later(): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.length === 0) return
    const isFull = this.#failures === 0 && this.length >= BATCH
    const pause = Math.min(PAUSE * 2 ** Math.max(0, this.#failures - 1), LONGEST_PAUSE)
    this.#timer = setTimeout(() => void this.#begin(), isFull ? 0 : pause)
    // The log keeps no process alive; flush() stores the rest.
    this.#timer.unref()
  }

  #begin(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running ??= this.#step().finally(() => {
      this.#running = undefined
      this.#later()
    })
    return this.#running
  }

  async #step(): Promise<void> {
    if (this.#failures < SUSPICIOUS) {
      const batch = this.#take()
      if (!(await this.#store(batch))) this.#putBack(batch)
      return
    }
    // A different entry each time shows whether the store works: if it accepts this one, one of the batch may be at
    // fault.
    const probe = this.#line[this.#first + (this.#failures % this.length)]
    if (probe !== undefined && (await this.#store([probe]))) await this.#storeOneByOne(probe)
  }

  /**
   * Stores the entries of a batch one by one. If the store refuses one entry but accepts another, the refused one is
   * lost.
   */
  async #storeOneByOne(probe: Entry): Promise<void> {
    const batch = this.#take()
    while (batch.length > 0) {
      const one = batch.slice(0, 1)
      if (!(await this.#store(one))) {
        if (!(await this.#store([probe]))) break
        this.events.dropped(1)
      }
      batch.shift()
    }
    this.#putBack(batch)
  }

  async #store(batch: readonly Entry[]): Promise<boolean> {
    if (batch.length === 0) return true
    const isStored = await this.#attempts.make(batch)
    this.#failures = isStored ? 0 : this.#failures + 1
    if (isStored) this.events.stored()
    return isStored
  }

  /** Takes the next entries out of the queue. */
  #take(count = BATCH): Entry[] {
    const taken = this.#line.slice(this.#first, this.#first + count)
    for (const entry of taken) entry.isWaiting = false
    this.#first += taken.length
    if (this.#first === this.#line.length || this.#first > this.most) {
      this.#line = this.#line.slice(this.#first)
      this.#first = 0
    }
    return taken
  }

  /**
   * Puts entries that could not be stored back in front, as far as there is room. Some may be in the queue again
   * already.
   */
  #putBack(batch: readonly Entry[]): void {
    const back = batch.filter((entry) => !entry.isWaiting)
    for (const entry of back) entry.isWaiting = true
    this.#line = [...back, ...this.#line.slice(this.#first)]
    this.#first = 0
    this.#makeRoom()
  }

  #makeRoom(): void {
    const count = this.length - this.most
    if (count <= 0) return
    this.#take(count)
    this.events.dropped(count)
  }
}
