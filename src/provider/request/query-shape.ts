import { parse } from 'node:querystring'

// RFC 7644 section 3.9 and its like: the values are names, numbers or words of the protocol, and nobody's data.
const SHOWN: ReadonlySet<string> = new Set([
  ...['attributes', 'excludedattributes', 'sortby', 'sortorder', 'startindex', 'count'],
])
const HARMLESS = /^[\w.:,$\- ]{0,200}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LONGEST = 1_000

/**
 * The query of a request without the values that a client compares with: `filter=userName eq "?"&count=1`. A UUID is
 * shown as `<uuid>`, because the form of a value tells the test of a connection from a search. Undefined: there is no
 * query.
 */
export function queryShape(query: string): string | undefined {
  if (query === '') return undefined
  const parameters = Object.entries(parse(query.slice(0, LONGEST), undefined, undefined, { maxKeys: 20 }))
  return parameters
    .map(([name, value]) => `${HARMLESS.test(name) ? name : '?'}=${shapeOf(name, String(value ?? ''))}`)
    .join('&')
}

function shapeOf(name: string, value: string): string {
  const lower = name.toLowerCase()
  if (lower === 'filter') return filterShape(value)
  return SHOWN.has(lower) && HARMLESS.test(value) ? value : '?'
}

// A text in quotes, blanks, a bracket, or a word.
const TOKEN = /"(?:[^"\\]|\\.)*"?|\s+|[()[\]]|[^\s()[\]"]+/g
const OPERATOR = /^(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)$/i
const WORD = /^(?:and|or|not|true|false|null)$/i
const NAME = /^[\w.:$-]+$/

/**
 * Shows only words of the grammar: attribute names in their places, operators, brackets. All other text may be personal
 * data.
 */
function filterShape(filter: string): string {
  const tokens = filter.match(TOKEN) ?? []
  return tokens.map((token, index) => tokenShape(token, nextWord(tokens, index))).join('')
}

function tokenShape(token: string, next: string): string {
  if (/^[\s()[\]]/.test(token)) return token
  if (OPERATOR.test(token) || WORD.test(token)) return token
  if (NAME.test(token) && (next === '[' || OPERATOR.test(next))) return token
  return UUID.test(token.replaceAll('"', '')) ? '"<uuid>"' : '"?"'
}

/** The token behind one, blanks left out. */
function nextWord(tokens: readonly string[], index: number): string {
  const next = tokens[index + 1] ?? ''
  return /^\s/.test(next) ? (tokens[index + 2] ?? '') : next
}
