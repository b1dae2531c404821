import type { KnownHeads, ValueIdentity } from './identity.js'

/** Where the values that an operation adds are in a list. */
export interface ValueMatches {
  /**
   * By the index of the added value: the position of the value with the same key, or of its gap; undefined: there is
   * none.
   */
  readonly positions: readonly (number | undefined)[]
  /** Whether two values of the list have the key of one added value. */
  readonly alike: boolean
}

/**
 * Looks for values with different heads in a list: the list is walked once, and nothing of it is put into an index,
 * which takes longer. The heads of the added values were put into one before the operation, with pauses.
 *
 * @param at The value at a position, or the value that was there.
 */
export function matchValues(
  { headOf, tailOf }: ValueIdentity,
  { values, indexes }: KnownHeads & { readonly indexes: ReadonlyMap<string, number> },
  length: number,
  at: (position: number) => unknown,
  isGap: (position: number) => boolean,
): ValueMatches {
  const positions = new Array<number | undefined>(values.length)
  let alike = false
  for (let position = 0; position < length; position++) {
    const one = at(position)
    if (one === undefined || one === null) continue
    const head = headOf(one)
    const index = indexes.get(head)
    if (index === undefined || tailOf(one, head) !== tailOf(values[index], head)) continue
    const found = positions[index]
    if (found !== undefined) alike = true
    // As in an index: the first of values that are present, the last of gaps.
    if (found === undefined || isGap(found)) positions[index] = position
  }
  return { positions, alike }
}
