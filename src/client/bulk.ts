import { propertiesOf } from '../is-object.js'
import type { Answer } from './answer.js'
import { ScimClientError } from './client-error.js'
import { type PatchBody, PatchBuilder } from './patch-builder.js'

/** The URI of the bulk request message, RFC 7644 section 3.7. */
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** One operation of a bulk request. Other operations refer to the resource of a POST by `bulkId:` and its `bulkId`. */
export type BulkOperation =
  | { readonly method: 'POST'; readonly path: string; readonly bulkId: string; readonly data: unknown }
  | {
      readonly method: 'PUT'
      readonly path: string
      readonly data: unknown
      readonly version?: string
      readonly bulkId?: string
    }
  | {
      readonly method: 'PATCH'
      readonly path: string
      readonly data: PatchBody | PatchBuilder
      readonly version?: string
      readonly bulkId?: string
    }
  | { readonly method: 'DELETE'; readonly path: string; readonly version?: string; readonly bulkId?: string }

/** The result of one operation of a bulk request. */
export interface BulkResult {
  readonly method: string
  /** The HTTP status. RFC 7644 section 3.7 writes it as a text. */
  readonly status: number
  readonly location?: string
  /** The id at the end of `location`. */
  readonly id?: string
  readonly bulkId?: string
  readonly version?: string
  /** The error of an operation that failed, or the body that a server sends for one that succeeded. */
  readonly response?: unknown
}

/** The body of a bulk request. */
export function bulkBody(operations: readonly BulkOperation[], failOnErrors: number | undefined): unknown {
  const plain = operations.map((operation) =>
    'data' in operation && operation.data instanceof PatchBuilder
      ? { ...operation, data: operation.data.toJSON() }
      : operation,
  )
  return { schemas: [BULK_REQUEST], ...(failOnErrors !== undefined && { failOnErrors }), Operations: plain }
}

/** The results in the answer to a bulk request. */
export function bulkResults(answer: Answer): readonly BulkResult[] {
  const { Operations } = propertiesOf(answer.body)
  if (!Array.isArray(Operations)) {
    throw new ScimClientError('answer', 'The answer to POST /Bulk must have Operations.', { answer })
  }
  return Operations.map((entry: Record<string, unknown>) => {
    const { status, location } = entry
    const id = typeof location === 'string' ? location.split('/').pop() : undefined
    return { ...entry, status: Number(status), ...(id && { id: decodeURIComponent(id) }) } as BulkResult
  })
}
