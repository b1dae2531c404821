/** Work that is done one after the other, in the order in which it came. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.then(
      () => {},
      () => {},
    )
    return result
  }
}
