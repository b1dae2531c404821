import type { MemoryRow } from './row.js'

const CHUNK = 1_000

/**
 * Rows in the order in which they were made, by `sequence`: that order stays the same between pages, and a new row
 * comes last. In chunks, so that taking one out, or finding the n-th, costs the same in long lists and short ones.
 */
export class RowList implements Iterable<MemoryRow> {
  readonly #chunks: MemoryRow[][] = []
  #length = 0

  /** A list of rows from an index, which come in any order. */
  static of(rows: readonly MemoryRow[]): RowList {
    const list = new RowList()
    const sorted = rows.length > 1 ? [...rows].sort((a, b) => a.sequence - b.sequence) : rows
    for (const row of sorted) list.push(row)
    return list
  }

  get length(): number {
    return this.#length
  }

  /** Appends a row whose sequence is higher than all before it. */
  push(row: MemoryRow): void {
    const last = this.#chunks.at(-1)
    if (last && last.length < CHUNK) last.push(row)
    else this.#chunks.push([row])
    this.#length += 1
  }

  remove(row: MemoryRow): void {
    const at = this.#chunkBehind(row.sequence - 1)
    const chunk = this.#chunks[at]
    if (!chunk) return
    const index = firstBehind(chunk, row.sequence - 1)
    if (chunk[index] !== row) return
    chunk.splice(index, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
    this.#length -= 1
  }

  /** At most `count` rows from the n-th on, 0 being the first. */
  slice(offset: number, count: number): MemoryRow[] {
    let skip = offset
    for (let at = 0; at < this.#chunks.length; at += 1) {
      const { length } = this.#chunks[at]!
      if (skip < length) return this.#take(at, skip, count)
      skip -= length
    }
    return []
  }

  /** At most `count` rows with a higher sequence. */
  after(sequence: number, count: number): MemoryRow[] {
    const at = this.#chunkBehind(sequence)
    const chunk = this.#chunks[at]
    return chunk ? this.#take(at, firstBehind(chunk, sequence), count) : []
  }

  /** At most `count` rows with a lower sequence, the ones next to it, in the order of the list. */
  before(sequence: number, count: number): MemoryRow[] {
    const rows: MemoryRow[] = []
    let at = Math.min(this.#chunkBehind(sequence - 1), this.#chunks.length - 1)
    for (; at >= 0 && rows.length < count; at -= 1) {
      const chunk = this.#chunks[at]!
      for (let index = firstBehind(chunk, sequence - 1) - 1; index >= 0 && rows.length < count; index -= 1) {
        rows.push(chunk[index]!)
      }
    }
    return rows.reverse()
  }

  /** Visits each row that exists from beginning to end once, while other rows are added and removed. */
  *[Symbol.iterator](): Iterator<MemoryRow> {
    let last = Number.NEGATIVE_INFINITY
    for (let rows = this.after(last, CHUNK); rows.length > 0; rows = this.after(last, CHUNK)) {
      yield* rows
      last = rows.at(-1)!.sequence
    }
  }

  #take(at: number, index: number, count: number): MemoryRow[] {
    const rows = this.#chunks[at]!.slice(index, index + count)
    for (let next = at + 1; rows.length < count && next < this.#chunks.length; next += 1) {
      rows.push(...this.#chunks[next]!.slice(0, count - rows.length))
    }
    return rows
  }

  /** Index of the first chunk that holds a row with a higher sequence. */
  #chunkBehind(sequence: number): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#chunks[middle]!.at(-1)!.sequence > sequence) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Index of the first row with a higher sequence. */
function firstBehind(rows: readonly MemoryRow[], sequence: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.sequence > sequence) high = middle
    else low = middle + 1
  }
  return low
}
