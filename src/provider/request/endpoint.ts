import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'

/** The resource type at an endpoint, named without its slash. */
export function typeAt({ provider, tolerate }: Context, endpoint: string): ResourceType | undefined {
  const type = provider.typesByEndpoint.get(endpoint)
  if (type) return type
  const other = provider.typesByLowerEndpoint.get(endpoint.toLowerCase())
  return other && tolerate('endpointCase', other.endpoint) ? other : undefined
}

/** Where the endpoint begins in a path below the base URL: behind its slash, by tolerance behind several. */
export function startOf(path: string, { tolerate }: Pick<Context, 'tolerate'>): number {
  if (!path.startsWith('/')) return 0
  // Decision A-135.
  if (path[1] !== '/' || !tolerate('doubleSlash')) return 1
  let start = 2
  while (path[start] === '/') start += 1
  return start
}
