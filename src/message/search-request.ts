import { parse } from 'node:querystring'
import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import { SEARCH_REQUEST } from '../urn.js'
import { namesMessage } from './message-schema.js'

/** What a query asks for, whether it came in a URL or in a body: RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865. */
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

type Mutable = { -readonly [Name in keyof QueryParameters]: QueryParameters[Name] }

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
  const parameters: Mutable = {}
  // Without a limit to the number of names: the one to the length of a URL is Node's.
  const pairs = parse(query, '&', '=', { maxKeys: 0 })
  for (const given in pairs) {
    const value = pairs[given]
    let name = given
    if (!KNOWN.has(given)) {
      const other = BY_LOWER_CASE.get(given.toLowerCase())
      if (other === undefined || !tolerate('queryNameCase', other)) continue
      name = other
    }
    const known = name as keyof QueryParameters
    if (parameters[known] !== undefined || typeof value !== 'string') {
      throw ScimError.invalidValue(`Parameter "${known}" is given twice.`)
    }
    assign(parameters, known, value)
  }
  return checkTogether(parameters)
}

/** Reads the body of a POST to /.search. */
export function readSearchRequest(body: unknown): QueryParameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw ScimError.invalidSyntax('The body of a search is a JSON object.')
  }
  const parameters: Mutable = {}
  let schemas: unknown
  for (const [given, value] of Object.entries(body)) {
    const lower = given.toLowerCase()
    // RFC 7643 section 2.1: attribute names are case insensitive, those of messages too.
    if (lower === 'schemas') schemas = value
    const name = BY_LOWER_CASE.get(lower)
    if (name === undefined || value === null || value === undefined) continue
    if (parameters[name] !== undefined) throw ScimError.invalidSyntax(`"${name}" is given twice.`)
    assignJson(parameters, name, value)
  }
  // RFC 7644 section 3.4.3: the body MUST be a SearchRequest.
  if (!namesMessage(schemas, SEARCH_REQUEST)) {
    throw ScimError.invalidSyntax(`The body of a search has the schema ${SEARCH_REQUEST}.`)
  }
  return checkTogether(parameters)
}

function assign(parameters: Mutable, name: keyof QueryParameters, value: string): void {
  switch (name) {
    case 'attributes':
    case 'excludedAttributes':
      // RFC 7644 section 3.9: a comma-separated list. An empty one names nothing and asks for nothing.
      if (value.trim() !== '') parameters[name] = value.split(',').map((part) => part.trim())
      return
    case 'startIndex':
    case 'count':
      parameters[name] = readInteger(name, value)
      return
    case 'sortOrder':
      if (value !== '') parameters.sortOrder = readSortOrder(value)
      return
    case 'sortBy':
      if (value !== '') parameters.sortBy = value
      return
    default:
      parameters[name] = value
  }
}

function assignJson(parameters: Mutable, name: keyof QueryParameters, value: unknown): void {
  if (name === 'attributes' || name === 'excludedAttributes') {
    if (typeof value === 'string') {
      assign(parameters, name, value)
      return
    }
    if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) {
      throw ScimError.invalidValue(`"${name}" is an array of strings.`)
    }
    if (value.length > 0) parameters[name] = value.map((part) => part.trim())
  } else if (name === 'startIndex' || name === 'count') {
    if (!Number.isInteger(value)) throw ScimError.invalidValue(`"${name}" is an integer.`)
    parameters[name] = bounded(value as number)
  } else {
    if (typeof value !== 'string') throw ScimError.invalidValue(`"${name}" is a string.`)
    assign(parameters, name, value)
  }
}

function readInteger(name: string, value: string): number {
  if (!/^[+-]?\d+$/.test(value.trim())) throw ScimError.invalidValue(`Parameter "${name}" is an integer.`)
  return bounded(Number(value))
}

// What is too great to be counted exactly is beyond every limit anyway.
function bounded(value: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(value, Number.MAX_SAFE_INTEGER))
}

function readSortOrder(value: string): 'ascending' | 'descending' {
  const order = value.toLowerCase()
  if (order === 'ascending' || order === 'descending') return order
  throw ScimError.invalidValue('Parameter "sortOrder" is "ascending" or "descending".')
}

function checkTogether(parameters: QueryParameters): QueryParameters {
  // RFC 7644 section 3.9: the two are mutually exclusive.
  if (parameters.attributes && parameters.excludedAttributes) {
    throw ScimError.invalidValue('"attributes" and "excludedAttributes" exclude each other.')
  }
  return parameters
}
