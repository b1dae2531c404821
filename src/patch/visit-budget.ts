import { ScimError } from '../error.js'
import type { Spend } from '../filter/evaluate.js'
import type { Attribute } from '../schema/model/attribute.js'

// Enough for a thousand filters that choose nothing on a list of a hundred and fifty values, or eight on one of
// eighteen thousand. A change of the chosen values costs as much as three: it may make them equal to others. Operations
// are applied without a pause: more than some ten milliseconds of work would delay other requests.
const MOST = 150_000
const CHARACTERS = 4

/** Limits the work of all operations of one request. */
export class VisitBudget {
  #count = 0

  /** Counts the work; throws a 413 if the sum is too large. */
  spend(attribute: Attribute, values: number): void {
    this.#count += values
    if (this.#count <= MOST) return
    throw ScimError.tooLarge(`Too many operations look through all values of attribute "${attribute.path}".`, {
      attribute: attribute.path,
    })
  }

  /** Counts the work of a filter on the values of an attribute: a long text counts as several values. */
  of(attribute: Attribute): Spend {
    return (amount) => this.spend(attribute, amount / CHARACTERS)
  }
}
