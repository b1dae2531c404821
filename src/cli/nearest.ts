/** The word of a list that is nearest to a misspelt word; undefined if none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words.map((one) => ({ one, away: distance(word.toLowerCase(), one.toLowerCase()) }))
  const best = ranked.sort((left, right) => left.away - right.away)[0]
  return best !== undefined && best.away <= Math.max(2, Math.floor(word.length / 3)) ? best.one : undefined
}

/** How many letters must be inserted, removed or changed to turn one word into another (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [place, other] of [...to].entries()) {
      const changed = (row[place] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
