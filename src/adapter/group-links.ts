import { ScimError } from '../error.js'
import type { InTurns } from '../in-turns.js'
import type { Call } from './contract.js'

/**
 * Finds the indirect groups of resources, for all resources of one answer: a direct holder is followed up only once,
 * and all walks together follow no more memberships than `limits.groupLinks`.
 *
 * @typeParam Holder The identifier of a holder: always the same value for the same holder.
 */
export class GroupLinks<Holder> {
  readonly #holdersOf: (holder: Holder) => Iterable<Holder>
  readonly #above = new Map<Holder, readonly Holder[]>()
  #left: number

  /**
   * @param holdersOf Returns the direct holders of a holder.
   * @param limit The most memberships to follow.
   */
  constructor(holdersOf: (holder: Holder) => Iterable<Holder>, limit: number) {
    this.#holdersOf = holdersOf
    this.#left = limit
  }

  /**
   * The indirect holders of the given direct ones, each once and without the direct ones, the nearest first. Undefined
   * if that needs more memberships than the limit permits, for this answer or for an earlier one of the same object.
   * Pauses after each holder.
   */
  *indirect(direct: readonly Holder[]): InTurns<readonly Holder[] | undefined> {
    const [first, ...others] = direct
    if (first === undefined) return []
    const above = yield* this.#aboveOf(first)
    // Most resources have one holder, or several holders that have none themselves.
    if (others.length === 0) return above
    const met = new Set(direct)
    const found: Holder[] = []
    for (const holder of direct) {
      const holders = yield* this.#aboveOf(holder)
      if (holders === undefined) return undefined
      for (const each of holders) {
        if (met.has(each)) continue
        met.add(each)
        found.push(each)
      }
      yield
    }
    return found
  }

  *#aboveOf(start: Holder): InTurns<readonly Holder[] | undefined> {
    const known = this.#above.get(start)
    if (known) return known
    const met = new Set([start])
    // The loop also reaches links appended while it runs.
    for (const holder of met) {
      for (const next of this.#holdersOf(holder)) {
        this.#left -= 1
        if (this.#left < 0) return undefined
        met.add(next)
      }
      yield
    }
    // Holders may hold each other in a circle (decision A-122): each is met once.
    met.delete(start)
    const above = [...met]
    this.#above.set(start, above)
    return above
  }
}

/**
 * Handles the undefined result of {@link GroupLinks}: throws 400 tooMany if the client names the attribute, else
 * reports the limit; the answer then contains only the direct holders.
 */
export function refuseGroupLinks(call: Call, attribute: string): void {
  if (call.select.names(attribute)) {
    throw ScimError.tooMany(
      `"${attribute}" depends on more than ${call.limits.groupLinks} memberships of groups in groups. Ask for fewer resources.`,
    )
  }
  call.exceeded?.('groupLinks')
}
