import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import type { AttributePath } from '../schema/define/schema.js'
import { isNumberText } from '../schema/values/number-text.js'
import type { FilterValue } from './ast.js'

/** A text, and the position up to which it has been read. */
export interface Scanner {
  readonly text: string
  /** The kind of text, for errors: a bad filter is invalidFilter, a bad path invalidPath. */
  reading: 'filter' | 'path'
  position: number
  /**
   * The text of the last literal, if its value alone does not show how it was written: without double quotes, or a
   * number such as 1.0.
   */
  written: string | undefined
  readonly tolerate: Tolerate
  /** `resolveFilter` is going to judge TRUE, False or Null without quotes: the type of the attribute decides. */
  readonly leavesWords?: boolean | undefined
}

export const BLANK = 0x20
export const QUOTE = 0x22
export const OPEN = 0x28
export const CLOSE = 0x29
export const DOT = 0x2e
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
const APOSTROPHE = 0x27
const COLON = 0x3a
const BACKSLASH = 0x5c
const PIECE = 24

/** The character at the position; NaN at the end. */
export function peek(scanner: Scanner): number {
  return scanner.text.charCodeAt(scanner.position)
}

/** An error that shows the position. It does not repeat quoted text, which may be a secret. */
export function fail(scanner: Scanner, expected: string, position = scanner.position): ScimError {
  const piece = /[^"'\p{Cc}\p{Cs}]*/u.exec(scanner.text.slice(position, position + PIECE))
  return failBlindly(scanner, expected, position, piece ? piece[0].trim() : '')
}

/** An error in a value. It does not repeat the value. */
function failBlindly(scanner: Scanner, expected: string, position = scanner.position, piece = ''): ScimError {
  const { text, reading } = scanner
  const where = position >= text.length ? 'at its end' : `at character ${position + 1}${piece && `, "${piece}"`}`
  const detail = `The ${reading} is not valid ${where}: ${expected}.`
  return reading === 'filter' ? ScimError.invalidFilter(detail) : ScimError.invalidPath(detail)
}

/** A name shortened for an error: the end of a URN is kept, because it says more than the middle. */
export function shorten(name: string): string {
  return name.length <= 120 ? name : `${name.slice(0, 60)}…${name.slice(-59)}`
}

/** RFC 7644 section 3.4.2.2: tokens are separated by one SP (decision A-13). */
export function scanBlank(scanner: Scanner, before: string): void {
  const { text, position } = scanner
  const one = text.charCodeAt(position) === BLANK
  if (one && text.charCodeAt(position + 1) !== BLANK) {
    scanner.position++
    return
  }
  if (position >= text.length || !scanner.tolerate('extraBlanks')) {
    throw fail(scanner, one ? 'one blank is enough' : `a blank and ${before} should follow`)
  }
  skipBlanks(scanner)
}

/** Refuses blanks where the grammar has none: after an opening bracket and at the beginning. */
export function scanNoBlank(scanner: Scanner): void {
  if (scanner.text.charCodeAt(scanner.position) !== BLANK) return
  if (!scanner.tolerate('extraBlanks')) throw fail(scanner, 'there is a blank too many')
  skipBlanks(scanner)
}

/** Skips to a closing bracket, or to the end of the text if no bracket is given. */
export function scanClose(scanner: Scanner, bracket: number | undefined, expected: string): void {
  const { text, position } = scanner
  skipBlanks(scanner)
  const found = bracket === undefined ? scanner.position === text.length : text.charCodeAt(scanner.position) === bracket
  if (!found) throw fail(scanner, `${expected} should follow`)
  if (scanner.position > position && !scanner.tolerate('extraBlanks')) {
    throw fail(scanner, 'there is a blank too many', position)
  }
}

function skipBlanks(scanner: Scanner): void {
  while (scanner.text.charCodeAt(scanner.position) === BLANK) scanner.position++
}

/** The word up to the next blank, bracket or quote. */
export function scanWord(scanner: Scanner): string {
  const start = scanner.position
  scanner.position = endOfWord(scanner.text, start)
  return scanner.text.slice(start, scanner.position)
}

/** RFC 7644 section 3.4.2.2: attrPath = [URI ":"] ATTRNAME *1subAttr */
export function scanAttributePath(scanner: Scanner): AttributePath {
  const { text, position: start } = scanner
  const end = endOfWord(text, start)
  if (end === start) throw fail(scanner, 'an attribute name should stand here')
  // A URN contains colons and dots itself ("2.0"): the name follows the last colon.
  let tail = start
  let dot = end
  for (let index = end - 1; index >= start; index--) {
    const code = text.charCodeAt(index)
    if (code === DOT) dot = index
    if (code !== COLON) continue
    tail = index + 1
    break
  }
  const urn = tail === start ? undefined : text.slice(start, tail - 1)
  if (urn === '' || tail === end) throw fail(scanner, 'an attribute name is missing', tail)
  scanner.position = end
  if (dot < end && isName(text, tail, dot) && isName(text, dot + 1, end)) {
    return Object.freeze({ urn, name: text.slice(tail, dot), sub: text.slice(dot + 1, end) })
  }
  // Text that is no name may be the end of an extension's URN, "urn:example:1.0". The schema decides that later.
  if (urn === undefined && !isName(text, tail, end)) throw fail(scanner, 'this is no attribute name', start)
  return Object.freeze({ urn, name: text.slice(tail, end), sub: undefined })
}

/** RFC 7644 section 3.4.2.2: subAttr = "." ATTRNAME. Starts after the dot. */
export function scanSubAttribute(scanner: Scanner): string {
  const start = scanner.position
  const end = endOfWord(scanner.text, start)
  if (!isName(scanner.text, start, end)) throw fail(scanner, 'the name of a sub-attribute should stand here')
  scanner.position = end
  return scanner.text.slice(start, end)
}

/**
 * RFC 7644 section 3.4.2.2: compValue = false / null / true / number / string, "rules from JSON".
 *
 * @param nameStart The position of the attribute that is compared with the value.
 */
export function scanValue(scanner: Scanner, nameStart: number, nameEnd: number): FilterValue {
  const { text, position: start } = scanner
  scanner.written = undefined
  const first = text.charCodeAt(start)
  if (first === QUOTE) return scanString(scanner)
  const attribute = text.slice(nameStart, nameEnd)
  if (first === APOSTROPHE) return scanSingleQuoted(scanner, attribute)
  const end = endOfWord(text, start)
  if (end === start) throw failBlindly(scanner, `a value should follow "${shorten(attribute)}"`)
  const word = text.slice(start, end)
  const value = readWord(word)
  if (value === undefined) {
    if (text.charCodeAt(end) === QUOTE || !mayBeBare(scanner, word, attribute)) {
      throw failBlindly(
        scanner,
        `a JSON string in double quotes, a number, true, false or null is the value of "${shorten(attribute)}"`,
      )
    }
    scanner.written = word
  } else if (String(value) !== word) {
    scanner.written = word
  }
  scanner.position = end
  return value === undefined ? word : value
}

/**
 * Whether a word may be written without quotes. The type of the attribute decides whether TRUE is a literal or a text.
 */
function mayBeBare({ tolerate, leavesWords }: Scanner, word: string, attribute: string): boolean {
  if (isLiteralWord(word) && (leavesWords || tolerate('literalCase', attribute))) return true
  return tolerate('unquotedText', attribute)
}

/** Whether a word is true, false or null in any letter case. */
export function isLiteralWord(word: string): boolean {
  return word.length <= 5 && /^(?:true|false|null)$/i.test(word)
}

function readWord(word: string): FilterValue | undefined {
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  const first = word.charCodeAt(0)
  return (first < 0x3a || first === 0x2d) && isNumberText(word) ? Number(word) : undefined
}

function scanString(scanner: Scanner): string {
  const { text, position: start } = scanner
  let escapes = false
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) {
      scanner.position = index + 1
      return escapes ? decodeEscapes(scanner, start) : text.slice(start + 1, index)
    }
    if (code === BACKSLASH) {
      escapes = true
      index++
    } else if (code < 0x20) {
      throw failBlindly(scanner, 'a JSON string has control characters only as escapes', index)
    }
  }
  throw failBlindly(scanner, 'the string that begins here has no end')
}

function decodeEscapes(scanner: Scanner, start: number): string {
  try {
    return JSON.parse(scanner.text.slice(start, scanner.position))
  } catch {
    throw failBlindly(scanner, 'the string that begins here has an escape that JSON does not know', start)
  }
}

function scanSingleQuoted(scanner: Scanner, attribute: string): string {
  const start = scanner.position + 1
  const end = scanner.text.indexOf("'", start)
  if (end === -1 || !scanner.tolerate('unquotedText', attribute)) {
    throw failBlindly(scanner, 'a JSON string stands between double quotes')
  }
  scanner.position = end + 1
  scanner.written = scanner.text.slice(start - 1, end + 1)
  return scanner.text.slice(start, end)
}

function endOfWord(text: string, start: number): number {
  const { length } = text
  for (let index = start; index < length; index++) {
    const code = text.charCodeAt(index)
    // Letters, digits, colons and dots, nearly all characters of a filter, cannot end a word.
    if (code > CLOSE_BRACKET || (code > CLOSE && code < OPEN_BRACKET)) continue
    if (endsWord(code)) return index
  }
  return length
}

/** Whether a word that reaches this position ends here. */
export function isEndOfWord(text: string, position: number): boolean {
  return position >= text.length || endsWord(text.charCodeAt(position))
}

function endsWord(code: number): boolean {
  if (code <= BLANK || code === QUOTE || code === OPEN || code === CLOSE) return true
  return code === OPEN_BRACKET || code === CLOSE_BRACKET
}

/** Whether a text is the name of an attribute. */
export function isAttributeName(text: string): boolean {
  return isName(text, 0, text.length)
}

// RFC 7644 section 3.4.2.2: ATTRNAME = ALPHA *(nameChar). RFC 7643 section 2.1 also allows "$" in it; its section 2.4
// uses "$ref" (erratum 8924).
function isName(text: string, start: number, end: number): boolean {
  if (!isLetter(text.charCodeAt(start))) return text.slice(start, end).toLowerCase() === '$ref'
  for (let index = start + 1; index < end; index++) {
    const code = text.charCodeAt(index)
    if (!isLetter(code) && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x5f && code !== 0x24)
      return false
  }
  return true
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}
