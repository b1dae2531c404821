import type { WriteValue } from './write-value.js'

/** How the attribute of one name is written. */
export interface Writer {
  readonly name: string
  /** Undefined: it is not to be seen. */
  readonly write: WriteValue | undefined
  /** Whether a text goes out as it is, so that not even a call need be spent on it. */
  readonly leavesText: boolean
  /** The same for a boolean. */
  readonly leavesBoolean: boolean
}

// An object with more members than that is of a store that tells more than anybody asked for.
const REMEMBERED = 64

/**
 * How the attributes of one object are written. Objects of one store have their members in the same order, so where the last
 * one had a name the next one most likely has it too: to compare is cheaper than to look up.
 */
export class Writers {
  /** The writer of each member of the last object, by its place. Whoever finds another name there calls `find`. */
  readonly last: Writer[] = []
  readonly #byName: ReadonlyMap<string, Writer>

  constructor(writers: Iterable<Writer>) {
    this.#byName = new Map([...writers].map((writer) => [writer.name, writer]))
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** The writer of the member of this name, which has this place in its object. */
  find(place: number, name: string): Writer {
    const writer = this.#byName.get(name) ?? { name, write: undefined, leavesText: false, leavesBoolean: false }
    if (place < REMEMBERED) this.last[place] = writer
    return writer
  }
}
