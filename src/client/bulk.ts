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
      /** The HTTP method of the operation. */
      readonly method: 'PUT'
      /** The path below the base URL: `/Users/2819c223`. */
      readonly path: string
      /** The body of the operation. */
      readonly data: unknown
      /** Carries out the operation only if the resource has this version, as `If-Match` does. */
      readonly version?: string
      /** A name for the operation, which its result repeats. */
      readonly bulkId?: string
    }
  | {
      /** The HTTP method of the operation. */
      readonly method: 'PATCH'
      /** The path below the base URL: `/Users/2819c223`. */
      readonly path: string
      /** The body of the operation. */
      readonly data: PatchBody | PatchBuilder
      /** Carries out the operation only if the resource has this version, as `If-Match` does. */
      readonly version?: string
      /** A name for the operation, which its result repeats. */
      readonly bulkId?: string
    }
  | { readonly method: 'DELETE'; readonly path: string; readonly version?: string; readonly bulkId?: string }

/** The result of one operation of a bulk request. */
export interface BulkResult {
  /** The HTTP method of the operation. */
  readonly method: string
  /** The HTTP status. RFC 7644 section 3.7 writes it as a text. */
  readonly status: number
  /** The URL of the resource; absent if a POST failed. */
  readonly location?: string
  /** The id at the end of `location`. */
  readonly id?: string
  /** The `bulkId` of the operation. */
  readonly bulkId?: string
  /** The version of the resource after the operation. */
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
