import { parse } from 'node:querystring'

// RFC 7644 section 3.9 and its like: the values are names, numbers or words of the protocol, and nobody's data.
const SHOWN: ReadonlySet<string> = new Set([
  ...['attributes', 'excludedattributes', 'sortby', 'sortorder', 'startindex', 'count'],
])
const HARMLESS = /^[\w.:,$\- ]{0,200}$/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const LONGEST = 1_000

/**
 * The query of a request without the values that a client compares with: `filter=userName eq "?"&count=1`. A UUID is shown
 * as `<uuid>`, because the form of a value tells the test of a connection from a search. Undefined: there is no query.
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

// A value is in quotes, or the word behind an operator.
const VALUE = /"(?:[^"\\]|\\.)*"?|\b(?:eq|ne|co|sw|ew|gt|ge|lt|le) [^\s()[\]"]+/gi
const WORD = /^(?:true|false|null)$/i

function filterShape(filter: string): string {
  return filter.replace(VALUE, (found) => {
    const value = found.startsWith('"') ? found : found.slice(3)
    const operator = found.slice(0, found.length - value.length)
    if (WORD.test(value)) return found
    return operator + (UUID.test(value.replaceAll('"', '')) ? '"<uuid>"' : '"?"')
  })
}
