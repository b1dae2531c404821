// Objects with more members than that are not cached: no usual client sends them.
const REMEMBERED = 64

/**
 * The known facts about the members of an object, by their names. Objects that come from one place have their members
 * in the same order, so where the last one had a name the next one most likely has it too: to compare is cheaper than
 * to look up.
 */
export class PositionalCache<T extends { readonly name: string }> {
  /** The last entry for each place. If the name at that place differs, `find` is called. */
  readonly last: T[] = []
  readonly #byName: ReadonlyMap<string, T>

  constructor(items: readonly T[]) {
    this.#byName = new Map(items.map((item) => [item.name, item]))
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** The entry for the member of this name, at this place in its object. */
  find(place: number, name: string): T | undefined {
    const found = this.#byName.get(name)
    if (found !== undefined && place < REMEMBERED) this.last[place] = found
    return found
  }
}
