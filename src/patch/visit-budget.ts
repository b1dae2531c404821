import { ScimError } from '../error.js'
import type { Spend } from '../filter/evaluate.js'
import type { Attribute } from '../schema/attribute.js'

// A thousand filters on a list of a hundred and fifty values, or eight on one of eighteen thousand. Operations are
// applied in one go: work of more than some ten milliseconds would keep other requests waiting.
const MOST = 150_000
const CHARACTERS = 4

/** How much the operations of one request look at, all of them together. */
export class VisitBudget {
  #count = 0

  /** Throws a 413 when it is too much. */
  spend(attribute: Attribute, values: number): void {
    this.#count += values
    if (this.#count <= MOST) return
    throw ScimError.tooLarge(`Too many operations look through all values of attribute "${attribute.path}".`, {
      attribute: attribute.path,
    })
  }

  /** For a filter on the values of an attribute: long texts are as much work as several values. */
  of(attribute: Attribute): Spend {
    return (amount) => this.spend(attribute, amount / CHARACTERS)
  }
}
