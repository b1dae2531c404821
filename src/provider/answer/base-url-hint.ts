import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'

const ENDPOINTS: ReadonlySet<string> = new Set([
  ...['users', 'groups', 'me', 'bulk', 'schemas', 'resourcetypes', 'serviceproviderconfig'],
])

/**
 * The error for a path below which another endpoint stands, such as `/Users/Users` or `/v2/Users`: the base URL that
 * an administrator typed into the identity provider is too long or too short. Undefined for every other error.
 */
export function wrongBaseUrl({ provider, request }: Context, { status, headers }: ScimError): ScimError | undefined {
  if (status !== 404 && status !== 405) return undefined
  const [first = '', ...rest] = request.path.split('/', 5).slice(1)
  const isEndpoint = (segment: string): boolean => {
    const lower = segment.toLowerCase()
    return ENDPOINTS.has(lower) || provider.typesByLowerEndpoint.has(lower)
  }
  if (!rest.some(isEndpoint)) return undefined
  const sentence = isEndpoint(first)
    ? `The base URL ends too late: it must end before "/${first}".`
    : `The base URL ends too early or too late: the path behind it must begin with an endpoint such as "/Users".`
  return new ScimError(status, sentence, { headers, code: 'baseUrl' })
}
