import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import { hasOwn } from '../has-own.js'
import { isObject } from '../is-object.js'
import { readNumberText } from '../schema/values/number-text.js'
import { BULK_REQUEST, BULK_RESPONSE } from '../urn.js'
import { namesMessage } from './message-schema.js'

/** One operation of a bulk request, RFC 7644 section 3.7. Mistakes in it are found when it is carried out. */
export interface BulkOperation {
  readonly method: unknown
  readonly path: unknown
  readonly bulkId: unknown
  readonly version: unknown
  readonly data: unknown
}

/** A bulk request, RFC 7644 section 3.7. */
export interface BulkRequest {
  /** After so many errors the rest is not carried out; undefined: all of it is. */
  readonly failOnErrors: number | undefined
  readonly operations: readonly BulkOperation[]
}

/** The result of one operation. */
export interface BulkResult {
  /** As it was sent; left out when it was no text. */
  readonly method?: string | undefined
  readonly bulkId?: string | undefined
  readonly version?: string | undefined
  readonly location?: string | undefined
  readonly status: string
  readonly response?: object
}

/** A bulk response. */
export interface BulkResponse {
  readonly schemas: readonly [typeof BULK_RESPONSE]
  readonly Operations: readonly BulkResult[]
}

/** Makes a {@link BulkResponse}. */
export function bulkResponse(operations: readonly BulkResult[]): BulkResponse {
  return { schemas: [BULK_RESPONSE], Operations: operations }
}

/** Reads a bulk request. Throws for a message of another shape; single operations are left to be judged one by one. */
export function readBulkRequest(body: unknown, maxOperations: number, tolerate: Tolerate): BulkRequest {
  const message = readKeys(body, 'A bulk request')
  const schemas = message.get('schemas')
  // RFC 7644 section 3.7: the body is identified by the BulkRequest URI.
  if (!namesMessage(schemas, BULK_REQUEST)) {
    throw ScimError.invalidSyntax(`schemas of a bulk request must hold ${BULK_REQUEST}.`)
  }
  const failOnErrors = readFailOnErrors(message.get('failonerrors'), tolerate)
  const operations = message.get('operations')
  if (operations === undefined) throw ScimError.invalidSyntax('Operations is missing.')
  if (!Array.isArray(operations) || operations.length === 0) {
    throw ScimError.invalidSyntax('Operations must be an array that is not empty.')
  }
  // RFC 7644 section 3.7.4: "the service provider MUST return … 413 (Payload Too Large)", and the body names the limit
  // (decision A-69).
  if (operations.length > maxOperations) {
    throw ScimError.tooLarge(`A bulk request must not have more than ${maxOperations} operations (maxOperations).`)
  }
  const read = operations.map((operation) => readOperation(operation, tolerate))
  checkUnique(read)
  return { failOnErrors, operations: read }
}

/**
 * RFC 7644 section 3.7: "An integer specifying the number of errors that the service provider will accept before the
 * operation is terminated". Clients that send 0 have no limit in mind.
 */
function readFailOnErrors(given: unknown, tolerate: Tolerate): number | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1) return given
  if (given === 0 && tolerate('failOnErrorsZero')) return undefined
  const number = typeof given === 'string' ? readNumberText(given) : undefined
  if (number !== undefined && tolerate('numberText', 'failOnErrors')) return readFailOnErrors(number, tolerate)
  throw ScimError.invalidValue('"failOnErrors" must be an integer of 1 or more.')
}

function readOperation(operation: unknown, tolerate: Tolerate): BulkOperation {
  const members = usualMembers(operation) ?? membersByName(operation)
  let { method } = members
  if (
    typeof method === 'string' &&
    method !== method.toUpperCase() &&
    tolerate('bulkMethodCase', method.slice(0, 10))
  ) {
    method = method.toUpperCase()
  }
  return {
    method,
    path: members.path,
    bulkId: members.bulkId ?? undefined,
    version: members.version ?? undefined,
    data: members.data ?? undefined,
  }
}

/** The members of an operation that has only the members of the standard, in its letters; undefined for any other. */
function usualMembers(operation: unknown): BulkOperation | undefined {
  if (!isObject(operation)) return undefined
  let method: unknown
  let path: unknown
  let bulkId: unknown
  let version: unknown
  let data: unknown
  for (const name in operation) {
    if (!hasOwn.call(operation, name)) continue
    const member = operation[name]
    if (name === 'method') method = member
    else if (name === 'path') path = member
    else if (name === 'bulkId') bulkId = member
    else if (name === 'version') version = member
    else if (name === 'data') data = member
    else return undefined
  }
  return { method, path, bulkId, version, data }
}

function membersByName(operation: unknown): BulkOperation {
  const members = readKeys(operation, 'An operation of a bulk request')
  return {
    method: members.get('method'),
    path: members.get('path'),
    bulkId: members.get('bulkid'),
    version: members.get('version'),
    data: members.get('data'),
  }
}

/** RFC 7644 section 3.7.2: a bulkId is "unique within a request". */
function checkUnique(operations: readonly BulkOperation[]): void {
  const seen = new Set<unknown>()
  for (const { bulkId } of operations) {
    if (bulkId === undefined) continue
    if (seen.has(bulkId)) throw ScimError.invalidSyntax('Two operations have the same bulkId.')
    seen.add(bulkId)
  }
}

// RFC 7643 section 2.1: names are case insensitive.
function readKeys(value: unknown, what: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw ScimError.invalidSyntax(`${what} must be a JSON object.`)
  }
  const properties = new Map<string, unknown>()
  for (const [name, property] of Object.entries(value)) {
    const key = name.toLowerCase()
    if (properties.has(key)) throw ScimError.invalidSyntax(`${what} has "${name.slice(0, 50)}" twice.`)
    properties.set(key, property)
  }
  return properties
}
