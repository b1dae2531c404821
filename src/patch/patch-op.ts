import type { Tolerate } from '../compatibility.js'
import { ScimError } from '../error.js'
import type { FilterLimits } from '../filter/parse.js'
import { hasOwn } from '../has-own.js'
import { isObject } from '../is-object.js'
import type { IdentifyReference } from '../schema/reading/reading.js'
import { DRAFT_PATCH_OP, PATCH_OP } from '../urn.js'
import type { PatchOperation } from './patch.js'

/** The largest PATCH that is accepted. */
export interface PatchLimits {
  /**
   * The most operations of one PATCH.
   *
   * @defaultValue `1_000`
   */
  readonly operations?: number
  /**
   * The most values of one operation.
   *
   * @defaultValue `20_000`
   */
  readonly values?: number
  /**
   * The largest filter in a path.
   *
   * @defaultValue 8,192 characters, 50 brackets, 500 expressions
   */
  readonly filters?: FilterLimits
}

/** The options for reading a PATCH. */
export interface PatchOptions {
  readonly tolerate: Tolerate
  /**
   * Finds the id in the "$ref" of a reference without "value".
   *
   * @defaultValue "$ref" is ignored
   */
  readonly identify?: IdentifyReference | undefined
  readonly limits?: PatchLimits
  /** The id of the resource. An operation that repeats it is no change. */
  readonly id?: string | undefined
}

/** An operation as the client sent it. */
export interface RawOperation {
  readonly op: PatchOperation['op']
  /** Undefined if the client sent none. */
  readonly path: string | undefined
  /** Undefined if the client sent none; some clients send null to unassign. */
  readonly value: unknown
}

/** The default limits, also those of the router. */
export const PATCH_LIMITS = Object.freeze({ operations: 1_000, values: 20_000 }) satisfies PatchLimits

/**
 * Reads the envelope of a PATCH request, RFC 7644 section 3.5.2. Throws 400 invalidSyntax if it is malformed
 * (decision A-59h), and 413 if it has too many operations or values.
 */
export function readPatchOp(body: unknown, { tolerate, limits = PATCH_LIMITS }: PatchOptions): readonly RawOperation[] {
  if (!isObject(body)) throw ScimError.invalidSyntax('The body of a PATCH must be a JSON object.')
  const [schemas, operations] = readKeys(body, ENVELOPE)
  // RFC 7644 section 3.5.2: "The body of an HTTP PATCH request MUST contain the attribute "Operations", whose value is
  // an array of one or more PATCH operations."
  if (operations === undefined) throw ScimError.invalidSyntax('Operations is missing.')
  if (!Array.isArray(operations)) throw ScimError.invalidSyntax('Operations must be an array.')
  checkSchemas(schemas, tolerate)
  if (operations.length === 0 && !tolerate('emptyOperations')) {
    throw ScimError.invalidSyntax('Operations must hold at least one operation.')
  }
  const { operations: most = PATCH_LIMITS.operations, values } = limits
  if (operations.length > most) throw ScimError.tooLarge(`A PATCH must not have more than ${most} operations.`)
  return operations.map((operation) => readOperation(operation, tolerate, values))
}

/** Throws 413 if an operation has too many values. */
export function limitValues(value: unknown, most: number = PATCH_LIMITS.values): void {
  if (countValues(value, 2) > most)
    throw ScimError.tooLarge(`A PATCH operation must not have more than ${most} values.`)
}

// In lower case, because letter case does not matter: a client may write "operations".
const ENVELOPE = ['schemas', 'operations'] as const
const OPERATION = ['op', 'path', 'value'] as const

function readOperation(operation: unknown, tolerate: Tolerate, most: number | undefined): RawOperation {
  if (!isObject(operation)) throw ScimError.invalidSyntax('An operation must be a JSON object.')
  // Other members are ignored, as in JSON Patch (RFC 6902 section 4), on which SCIM PATCH is based.
  const [op, path, value] = readKeys(operation, OPERATION)
  if (path !== undefined && path !== null && typeof path !== 'string') {
    throw ScimError.invalidSyntax('The path of an operation must be a string.')
  }
  limitValues(value, most)
  return { op: readOp(op, tolerate), path: path ?? undefined, value }
}

/**
 * RFC 7644 section 3.5.2: "one "op" member, whose value indicates the operation to perform and MAY be one of "add",
 * "remove", or "replace"".
 */
function readOp(op: unknown, tolerate: Tolerate): RawOperation['op'] {
  if (isOp(op)) return op
  const lower = typeof op === 'string' ? op.toLowerCase() : undefined
  if (isOp(lower) && tolerate('operationCase', lower)) return lower
  throw ScimError.invalidSyntax('The op of an operation must be "add", "remove" or "replace".')
}

function isOp(op: unknown): op is RawOperation['op'] {
  return op === 'add' || op === 'remove' || op === 'replace'
}

/**
 * RFC 7644 section 3.5.2: the body contains "the "schemas" attribute with the URI value of
 * "urn:ietf:params:scim:api:messages:2.0:PatchOp"".
 */
function checkSchemas(schemas: unknown, tolerate: Tolerate): void {
  const missing = schemas === undefined || schemas === null || (Array.isArray(schemas) && schemas.length === 0)
  if (missing && tolerate('missingPatchSchemas')) return
  const given = Array.isArray(schemas) ? schemas : []
  if (holds(given, PATCH_OP) || (holds(given, DRAFT_PATCH_OP) && tolerate('draftPatchSchema'))) return
  throw ScimError.invalidSyntax(`schemas of a PATCH must hold ${PATCH_OP}.`)
}

function holds(uris: readonly unknown[], uri: string): boolean {
  const lower = uri.toLowerCase()
  return uris.some((given) => given === uri || (typeof given === 'string' && given.toLowerCase() === lower))
}

/** RFC 7643 section 2.1: "Attribute names are case insensitive". That also holds for messages. */
function readKeys(object: Readonly<Record<string, unknown>>, names: readonly string[]): readonly unknown[] {
  const values: unknown[] = [undefined, undefined, undefined]
  let seen = 0
  for (const given in object) {
    if (!hasOwn.call(object, given)) continue
    let index = names.indexOf(given)
    if (index < 0) index = names.indexOf(given.toLowerCase())
    if (index < 0) continue
    if (seen & (1 << index)) throw ScimError.invalidSyntax(`"${names[index]}" is given more than once.`)
    seen |= 1 << index
    values[index] = object[given]
  }
  return values
}

function countValues(value: unknown, depth: number): number {
  if (Array.isArray(value)) return value.length
  if (depth === 0 || !isObject(value)) return 0
  let count = 0
  for (const key in value) if (hasOwn.call(value, key)) count += countValues(value[key], depth - 1)
  return count
}
