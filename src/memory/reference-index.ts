import type { ToKey } from '../schema/compare.js'
import { AttributeIndex } from './attribute-index.js'
import type { Row } from './row.js'

/**
 * Rows by the values of a reference attribute. Identifiers are the same letter by letter (decision A-19b), while filters
 * compare as the schema says, so that one value of a filter may stand for identifiers in several spellings.
 */
export class ReferenceIndex {
  readonly #toKey: ToKey
  readonly #rows = new AttributeIndex()
  /** Values that are not their own key, by key: hardly any, since ids are exact or in small letters. */
  readonly #spellings = new Map<string, Set<string>>()

  constructor(toKey: ToKey) {
    this.#toKey = toKey
  }

  add(value: string, row: Row): void {
    this.#rows.add(value, row)
    const key = this.#keyOf(value)
    if (key === value) return
    const spellings = this.#spellings.get(key)
    if (spellings) spellings.add(value)
    else this.#spellings.set(key, new Set([value]))
  }

  delete(value: string, row: Row): void {
    this.#rows.delete(value, row)
    const key = this.#keyOf(value)
    if (key === value || this.#rows.has(value)) return
    const spellings = this.#spellings.get(key)
    if (spellings?.delete(value) && spellings.size === 0) this.#spellings.delete(key)
  }

  /** The rows that refer to exactly this identifier. */
  get(value: string): readonly Row[] {
    return this.#rows.get(value)
  }

  has(value: string): boolean {
    return this.#rows.has(value)
  }

  /** The rows that a filter for the value finds. */
  match(value: unknown): readonly Row[] {
    const key = this.#keyOf(value)
    const spellings = this.#spellings.get(key)
    if (!spellings) return this.#rows.get(key)
    return [...new Set([key, ...spellings].flatMap((spelling) => this.#rows.get(spelling)))]
  }

  #keyOf(value: unknown): string {
    return String(this.#toKey(value))
  }
}
