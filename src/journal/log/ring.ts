import type { NotedEntry } from './noted-entry.js'

/**
 * The latest entries, in the order of their keys. An entry is not copied: a request that is counted in it later counts
 * here too.
 */
export class Ring {
  /** From `#first` on: entries that have left the ring are cut off now and then. */
  #entries: NotedEntry[] = []
  #first = 0

  constructor(private readonly most: number) {}

  /** Keeps an entry, in the place of one with the same tenant and key. The oldest goes if there is no room. */
  put(entry: NotedEntry): void {
    entry.isKept = true
    const latest = this.#entries.at(-1)
    // Nearly every entry is later than all others: keys grow.
    if (latest === undefined || entry.key > latest.key) this.#entries.push(entry)
    else this.#insert(entry)
    if (this.#entries.length - this.#first <= this.most) return
    this.#first += 1
    if (this.#first > this.most) this.#cut()
  }

  /** The matching entries, the latest first. */
  latest(isWanted: (entry: NotedEntry) => boolean, count: number): readonly NotedEntry[] {
    const found: NotedEntry[] = []
    for (let index = this.#entries.length - 1; index >= this.#first && found.length < count; index -= 1) {
      const entry = this.#entries[index]
      if (entry !== undefined && isWanted(entry)) found.push(entry)
    }
    return found
  }

  /** Removes entries, the oldest first, at most `count`. Returns how many there were. */
  remove(isGone: (entry: NotedEntry) => boolean, count: number): number {
    this.#cut()
    let removed = 0
    this.#entries = this.#entries.filter((entry) => {
      if (removed >= count || !isGone(entry)) return true
      entry.isKept = false
      removed += 1
      return false
    })
    return removed
  }

  #insert(entry: NotedEntry): void {
    let low = this.#first
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(this.#entries[middle], entry)) low = middle + 1
      else high = middle
    }
    const there = this.#entries[low]
    const isSame = there !== undefined && there.key === entry.key && there.form.tenant === entry.form.tenant
    this.#entries.splice(low, isSame ? 1 : 0, entry)
  }

  #cut(): void {
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }
}

function isBefore(one: NotedEntry | undefined, other: NotedEntry): boolean {
  if (one === undefined || one.key !== other.key) return one !== undefined && one.key < other.key
  return one.form.tenant < other.form.tenant
}
