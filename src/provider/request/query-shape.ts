import { unescape as decode } from 'node:querystring'

// RFC 7644 section 3.9 and its like: the values are names, numbers or words of the protocol, and nobody's data.
const SHOWN: ReadonlySet<string> = new Set([
  ...['attributes', 'excludedattributes', 'sortby', 'sortorder', 'startindex', 'count'],
])
const HARMLESS = /^[\w.:,$\- ]{0,200}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LONGEST = 1_000
const MOST = 20

/**
 * The query of a request without the values that a client compares with: `filter=userName eq "?"&count=1`. A UUID is
 * shown as `<uuid>`, because the form of a value tells the test of a connection from a search. Undefined: there is no
 * query.
 */
export function queryShape(query: string): string | undefined {
  if (query === '') return undefined
  if (query.length <= LONGEST && !query.includes('&')) return pairShape(query)
  const shapes: string[] = []
  for (const pair of query.slice(0, LONGEST).split('&', MOST)) if (pair !== '') shapes.push(pairShape(pair))
  return shapes.join('&')
}

const NUMBER = /^(?:startIndex|count)=\d{1,9}$/

function pairShape(pair: string): string {
  if (NUMBER.test(pair)) return pair
  return lookUpShape(pair) ?? scannedShape(pair)
}

const FILTER = 'filter='
const EQUALS = '%20eq%20%22'
const QUOTE = '%22'

/** The shape of a look-up as most identity providers write it, `filter=userName%20eq%20%22anna%22`; undefined for any other. */
function lookUpShape(pair: string): string | undefined {
  if (!pair.startsWith(FILTER) || !pair.endsWith(QUOTE)) return undefined
  const at = pair.indexOf(EQUALS)
  const begin = at + EQUALS.length
  if (at < 0 || begin > pair.length - QUOTE.length) return undefined
  const name = pair.slice(FILTER.length, at)
  const value = pair.slice(begin, -QUOTE.length)
  // A quote or a backslash may be written in both ways.
  if (!NAME.test(name) || value.includes('"') || value.includes('\\') || /%(?:22|5c)/i.test(value)) return undefined
  return `filter=${name} eq ${UUID.test(value) ? '"<uuid>"' : '"?"'}`
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
