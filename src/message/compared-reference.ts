const BLANK = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c
/** The characters that end a value without quotes. */
const ENDS_WORD = /[\s()[\]]/g

/**
 * Replaces the values that a PATCH path compares with, in any of the quotes that filters may have:
 * `members[value eq "a"]`, `'a'` or `a`. Goes through the text once, from its beginning to its end.
 *
 * @param replacement Undefined leaves a value as it is.
 */
export function replaceCompared(path: string, replacement: (value: string) => string | undefined): string {
  const pieces: string[] = []
  let copied = 0
  let position = 0
  while (position < path.length) {
    const literal = literalAt(path, position)
    if (literal === undefined) {
      position += 1
      continue
    }
    const { value, end, quoted } = literal
    const other = value === undefined ? undefined : replacement(value)
    if (other !== undefined) {
      pieces.push(path.slice(copied, position), quoted(other))
      copied = end
    }
    position = end
  }
  return pieces.length === 0 ? path : pieces.join('') + path.slice(copied)
}

interface Literal {
  /** Undefined: it is no value. */
  readonly value: string | undefined
  /** The place behind it. */
  readonly end: number
  /** Another value in the same quotes. */
  readonly quoted: (value: string) => string
}

function literalAt(path: string, start: number): Literal | undefined {
  const code = path.charCodeAt(start)
  if (code === QUOTE) {
    const end = endOfString(path, start)
    return { value: readString(path.slice(start, end)), end, quoted: JSON.stringify }
  }
  if (code === APOSTROPHE) {
    const close = path.indexOf("'", start + 1)
    const end = close < 0 ? path.length : close + 1
    return { value: close < 0 ? undefined : path.slice(start + 1, close), end, quoted: (value) => `'${value}'` }
  }
  if (start === 0 || path.charCodeAt(start - 1) > BLANK) return undefined
  ENDS_WORD.lastIndex = start
  const end = ENDS_WORD.exec(path)?.index ?? path.length
  return end === start ? undefined : { value: path.slice(start, end), end, quoted: (value) => value }
}

/** The place behind the closing quote, or the end of a text that has none. */
function endOfString(path: string, start: number): number {
  for (let index = start + 1; index < path.length; index += 1) {
    const code = path.charCodeAt(index)
    if (code === QUOTE) return index + 1
    if (code === BACKSLASH) index += 1
  }
  return path.length
}

function readString(literal: string): string | undefined {
  try {
    return JSON.parse(literal)
  } catch {
    return undefined
  }
}
