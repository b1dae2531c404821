import type { ToKey } from '../schema/compare.js'
import { AttributeIndex } from './attribute-index.js'
import type { Row } from './row.js'

// More values than that are taken in beside other requests; and how long that may take at a time.
const AT_ONCE = 1_000
const STRETCH_MS = 5
const CLOCK_EVERY = 64

/**
 * Rows by the values of a reference attribute. Identifiers are the same letter by letter (decision A-19b), while filters
 * compare as the schema says, so that one value of a filter may stand for identifiers in several spellings.
 */
export class ReferenceIndex {
  readonly #toKey: ToKey
  readonly #rows = new AttributeIndex()
  /** Values that are not their own key, by key: hardly any, since ids are exact or in small letters. */
  readonly #spellings = new Map<string, Set<string>>()

  /** A row whose values are being taken in, and those that are left. */
  #arriving: { readonly row: Row; readonly values: Iterator<string> } | undefined

  constructor(toKey: ToKey) {
    this.#toKey = toKey
  }

  add(value: string, row: Row): void {
    this.#finish()
    this.#insert(value, row)
  }

  /** Adds many values: a long list in pieces, or as soon as somebody asks. */
  addAll(values: ReadonlyMap<string, unknown>, row: Row): void {
    this.#finish()
    if (values.size <= AT_ONCE) {
      for (const value of values.keys()) this.#insert(value, row)
    } else {
      this.#arriving = { row, values: values.keys() }
      this.#goOn()
    }
  }

  #goOn(): void {
    setImmediate(() => {
      if (this.#takeIn(performance.now() + STRETCH_MS)) this.#goOn()
    }).unref()
  }

  #finish(): void {
    if (this.#arriving) this.#takeIn(Number.POSITIVE_INFINITY)
  }

  /** Takes in what has arrived; true when time was up before. */
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

  #insert(value: string, row: Row): void {
    this.#rows.add(value, row)
    const key = this.#keyOf(value)
    if (key === value) return
    const spellings = this.#spellings.get(key)
    if (spellings) spellings.add(value)
    else this.#spellings.set(key, new Set([value]))
  }

  delete(value: string, row: Row): void {
    this.#finish()
    this.#rows.delete(value, row)
    const key = this.#keyOf(value)
    if (key === value || this.#rows.has(value)) return
    const spellings = this.#spellings.get(key)
    if (spellings?.delete(value) && spellings.size === 0) this.#spellings.delete(key)
  }

  /** The rows that refer to exactly this identifier. */
  get(value: string): readonly Row[] {
    this.#finish()
    return this.#rows.get(value)
  }

  has(value: string): boolean {
    this.#finish()
    return this.#rows.has(value)
  }

  /** The rows that a filter for the value finds. */
  match(value: unknown): readonly Row[] {
    this.#finish()
    const key = this.#keyOf(value)
    const spellings = this.#spellings.get(key)
    if (!spellings) return this.#rows.get(key)
    return [...new Set([key, ...spellings].flatMap((spelling) => this.#rows.get(spelling)))]
  }

  #keyOf(value: unknown): string {
    return String(this.#toKey(value))
  }
}
