import type { ResourceType } from '../setup/resource-type.js'
import type { Context } from './context.js'

/** The resource type at an endpoint, named without its slash. */
export function typeAt({ provider, tolerate }: Context, endpoint: string): ResourceType | undefined {
  const type = provider.typesByEndpoint.get(endpoint)
  if (type) return type
  const other = provider.typesByLowerEndpoint.get(endpoint.toLowerCase())
  return other && tolerate('endpointCase', other.endpoint) ? other : undefined
}
