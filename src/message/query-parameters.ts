import { parse } from 'node:querystring'
import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import { SEARCH_REQUEST } from '../urn.js'
import { namesMessage } from './message-schema.js'

/** The parameters of a query, from a URL or a body: RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865. */
export interface QueryParameters {
  readonly attributes?: readonly string[]
  readonly excludedAttributes?: readonly string[]
  readonly filter?: string
  readonly sortBy?: string
  readonly sortOrder?: 'ascending' | 'descending'
  readonly startIndex?: number
  readonly count?: number
  readonly cursor?: string
}

type MutableParameters = { -readonly [Name in keyof QueryParameters]: QueryParameters[Name] }

const NAMES: readonly (keyof QueryParameters)[] = [
  'attributes',
  'excludedAttributes',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
]
const BY_LOWER_CASE = new Map(NAMES.map((name) => [name.toLowerCase(), name]))
const KNOWN = new Set<string>(NAMES)
const NONE: QueryParameters = Object.freeze({})

/** Reads the query string of a URL. RFC 7644 section 3.4.2: unknown parameters are ignored. */
export function readQuery(query: string, tolerate: Tolerate): QueryParameters {
  if (query === '') return NONE
  const parameters: MutableParameters = {}
  const mark = query.indexOf('=')
  const only = mark > 0 && !/[&+]/.test(query) ? query.slice(0, mark) : ''
  const text = KNOWN.has(only) ? decoded(query.slice(mark + 1)) : undefined
  // Most requests have one parameter, which is read here in a third of the time.
  if (text !== undefined) {
    assign(parameters, only as keyof QueryParameters, text, tolerate)
    return parameters
  }
  const seen = new Set<string>()
  // Without a limit to the number of names: the one to the length of a URL is Node's.
  const pairs = parse(query, '&', '=', { maxKeys: 0 })
  for (const given in pairs) {
    const value = pairs[given] ?? ''
    let name = given
    if (!KNOWN.has(given)) {
      const other = BY_LOWER_CASE.get(given.toLowerCase())
      // Decision A-104.
      if (other === undefined || !tolerate('queryNameCase', other)) continue
      name = other
    }
    const known = name as keyof QueryParameters
    // Decision A-134: only lists of names may be given more than once.
    if ((seen.has(known) || typeof value !== 'string') && !(isList(known) && tolerate('repeatedAttributes', known))) {
      throw ScimError.invalidValue(`Parameter ${known} must not be given twice.`)
    }
    seen.add(known)
    for (const one of typeof value === 'string' ? [value] : value) assign(parameters, known, one, tolerate)
  }
  return checkTogether(parameters)
}

/** A percent-encoded text; undefined if it is none. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Reads the body of a POST to /.search. */
export function readSearchRequest(body: unknown, tolerate: Tolerate): QueryParameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw ScimError.invalidSyntax('The body of a search must be a JSON object.')
  }
  const parameters: MutableParameters = {}
  let schemas: unknown
  for (const [given, value] of Object.entries(body)) {
    const lower = given.toLowerCase()
    // RFC 7643 section 2.1: attribute names are case insensitive, those of messages too.
    if (lower === 'schemas') schemas = value
    const name = BY_LOWER_CASE.get(lower)
    if (name === undefined || value === null || value === undefined) continue
    if (parameters[name] !== undefined) throw ScimError.invalidSyntax(`"${name}" is given twice.`)
    assignJson(parameters, name, value, tolerate)
  }
  // RFC 7644 section 3.4.3: the body MUST be a SearchRequest.
  if (!namesMessage(schemas, SEARCH_REQUEST)) {
    throw ScimError.invalidSyntax(`schemas of a search must hold ${SEARCH_REQUEST}.`)
  }
  return checkTogether(parameters)
}

function assign(parameters: MutableParameters, name: keyof QueryParameters, value: string, tolerate: Tolerate): void {
  if (isBlank(name, value, tolerate)) return
  switch (name) {
    case 'attributes':
    case 'excludedAttributes':
      // RFC 7644 section 3.9: a comma-separated list.
      parameters[name] = [...(parameters[name] ?? []), ...splitNames(value, tolerate)]
      return
    case 'startIndex':
    case 'count':
      parameters[name] = readInteger(name, value)
      return
    case 'sortOrder':
      parameters.sortOrder = readSortOrder(value)
      return
    default:
      parameters[name] = value
  }
}

/**
 * Whether a parameter asks for nothing. A list that is empty names nothing, and RFC 7644 section 3.4.2 has no meaning
 * for an empty order; the first page of a walk is asked for by an empty cursor (RFC 9865 section 2). The others have a
 * grammar that an empty text does not meet.
 */
function isBlank(name: keyof QueryParameters, value: string, tolerate: Tolerate): boolean {
  if (name === 'cursor' || value.trim() !== '') return false
  if (isList(name) || (value === '' && (name === 'sortBy' || name === 'sortOrder'))) return true
  return tolerate('emptyParameter', name)
}

function isList(name: keyof QueryParameters): name is 'attributes' | 'excludedAttributes' {
  return name === 'attributes' || name === 'excludedAttributes'
}

function assignJson(
  parameters: MutableParameters,
  name: keyof QueryParameters,
  value: unknown,
  tolerate: Tolerate,
): void {
  if (isList(name)) {
    if (typeof value === 'string') {
      assign(parameters, name, value, tolerate)
      return
    }
    if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) {
      throw ScimError.invalidValue(`${name} must be an array of strings.`)
    }
    limitNames(value.length)
    if (value.length > 0) parameters[name] = value.map((part) => nameIn(part, tolerate).trim())
  } else if (name === 'startIndex' || name === 'count') {
    if (typeof value === 'string' && isBlank(name, value, tolerate)) return
    const isText = typeof value === 'string' && INTEGER.test(value) && tolerate('numberText', name)
    const number = isText ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      throw ScimError.invalidValue(`${name} must be an integer.`)
    }
    parameters[name] = bounded(number)
  } else {
    if (typeof value !== 'string') throw ScimError.invalidValue(`${name} must be a string.`)
    assign(parameters, name, value, tolerate)
  }
}

function splitNames(text: string, tolerate: Tolerate): readonly string[] {
  const names = new Set<string>()
  const list = nameIn(text, tolerate)
  let count = 0
  let from = 0
  while (from <= list.length) {
    const comma = list.indexOf(',', from)
    const end = comma < 0 ? list.length : comma
    if (end > from) {
      count += 1
      limitNames(count)
      names.add(list.slice(from, end).trim())
    }
    from = end + 1
  }
  // A list of nothing but commas names nothing, and is a list all the same.
  return names.size > 0 ? [...names] : NOTHING_NAMED
}

const NOTHING_NAMED: readonly string[] = ['']

// No schema has so many; each is looked for in each schema.
const NAMES_AT_MOST = 10_000

function limitNames(count: number): void {
  if (count > NAMES_AT_MOST)
    throw ScimError.tooLarge(`A list of attributes must not have more than ${NAMES_AT_MOST} names.`)
}

/**
 * RFC 7644 section 3.10 has plain names in lists of attributes. By tolerance `emails[type eq "work"]` stands for
 * `emails`.
 */
function nameIn(text: string, tolerate: Tolerate): string {
  return text.includes('[') && tolerate('valuePathInAttributes') ? withoutBrackets(text) : text
}

/** The text without its parts between brackets, where a comma or bracket may stand inside quotes. */
function withoutBrackets(text: string): string {
  let result = ''
  let from = 0
  for (let open = text.indexOf('['); open >= 0; open = text.indexOf('[', from)) {
    const close = endOfBrackets(text, open)
    if (close < 0) break
    result += text.slice(from, open)
    from = close + 1
  }
  return result + text.slice(from)
}

function endOfBrackets(text: string, open: number): number {
  let quoted = false
  for (let index = open + 1; index < text.length; index += 1) {
    const sign = text[index]
    if (quoted && sign === '\\') index += 1
    else if (sign === '"') quoted = !quoted
    else if (sign === ']' && !quoted) return index
  }
  return -1
}

const INTEGER = /^[+-]?\d+$/

function readInteger(name: string, value: string): number {
  if (!INTEGER.test(value.trim())) throw ScimError.invalidValue(`Parameter ${name} must be an integer.`)
  return bounded(Number(value))
}

// A number too great to be exact is beyond every limit anyway.
function bounded(value: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER))
}

function readSortOrder(value: string): 'ascending' | 'descending' {
  const order = value.toLowerCase()
  if (order === 'ascending' || order === 'descending') return order
  throw ScimError.invalidValue('Parameter sortOrder must be "ascending" or "descending".')
}

function checkTogether(parameters: QueryParameters): QueryParameters {
  // RFC 7644 section 3.9: the two are mutually exclusive.
  if (parameters.attributes && parameters.excludedAttributes) {
    throw ScimError.invalidValue('"attributes" and "excludedAttributes" exclude each other.')
  }
  return parameters
}
