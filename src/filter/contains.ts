// For shorter parts `includes` is faster, and its worst case, the product of both lengths, is still small.
export const SHORT_PART = 64
export const SHORT_TEXT = 4_096

/**
 * Whether a text contains a part, in time that grows with the sum of their lengths. `includes` may need time that grows
 * with their product, for a text like "aaaa…" and a part like "aa…b…aa": seconds for the lengths that a filter and a
 * value may have.
 */
export function contains(part: string): (text: string) => boolean {
  if (part.length < SHORT_PART) return (text) => text.includes(part)
  let borders: Int32Array | undefined
  return (text) => {
    if (text.length < SHORT_TEXT) return text.includes(part)
    borders ??= bordersOf(part)
    return search(text, part, borders)
  }
}

/**
 * For each prefix of a text: the length of its longest proper prefix that is also its suffix (Knuth, Morris, Pratt).
 */
function bordersOf(part: string): Int32Array {
  const borders = new Int32Array(part.length)
  let length = 0
  for (let index = 1; index < part.length; index++) {
    const code = part.charCodeAt(index)
    while (length > 0 && code !== part.charCodeAt(length)) length = borders[length - 1] as number
    if (code === part.charCodeAt(length)) length++
    borders[index] = length
  }
  return borders
}

function search(text: string, part: string, borders: Int32Array): boolean {
  let matched = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    while (matched > 0 && code !== part.charCodeAt(matched)) matched = borders[matched - 1] as number
    if (code === part.charCodeAt(matched)) matched++
    if (matched === part.length) return true
  }
  return false
}
