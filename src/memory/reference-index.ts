import type { ToKey } from '../schema/values/compare.js'
import { AttributeIndex } from './attribute-index.js'
import type { MemoryRow } from './row.js'

// More values than that are taken in, or given up, beside other requests; and how long that may take at a time.
const AT_ONCE = 1_000
const STRETCH_MS = 5
const CLOCK_EVERY = 64

/** A row, and those of its values that are still to be looked at. */
interface PendingRow {
  readonly row: MemoryRow
  readonly values: Iterator<string>
}

/**
 * Rows by the values of a reference attribute. Identifiers are the same letter by letter (decision A-19b), while
 * filters compare as the schema says, so that one value of a filter may stand for identifiers in several spellings.
 */
export class ReferenceIndex {
  readonly #toKey: ToKey
  readonly #rows = new AttributeIndex()
  /** Values that are not their own key, by key: hardly any, since ids are exact or in small letters. */
  readonly #spellings = new Map<string, Set<string>>()

  /** A row whose values are being added, and the values that are left. */
  #arriving: PendingRow | undefined
  /** Rows that have given up many values, which stand here still. */
  #leaving: PendingRow[] = []
  readonly #holds: (row: MemoryRow, value: string) => boolean

  /** @param holds Whether a row refers to an identifier now: a removed identifier may stand here for a while. */
  constructor(toKey: ToKey, holds: (row: MemoryRow, value: string) => boolean) {
    this.#toKey = toKey
    this.#holds = holds
  }

  add(value: string, row: MemoryRow): void {
    this.#finish()
    this.#insert(value, row)
  }

  /** Adds many values: a long list in pieces, or all at once when a request needs them. */
  addAll(values: ReadonlyMap<string, unknown>, row: MemoryRow): void {
    this.#finish()
    if (values.size <= AT_ONCE) {
      for (const value of values.keys()) this.#insert(value, row)
    } else {
      this.#arriving = { row, values: values.keys() }
      this.#goOn()
    }
  }

  /**
   * Deletes many values that a row has given up: of a long list in pieces. Until then no search finds the row by them.
   */
  deleteAll(values: Iterable<string>, count: number, row: MemoryRow): void {
    if (count <= AT_ONCE) {
      for (const value of values) this.delete(value, row)
    } else if (this.#leaving.push({ row, values: values[Symbol.iterator]() }) === 1) this.#goOn()
  }

  #goOn(): void {
    setImmediate(() => {
      const until = performance.now() + STRETCH_MS
      if (this.#takeIn(until) || this.#giveUp(until)) this.#goOn()
    }).unref()
  }

  /** Removes the rows that have left; true if time was up before. */
  #giveUp(until: number): boolean {
    for (let [first] = this.#leaving; first; [first] = this.#leaving) {
      const { row, values } = first
      for (let count = 1; ; count += 1) {
        const { done, value } = values.next()
        if (done) break
        // It may have come again.
        if (!this.#holds(row, value)) this.#remove(value, row)
        if (count % CLOCK_EVERY === 0 && performance.now() > until) return true
      }
      this.#leaving.shift()
    }
    return false
  }

  #finish(): void {
    if (this.#arriving) this.#takeIn(Number.POSITIVE_INFINITY)
  }

  /** Adds the rows that have arrived; true if time was up before. */
  #takeIn(until: number): boolean {
    if (this.#arriving === undefined) return false
    const { row, values } = this.#arriving
    for (let count = 1; ; count += 1) {
      const { done, value } = values.next()
      if (done) break
      this.#insert(value, row)
      if (count % CLOCK_EVERY === 0 && performance.now() > until) return true
    }
    this.#arriving = undefined
    return false
  }

  #insert(value: string, row: MemoryRow): void {
    this.#rows.add(value, row)
    const key = this.#keyOf(value)
    if (key === value) return
    const spellings = this.#spellings.get(key)
    if (spellings) spellings.add(value)
    else this.#spellings.set(key, new Set([value]))
  }

  delete(value: string, row: MemoryRow): void {
    this.#finish()
    this.#remove(value, row)
  }

  #remove(value: string, row: MemoryRow): void {
    this.#rows.delete(value, row)
    const key = this.#keyOf(value)
    if (key === value || this.#rows.has(value)) return
    const spellings = this.#spellings.get(key)
    if (spellings?.delete(value) && spellings.size === 0) this.#spellings.delete(key)
  }

  /** The rows that refer to exactly this identifier. */
  get(value: string): readonly MemoryRow[] {
    this.#finish()
    return this.#get(value)
  }

  has(value: string): boolean {
    this.#finish()
    return this.#leaving.length === 0 ? this.#rows.has(value) : this.#get(value).length > 0
  }

  #get(value: string): readonly MemoryRow[] {
    const rows = this.#rows.get(value)
    return this.#leaving.length === 0 ? rows : rows.filter((row) => this.#holds(row, value))
  }

  /** The rows that a filter for the value finds. */
  match(value: unknown): readonly MemoryRow[] {
    this.#finish()
    const key = this.#keyOf(value)
    const spellings = this.#spellings.get(key)
    if (!spellings) return this.#get(key)
    return [...new Set([key, ...spellings].flatMap((spelling) => this.#get(spelling)))]
  }

  #keyOf(value: unknown): string {
    return String(this.#toKey(value))
  }
}
