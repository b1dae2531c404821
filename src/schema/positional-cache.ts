// An object with more members than that is of somebody who says more than anybody asked for.
const REMEMBERED = 64

/**
 * What is known of the members of an object, by their names. Objects that come from one place have their members in the same
 * order, so where the last one had a name the next one most likely has it too: to compare is cheaper than to look up.
 */
export class PositionalCache<T extends { readonly name: string }> {
  /** What was found last for each place. Whoever has another name there calls `find`. */
  readonly last: T[] = []
  readonly #byName: ReadonlyMap<string, T>

  constructor(items: readonly T[]) {
    this.#byName = new Map(items.map((item) => [item.name, item]))
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** What is known of the member of this name, which has this place in its object. */
  find(place: number, name: string): T | undefined {
    const found = this.#byName.get(name)
    if (found !== undefined && place < REMEMBERED) this.last[place] = found
    return found
  }
}
