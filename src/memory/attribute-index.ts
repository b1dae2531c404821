import type { ComparisonKey } from '../schema/values/compare.js'
import type { MemoryRow } from './row.js'

// Beyond that many a set finds faster; below it an array is made faster, and smaller.
const FEW = 16

/** Rows by the value of one attribute. */
export class AttributeIndex {
  // Nearly every value has one row, some have a few.
  readonly #rows = new Map<ComparisonKey, MemoryRow | MemoryRow[] | Set<MemoryRow>>()

  add(key: ComparisonKey, row: MemoryRow): void {
    const found = this.#rows.get(key)
    if (found === undefined) this.#rows.set(key, row)
    else if (found instanceof Set) found.add(row)
    else if (!Array.isArray(found)) {
      if (found !== row) this.#rows.set(key, [found, row])
    } else if (!found.includes(row)) {
      if (found.length < FEW) found.push(row)
      else this.#rows.set(key, new Set(found).add(row))
    }
  }

  delete(key: ComparisonKey, row: MemoryRow): void {
    const found = this.#rows.get(key)
    if (found === row) this.#rows.delete(key)
    else if (found instanceof Set) {
      if (found.delete(row) && found.size === 0) this.#rows.delete(key)
    } else if (Array.isArray(found)) {
      const rest = found.filter((other) => other !== row)
      if (rest.length === 0) this.#rows.delete(key)
      else this.#rows.set(key, rest)
    }
  }

  /** The rows that have the value, as they are now. */
  get(key: ComparisonKey | undefined): readonly MemoryRow[] {
    const found = key === undefined ? undefined : this.#rows.get(key)
    if (found === undefined) return []
    return found instanceof Set || Array.isArray(found) ? [...found] : [found]
  }

  has(key: ComparisonKey): boolean {
    return this.#rows.has(key)
  }

  /** Whether another row has the value. */
  isTaken(key: ComparisonKey, row: MemoryRow | undefined): boolean {
    const found = this.#rows.get(key)
    if (found === undefined) return false
    if (found instanceof Set || Array.isArray(found)) return this.get(key).some((other) => other !== row)
    return found !== row
  }
}
