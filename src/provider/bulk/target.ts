import { ScimError } from '../../error.js'
import type { BulkOperation } from '../../message/bulk.js'
import { bulkIdIn } from '../../message/bulk-reference.js'
import type { Context } from '../request/context.js'
import { startOf, typeAt } from '../request/endpoint.js'
import type { ResourceType } from '../setup/resource-type.js'

/** Where a bulk operation goes: an endpoint, or a resource that `id` names, or the one created under `bulkId`. */
export interface BulkTarget {
  readonly type: ResourceType
  readonly id: string | undefined
  readonly bulkId: string | undefined
}

/**
 * Reads the path of an operation, RFC 7644 section 3.7. `/Users/bulkId:a` is the resource that another operation
 * creates.
 */
export function readPath(context: Context, path: unknown): BulkTarget {
  if (typeof path !== 'string') throw ScimError.invalidSyntax('A bulk operation must have a path.')
  const relative = relativePath(context, path)
  const end = relative.length - (relative.endsWith('/') ? 1 : 0)
  const [endpoint = '', segment, ...rest] = relative.slice(startOf(relative, context), end).split('/')
  const type = typeAt(context, endpoint)
  if (type === undefined || segment === '.search' || rest.length > 0) {
    throw ScimError.notFound(`Bulk operations cannot go to the path "${path.slice(0, 100)}".`)
  }
  const id = segment === undefined ? undefined : decode(segment)
  const bulkId = id === undefined ? undefined : bulkIdIn(id)
  return bulkId === undefined ? { type, id, bulkId } : { type, id: undefined, bulkId }
}

function relativePath(context: Context, path: string): string {
  if (path.includes('?') || path.includes('#')) {
    throw ScimError.invalidSyntax('The path of a bulk operation must not have a query.')
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path
  if (path.startsWith(`${context.baseUrl}/`) && context.tolerate('bulkAbsolutePath')) {
    return path.slice(context.baseUrl.length)
  }
  throw ScimError.invalidSyntax('The path of a bulk operation must be relative to the base URL.')
}

function decode(segment: string): string {
  try {
    const id = decodeURIComponent(segment)
    // JSON may hold half a surrogate pair, which has no place in the URI that the answer names.
    encodeURIComponent(id)
    return id
  } catch {
    throw ScimError.invalidSyntax('The path of a bulk operation must be percent-encoded.')
  }
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Whether an operation has the members that its method needs, RFC 7644 section 3.7. */
export function checkOperation({ method, bulkId, data }: BulkOperation, target: BulkTarget): void {
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    throw ScimError.invalidSyntax('The method of a bulk operation must be POST, PUT, PATCH or DELETE.')
  }
  const atResource = target.id !== undefined || target.bulkId !== undefined
  if (method !== 'POST' && !atResource) {
    throw ScimError.invalidSyntax(`The path of a bulk operation with method ${method} must be that of a resource.`)
  }
  if (method === 'POST' && atResource) {
    throw ScimError.invalidSyntax(
      'The path of a bulk operation with method POST must be the endpoint of a resource type.',
    )
  }
  // RFC 7644 section 3.7: bulkId is "REQUIRED when "method" is "POST"."
  if (method === 'POST' && (typeof bulkId !== 'string' || bulkId === '')) {
    throw ScimError.invalidSyntax('A bulk operation with method POST must have a bulkId.')
  }
  if (method !== 'DELETE' && (typeof data !== 'object' || data === null)) {
    throw ScimError.invalidSyntax(`A bulk operation with method ${method} must have data.`)
  }
}
