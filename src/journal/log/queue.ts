import { Attempts } from './attempts.js'

const BATCH = 200
/** Milliseconds. */
const PAUSE = 1_000
const LONGEST_PAUSE = 8_000
/** After so many failures it is tried whether one entry is at fault. */
const SUSPICIOUS = 3

/** An entry that waits to be stored: a later state of it has the same place. */
interface Placed {
  readonly tenant: string
  readonly key: string
}

/** Functions that a queue calls. None of them may throw. */
export interface QueueEvents {
  /** So many entries will never be stored. */
  readonly dropped: (count: number) => void
  readonly failed: (error: unknown) => void
  /** Something is stored. */
  readonly stored: () => void
}

/**
 * Entries on their way to a store: in batches, one at a time, from a bounded line that loses the oldest first. A request adds
 * an entry and never waits. While the store fails, entries stay in the line, and the store is asked again after a pause that
 * grows.
 */
export class LogQueue<Entry extends Placed> {
  #waiting = new Map<string, Entry>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  /** How often the store has failed since it last stored something. */
  #failures = 0
  readonly #attempts: Attempts<Entry>

  constructor(
    append: (entries: readonly Entry[]) => Promise<void>,
    /** How many may wait. */
    private readonly most: number,
    private readonly events: QueueEvents,
  ) {
    this.#attempts = new Attempts(append, events.failed, () => this.#later())
  }

  /** How many entries wait. */
  get length(): number {
    return this.#waiting.size
  }

  add(entry: Entry): void {
    // A later state of an entry takes the place of the state that still waits.
    this.#waiting.set(placeOf(entry), entry)
    if (this.#waiting.size > this.most) this.#makeRoom()
    if (this.#waiting.size >= BATCH && this.#failures === 0) void this.#begin()
    else this.#later()
  }

  /** Stores all that waits now; ends also if the store fails. */
  async flush(): Promise<void> {
    await this.#running
    while (this.#waiting.size > 0) {
      const before = this.#waiting.size
      await this.#begin()
      if (this.#failures > 0 && this.#waiting.size >= before) return
    }
  }

  #later(): void {
    if (this.#timer !== undefined || this.#running !== undefined || this.#waiting.size === 0) return
    const isFull = this.#failures === 0 && this.#waiting.size >= BATCH
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
    // Another entry each time tells whether the store is there: if it takes this one, one of the batch may be at fault.
    const probe = [...this.#waiting.values()][this.#failures % this.#waiting.size]
    if (probe !== undefined && (await this.#store([probe]))) await this.#storeOneByOne(probe)
  }

  /** Stores each entry of a batch for itself. An entry that the store does not take, while it takes another, is lost. */
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

  /** The next entries of the line, which leave it. */
  #take(): Entry[] {
    const batch: Entry[] = []
    for (const [place, entry] of this.#waiting) {
      if (batch.length === BATCH) break
      this.#waiting.delete(place)
      batch.push(entry)
    }
    return batch
  }

  /** Entries that could not be stored come first again, as far as there is room. */
  #putBack(batch: readonly Entry[]): void {
    const later = this.#waiting
    this.#waiting = new Map(batch.map((entry) => [placeOf(entry), entry]))
    for (const [place, entry] of later) this.#waiting.set(place, entry)
    this.#makeRoom()
  }

  #makeRoom(): void {
    const count = this.#waiting.size - this.most
    if (count <= 0) return
    let left = count
    for (const place of this.#waiting.keys()) {
      if (left === 0) break
      this.#waiting.delete(place)
      left -= 1
    }
    this.events.dropped(count)
  }
}

function placeOf({ key, tenant }: Placed): string {
  return `${key} ${tenant}`
}
