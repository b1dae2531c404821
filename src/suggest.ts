/**
 * ` Did you mean "userName"?`, or nothing if no known name is near the given name. For messages at start, not for the
 * wire.
 */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = nearest(given, known)
  return name === undefined ? '' : ` Did you mean "${name}"?`
}

/**
 * The known name that is nearest to a misspelt one; undefined if none is near.
 *
 * @param least The number of wrong letters that is forgiven in a short name; in a longer one a third of its letters.
 */
export function nearest(given: string, known: Iterable<string>, least = 1): string | undefined {
  let allowed = Math.max(least, Math.floor(given.length / 3))
  let best: string | undefined
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance > allowed) continue
    best = name
    // Another name must be nearer.
    allowed = distance - 1
  }
  return best
}

/**
 * How many characters must be added, left out, changed or exchanged with their neighbour to make one text of the other
 * (Damerau and Levenshtein).
 */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const exchange = isExchanged ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + change, exchange))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
