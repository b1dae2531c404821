/**
 * One after the other for each key. Writers of one resource in one process wait for each other instead of losing races
 * against each other: 200 of them need one attempt each.
 */
export class Queue {
  readonly #tails = new Map<string, Promise<unknown>>()

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key)
    const turn = before === undefined ? work() : before.then(work, work)
    this.#tails.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#tails.get(key) === turn) this.#tails.delete(key)
    }
  }
}
