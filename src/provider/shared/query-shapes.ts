import { unescape as decode } from 'node:querystring'

// RFC 7644 section 3.9 and its like: the values are names, numbers or words of the protocol, and no personal data.
const SHOWN: ReadonlySet<string> = new Set([
  ...['attributes', 'excludedattributes', 'sortby', 'sortorder', 'startindex', 'count'],
])
const HARMLESS = /^[\w.:,$\- ]{0,200}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LONGEST = 1_000
const MOST = 20

const FILTER = 'filter='
const EQUALS = '%20eq%20%22'
const QUOTE = '%22'
const NUMBER = /^(?:startIndex|count)=\d{1,9}$/
const UUID_LENGTH = 36
/** Shapes of look-ups that are held. */
const HELD = 100

/** The shapes of look-ups by one attribute: of a text, and of a UUID. */
interface LookUps {
  readonly ofText: string
  readonly ofUuid: string
}

/** The queries of requests as reports show them. Clients look up by few attributes, again and again. */
export class QueryShapes {
  readonly #lookUps = new Map<string, LookUps>()

  /**
   * The query of a request without the values that a client compares with: `filter=userName eq "?"&count=1`. A UUID is
   * shown as `<uuid>`, because the form of a value tells the test of a connection from a search. Undefined: there is no
   * query.
   */
  of(query: string): string | undefined {
    if (query === '') return undefined
    if (query.length <= LONGEST && !query.includes('&')) return this.#pair(query)
    const shapes: string[] = []
    for (const pair of query.slice(0, LONGEST).split('&', MOST)) if (pair !== '') shapes.push(this.#pair(pair))
    return shapes.join('&')
  }

  #pair(pair: string): string {
    if (pair.startsWith(FILTER)) return this.#lookUp(pair) ?? scannedShape(pair)
    return NUMBER.test(pair) ? pair : scannedShape(pair)
  }

  /** A look-up as most identity providers write it, `filter=userName%20eq%20%22anna%22`; undefined for any other. */
  #lookUp(pair: string): string | undefined {
    const at = pair.indexOf(EQUALS)
    const begin = at + EQUALS.length
    const end = pair.length - QUOTE.length
    if (at < 0 || begin > end || !pair.endsWith(QUOTE)) return undefined
    const value = pair.slice(begin, end)
    if (mayEndBefore(value)) return undefined
    const shapes = this.#lookUpsBy(pair.slice(FILTER.length, at))
    return value.length === UUID_LENGTH && UUID.test(value) ? shapes?.ofUuid : shapes?.ofText
  }

  #lookUpsBy(name: string): LookUps | undefined {
    const held = this.#lookUps.get(name)
    if (held !== undefined) return held
    if (!NAME.test(name)) return undefined
    const shapes = { ofText: `filter=${name} eq "?"`, ofUuid: `filter=${name} eq "<uuid>"` }
    // A client that always sends another name must not fill the memory.
    if (this.#lookUps.size >= HELD) this.#lookUps.clear()
    this.#lookUps.set(name, shapes)
    return shapes
  }
}

const DIGIT_2 = 0x32
const DIGIT_5 = 0x35

/** Whether there may be a quote or a backslash in a value, each of which may be percent-encoded. */
function mayEndBefore(value: string): boolean {
  if (value.includes('"') || value.includes('\\')) return true
  for (let at = value.indexOf('%'); at >= 0; at = value.indexOf('%', at + 1)) {
    const first = value.charCodeAt(at + 1)
    // %22, %5C and %5c; other sequences that begin with a five are rare.
    if (first === DIGIT_5 || (first === DIGIT_2 && value.charCodeAt(at + 2) === DIGIT_2)) return true
  }
  return false
}

function scannedShape(pair: string): string {
  const at = pair.indexOf('=')
  const name = decoded(at < 0 ? pair : pair.slice(0, at))
  const shown = HARMLESS.test(name) ? name : '?'
  return `${shown}=${at < 0 ? '' : shapeOf(name, pair.slice(at + 1))}`
}

/** Form encoding, in which a plus is a blank. Broken sequences stay as they are. */
function decoded(text: string): string {
  const blanks = text.includes('+') ? text.replaceAll('+', ' ') : text
  return blanks.includes('%') ? decode(blanks) : blanks
}

function shapeOf(name: string, given: string): string {
  const lower = name.toLowerCase()
  if (lower === 'filter') return filterShape(decoded(given))
  if (!SHOWN.has(lower)) return '?'
  const value = decoded(given)
  return HARMLESS.test(value) ? value : '?'
}

// A text in quotes, blanks, a bracket, or a word.
const TOKEN = /"(?:[^"\\]|\\.)*"?|\s+|[()[\]]|[^\s()[\]"]+/g
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'])
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false', 'null'])
const LONGEST_WORD = 5
const NAME = /^[\w.:$-]+$/

/**
 * Shows only words of the grammar: attribute names in their places, operators, brackets. All other text may be personal
 * data.
 */
function filterShape(filter: string): string {
  const tokens = filter.match(TOKEN) ?? []
  let shape = ''
  for (let index = 0; index < tokens.length; index += 1) shape += tokenShape(tokens, index)
  return shape
}

function tokenShape(tokens: readonly string[], index: number): string {
  const token = tokens[index] ?? ''
  if (/^[\s()[\]]/.test(token) || isOperator(token) || isOneOf(WORDS, token)) return token
  const next = nextWord(tokens, index)
  if ((next === '[' || isOperator(next)) && NAME.test(token)) return token
  return UUID.test(token.replaceAll('"', '')) ? '"<uuid>"' : '"?"'
}

function isOperator(token: string): boolean {
  return isOneOf(OPERATORS, token)
}

function isOneOf(words: ReadonlySet<string>, token: string): boolean {
  return token.length <= LONGEST_WORD && words.has(token.toLowerCase())
}

/** The token behind one, blanks left out. */
function nextWord(tokens: readonly string[], index: number): string {
  const next = tokens[index + 1] ?? ''
  return /^\s/.test(next) ? (tokens[index + 2] ?? '') : next
}
