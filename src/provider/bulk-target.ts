import { ScimError } from '../error.js'
import type { BulkOperation } from '../message/bulk.js'
import type { Context } from './context.js'
import type { ResourceType } from './resource-type.js'

/** What a bulk operation works on. */
export interface Target {
  readonly type: ResourceType
  /** Undefined for POST. */
  readonly id: string | undefined
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Reads where an operation goes, and whether it has what its method needs: RFC 7644 section 3.7. `/Users/bulkId:a` means
 * the resource that another operation of the request creates.
 */
export function readTarget(
  context: Context,
  { method, path, bulkId, data }: BulkOperation,
  idOf: (bulkId: string) => string | undefined,
): Target {
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    throw ScimError.invalidSyntax('The method of an operation is POST, PUT, PATCH or DELETE.')
  }
  if (typeof path !== 'string') throw ScimError.invalidSyntax('An operation has a path.')
  const [endpoint = '', segment, ...rest] = relativePath(context, path)
    .replace(/^\/|\/$/g, '')
    .split('/')
  const type = context.provider.typesByEndpoint.get(endpoint)
  if (type === undefined || rest.length > 0) {
    throw ScimError.notFound(`Bulk operations cannot go to the path "${path.slice(0, 100)}".`)
  }
  if (method !== 'DELETE' && (typeof data !== 'object' || data === null)) {
    throw ScimError.invalidSyntax(`An operation with method ${method} has data.`)
  }
  if (method === 'POST') {
    if (segment !== undefined) throw ScimError.invalidSyntax('The path of a POST is the endpoint of a resource type.')
    // RFC 7644 section 3.7: bulkId is "REQUIRED when 'method' is 'POST'".
    if (typeof bulkId !== 'string' || bulkId === '') throw ScimError.invalidSyntax('A POST has a bulkId.')
    return { type, id: undefined }
  }
  if (segment === undefined) throw ScimError.invalidSyntax(`The path of a ${method} is that of a resource.`)
  return { type, id: identifier(segment, idOf) }
}

function identifier(segment: string, idOf: (bulkId: string) => string | undefined): string {
  const text = decode(segment)
  if (!text.startsWith('bulkId:')) return text
  const id = idOf(text.slice('bulkId:'.length))
  if (id === undefined) throw new ScimError(409, 'The bulkId in the path gave no resource to refer to.')
  return id
}

function relativePath(context: Context, path: string): string {
  if (path.includes('?') || path.includes('#')) {
    throw ScimError.invalidSyntax('The path of an operation has no query.')
  }
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path
  if (path.startsWith(`${context.baseUrl}/`) && context.tolerate('bulkAbsolutePath')) {
    return path.slice(context.baseUrl.length)
  }
  throw ScimError.invalidSyntax('The path of an operation is relative to the base URL.')
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw ScimError.invalidSyntax('The path of an operation is percent-encoded.')
  }
}
