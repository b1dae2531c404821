import type { RouteName } from '../contract/contract.js'
import { type Route, routeEntries } from '../contract/routes.js'
import { notFound, PagesFailure } from './failure.js'

/** A route, and the ids in its path. */
export interface FoundRoute {
  readonly name: RouteName
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
  /** The tenant that staff have named; undefined for routes about the service. */
  readonly tenant: string | undefined
}

const table = routeEntries.map(([name, route]) => ({
  name,
  route,
  parts: route.path.split('/'),
}))

/**
 * Finds the route of a path below `api/`. Staff name the tenant before routes about one:
 * `tenants/{tenant}/connections`; nobody else can name one at all.
 */
export function findRoute(method: string, path: string, isStaff: boolean): FoundRoute {
  const parts = path.split('/').map(decoded)
  const [first, named = '', ...rest] = parts
  const isOfTenant = isStaff && first === 'tenants' && rest.length > 0 && named !== ''
  const scope = isStaff && !isOfTenant ? 'service' : undefined
  const wanted = isOfTenant ? rest : parts
  const fits = table.filter(
    ({ route, parts: own }) =>
      (isOfTenant ? route.scope === 'tenant' : scope === undefined || route.scope === scope) &&
      (isStaff || route.audience === 'everybody') &&
      own.length === wanted.length &&
      own.every((part, index) => (part.startsWith('{') ? wanted[index] !== '' : part === wanted[index])),
  )
  const found = fits.find(({ route }) => route.method === method)
  if (found === undefined) {
    if (fits.length === 0) throw notFound()
    throw new PagesFailure(405, 'method', `It must be called by ${fits.map(({ route }) => route.method).join(' or ')}.`)
  }
  const params = Object.fromEntries(
    found.parts.flatMap((part, index) => (part.startsWith('{') ? [[part.slice(1, -1), wanted[index] ?? '']] : [])),
  )
  return { name: found.name, route: found.route, params, tenant: isOfTenant ? named : undefined }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw notFound()
  }
}
