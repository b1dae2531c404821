import { ScimError } from './error.js'

/** How much a JSON text may hold. */
export interface JsonLimits {
  /** How deep objects and arrays may stand in each other. */
  readonly depth: number
  /** How many values there may be: objects, arrays, texts, numbers, true, false and null. Names are none. */
  readonly values: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const BLANK = 0x20

/**
 * Refuses JSON that holds too much, before it is parsed: to parse is not to be interrupted, and each value costs memory
 * and work in every function that looks at it. Goes through the bytes once. Invalid JSON is counted in any way, and
 * found by the parser.
 *
 * @returns How many values there are.
 */
export function checkJsonBytes(bytes: Uint8Array, limits: JsonLimits): number {
  let depth = 0
  let values = 0
  // Whether a number or a word is being read.
  let inWord = false
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index] as number
    if (code === QUOTE) {
      index = endOfString(bytes, index)
      values += 1
      inWord = false
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1
      values += 1
      inWord = false
      if (depth > limits.depth) throw tooDeep()
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1
      inWord = false
    } else if (code === COLON) {
      // The text before it was a name.
      values -= 1
      inWord = false
    } else if (code === COMMA || code <= BLANK) {
      inWord = false
    } else if (!inWord) {
      inWord = true
      values += 1
    }
    if (values > limits.values) throw tooMany(limits)
  }
  return values
}

/**
 * Whether a text is too short to hold too much: a value takes at least one byte, and a level takes at least one opening
 * bracket. Most bodies are that short, and their bytes need not be counted.
 */
export function isWithinLimits(text: string, { depth, values }: JsonLimits): boolean {
  return text.length <= values && countUpTo(text, '{', depth) + countUpTo(text, '[', depth) <= depth
}

/** How often a text has a character; it stops counting beyond `most`. */
function countUpTo(text: string, character: string, most: number): number {
  let count = 0
  for (let at = text.indexOf(character); at >= 0 && count <= most; at = text.indexOf(character, at + 1)) count += 1
  return count
}

// Most texts are shorter than that, and a loop finds their ends in a third of the time that a call of `indexOf` takes.
const SHORT = 32

/** The place of the closing quote, or the end of a text that has none. */
function endOfString(bytes: Uint8Array, start: number): number {
  let next = start + 1
  const stop = Math.min(next + SHORT, bytes.length)
  while (next < stop) {
    const code = bytes[next]
    if (code === QUOTE) return next
    next += code === BACKSLASH ? 2 : 1
  }
  let end = bytes.indexOf(QUOTE, next)
  while (end >= 0 && isEscaped(bytes, end)) end = bytes.indexOf(QUOTE, end + 1)
  return end < 0 ? bytes.length : end
}

function isEscaped(bytes: Uint8Array, position: number): boolean {
  let first = position
  while (bytes[first - 1] === BACKSLASH) first -= 1
  return (position - first) % 2 === 1
}

/** Refuses JSON that holds too much, in a body that a parser of the host has read. */
export function checkJsonValue(value: unknown, limits: JsonLimits): void {
  // No recursion: a service may allow more levels than there is stack for.
  const path: { readonly parts: readonly unknown[]; next: number }[] = []
  let values = 0
  const enter = (one: unknown): void => {
    values += 1
    if (values > limits.values) throw tooMany(limits)
    if (typeof one !== 'object' || one === null) return
    if (path.length === limits.depth) throw tooDeep()
    path.push({ parts: Array.isArray(one) ? one : Object.values(one), next: 0 })
  }
  enter(value)
  for (let holder = path.at(-1); holder; holder = path.at(-1)) {
    if (holder.next === holder.parts.length) path.pop()
    else {
      enter(holder.parts[holder.next])
      holder.next += 1
    }
  }
}

function tooDeep(): ScimError {
  return ScimError.invalidSyntax('The body is nested too deeply.')
}

function tooMany({ values }: JsonLimits): ScimError {
  return ScimError.tooLarge(`The body has more than ${values} values.`)
}
