/** Pauses for other requests if a pause is due; undefined if not. */
type Pause = () => Promise<void> | undefined

// Checking for a pause at each item would cost as much as the item.
const STRETCH = 64

/** Keeps the first few of many items that come in any order: a heap whose top is the last of the kept items. */
export class Smallest<T> {
  readonly #limit: number
  readonly #compare: (a: T, b: T) => number
  readonly #heap: T[] = []

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  /** Adds an item, or drops it if enough items come before it. */
  add(item: T): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push(item)
      this.#rise(heap.length - 1)
    } else if (this.#limit > 0 && this.#compare(item, this.#at(0)) < 0) {
      heap[0] = item
      this.#sink()
    }
  }

  /** The kept items, in order. */
  sorted(): T[] {
    return [...this.#heap].sort(this.#compare)
  }

  /**
   * The kept items except the first `skipped`, in order, with pauses. The skipped items are not sorted. The items are
   * taken out of the heap, so call this once.
   */
  async takeBehind(skipped: number, pause: Pause): Promise<T[]> {
    const heap = this.#heap
    const taken: T[] = []
    while (heap.length > skipped) {
      taken.push(this.#at(0))
      const last = this.#at(heap.length - 1)
      heap.length -= 1
      if (heap.length > 0) {
        heap[0] = last
        this.#sink()
      }
      const pausing = taken.length % STRETCH === 0 && pause()
      if (pausing) await pausing
    }
    return taken.reverse()
  }

  /** The item at a position inside the heap. */
  #at(index: number): T {
    return this.#heap[index] as T
  }

  #rise(from: number): void {
    const heap = this.#heap
    const item = this.#at(from)
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (this.#compare(this.#at(parent), item) >= 0) break
      heap[index] = this.#at(parent)
      index = parent
    }
    heap[index] = item
  }

  #sink(): void {
    const heap = this.#heap
    const item = this.#at(0)
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && this.#compare(this.#at(child + 1), this.#at(child)) > 0) child += 1
      if (this.#compare(this.#at(child), item) <= 0) break
      heap[index] = this.#at(child)
      index = child
    }
    heap[index] = item
  }
}
