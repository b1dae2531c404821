import type { ComparisonKey } from '../schema/compare.js'
import type { Row } from './row.js'

/** Rows by the value of one attribute. */
export class AttributeIndex {
  // Nearly every value has one row: a Set for each would be most of the memory.
  readonly #rows = new Map<ComparisonKey, Row | Set<Row>>()

  add(key: ComparisonKey, row: Row): void {
    const found = this.#rows.get(key)
    if (found === undefined) this.#rows.set(key, row)
    else if (found instanceof Set) found.add(row)
    else if (found !== row) this.#rows.set(key, new Set([found, row]))
  }

  delete(key: ComparisonKey, row: Row): void {
    const found = this.#rows.get(key)
    if (found === row) this.#rows.delete(key)
    else if (found instanceof Set && found.delete(row) && found.size === 0) this.#rows.delete(key)
  }

  /** The rows that have the value, as they are now. */
  get(key: ComparisonKey | undefined): readonly Row[] {
    const found = key === undefined ? undefined : this.#rows.get(key)
    return found === undefined ? [] : found instanceof Set ? [...found] : [found]
  }

  has(key: ComparisonKey): boolean {
    return this.#rows.has(key)
  }

  /** Whether another row has the value. */
  isTaken(key: ComparisonKey, row: Row | undefined): boolean {
    const found = this.#rows.get(key)
    if (found === undefined) return false
    return found instanceof Set ? found.size > 1 || !found.has(row as Row) : found !== row
  }
}
