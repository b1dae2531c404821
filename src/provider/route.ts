import { ScimError } from '../error.js'
import { listResponse } from '../message/list-response.js'
import { SetupError } from '../setup-error.js'
import type { Result } from './answer/result.js'
import { bulk } from './bulk/bulk.js'
import { create } from './operations/create.js'
import { respondToDelete } from './operations/delete.js'
import { resourceTypeDiscovery, schemaDiscovery, serviceProviderConfig } from './operations/discovery.js'
import { list } from './operations/list.js'
import { ME } from './operations/me.js'
import { patch } from './operations/patch.js'
import { replace } from './operations/replace.js'
import { retrieve } from './operations/retrieve.js'
import { listAll, search } from './operations/search.js'
import type { Context } from './request/context.js'
import { startOf, typeAt } from './request/endpoint.js'
import { inputOf } from './request/input.js'
import { type FixedEndpoint, fixedEndpoint } from './setup/fixed-endpoints.js'
import type { Provider } from './setup/provider.js'
import { CORE_ENDPOINTS, type ResourceType } from './setup/resource-type.js'

const EMPTY_LIST = Object.freeze(listResponse([], { totalResults: 0, startIndex: 1 }))

/** The operations of an endpoint, one for each method, RFC 7644 section 3.2 (Table 2). */
type Methods<Target = undefined> = Readonly<Record<string, (context: Context, target: Target) => Promise<Result>>>

/** The target of a path: one resource of a type, or all resources of the type. */
interface ResourceTarget {
  readonly type: ResourceType
  readonly id: string
}

/** The endpoint of a path. */
export interface Route {
  /** Runs the operation of a method. Throws a 405 for a method that the endpoint does not have. */
  readonly run: (method: string, context: Context) => Promise<Result>
}

class Endpoint<Target> implements Route {
  constructor(
    private readonly methods: Methods<Target>,
    private readonly target: Target,
  ) {}

  run(method: string, context: Context): Promise<Result> {
    const { methods, target } = this
    // RFC 9110 section 9.3.2: HEAD answers as GET does; its body is left out when the response is written.
    const operation = Object.hasOwn(methods, method) ? methods[method] : method === 'HEAD' ? methods.GET : undefined
    if (operation === undefined) {
      // RFC 9110 section 15.5.6: a 405 lists the methods of the endpoint.
      const allowed = Object.keys(methods).flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : name))
      throw new ScimError(405, `The endpoint does not support ${method.slice(0, 20)}.`, {
        headers: { Allow: allowed.join(', ') },
      })
    }
    // RFC 9112 section 3.2: a Host that is none is a 400. Locations are made of it, which would be too late after a
    // write.
    context.requireBaseUrl()
    return operation(context, target)
  }
}

/** Finds the endpoint of a path below the base URL. Throws a 404 for a path that leads nowhere. */
export function route(provider: Provider, path: string, context: Context): Route {
  const start = startOf(path, context)
  const end = path.length > start && path.endsWith('/') ? path.length - 1 : path.length
  const slash = path.indexOf('/', start)
  const isWhole = slash < 0 || slash >= end
  const first = path.slice(start, isWhole ? end : slash)
  const rest = isWhole ? undefined : path.slice(slash + 1, end)
  return (
    find(provider, first, rest, context) ??
    findInOtherCase(provider, first, rest, context) ??
    unserved(first, rest, context) ??
    unknownEndpoint()
  )
}

function find(provider: Provider, first: string, rest: string | undefined, context: Context): Route | undefined {
  if (first === '' && rest === undefined) {
    refuseWildcardMount(context)
    return new Endpoint(ALL, undefined)
  }
  const fixed = FIXED.get(first)
  if (fixed) {
    const methods = fixed(provider, rest)
    return methods && new Endpoint(methods, undefined)
  }
  if (rest?.includes('/')) return undefined
  const type = typeAt(context, first)
  if (type === undefined) return undefined
  if (rest === '.search') return new Endpoint(SEARCH, { type, id: '' })
  if (rest === undefined) return new Endpoint(COLLECTION, { type, id: '' })
  return rest === '' ? undefined : new Endpoint(RESOURCE, { type, id: decode(rest) })
}

/** A mount path such as `/scim/v2/*splat` takes the path of every request for itself, and leaves the root. */
function refuseWildcardMount({ request: { params } }: Context): void {
  for (const [name, value] of Object.entries(params)) {
    // Express 5 gives the segments of a wildcard as an array, Express 4 gives it a number.
    if (!Array.isArray(value) && name !== 'splat' && !/^\d+$/.test(name)) continue
    throw new SetupError(
      'ERR_SCIM_MOUNT',
      'The mount path ends in a wildcard, which takes the path of every request. Mount the router without it: app.use("/scim/v2", scim).',
    )
  }
}

const COLLECTION: Methods<ResourceTarget> = Object.freeze({
  GET: (context, { type }) => list(context, type, inputOf(context)),
  POST: (context, { type }) => create(context, type, inputOf(context)),
})

const RESOURCE: Methods<ResourceTarget> = Object.freeze({
  GET: (context, { type, id }) => retrieve(context, type, id, inputOf(context)),
  PUT: (context, { type, id }) => replace(context, type, id, inputOf(context)),
  PATCH: (context, { type, id }) => patch(context, type, id, inputOf(context)),
  DELETE: (context, { type, id }) => respondToDelete(context, type, id, inputOf(context)),
})

const SEARCH: Methods<ResourceTarget> = Object.freeze({ POST: (context, { type }) => search(context, type) })
const SEARCH_ALL: Methods = Object.freeze({ POST: (context) => search(context, undefined) })
const ALL: Methods = Object.freeze({ GET: (context) => listAll(context, context.query) })
const BULK: Methods = Object.freeze({ POST: bulk })
// RFC 7644 section 3.12: 501 for an operation that the service provider does not support.
const NO_BULK: Methods = Object.freeze({ POST: noBulk })
const CONFIG: Methods = Object.freeze({ GET: serviceProviderConfig })

/** The operations of a fixed endpoint; undefined if it has none at the rest of the path. */
type MethodsAt = (provider: Provider, rest: string | undefined) => Methods | undefined

const FIXED: ReadonlyMap<string, MethodsAt> = new Map(
  Object.entries({
    Me: whole(() => ME),
    Bulk: whole(({ options }) => (options.bulk === false ? NO_BULK : BULK)),
    '.search': whole(() => SEARCH_ALL),
    ServiceProviderConfig: whole(() => CONFIG),
    ResourceTypes: (_provider, rest) => {
      if (rest?.includes('/')) return undefined
      const name = rest === undefined ? undefined : decode(rest)
      return { GET: (context) => resourceTypeDiscovery(context, name) }
    },
    // A schema URI may hold slashes, e.g. a URI that begins with "https:".
    Schemas: (_provider, rest) => {
      const uri = rest === undefined ? undefined : decode(rest)
      return { GET: (context) => schemaDiscovery(context, uri) }
    },
  } satisfies Record<FixedEndpoint, MethodsAt>),
)

/** An endpoint without resources below it. */
function whole(methods: (provider: Provider) => Methods): MethodsAt {
  return (provider, rest) => (rest === undefined ? methods(provider) : undefined)
}

/**
 * The endpoints of the standard in other letters (tolerance `endpointCase`); those of resource types are found so
 * before.
 */
function findInOtherCase(
  provider: Provider,
  first: string,
  rest: string | undefined,
  context: Context,
): Route | undefined {
  const name = fixedEndpoint(first)
  if (name === undefined || name === first || !context.tolerate('endpointCase', name)) return undefined
  return find(provider, name, rest, context)
}

function noBulk(): never {
  throw ScimError.notImplemented('Bulk operations are not supported.')
}

/** Entra's Test Connection asks for groups even where there are none (tolerance `unservedEndpoint`,
 * decision A-106). */
function unserved(first: string, rest: string | undefined, context: Context): Route | undefined {
  if (rest !== undefined || !CORE_ENDPOINTS.includes(first)) return undefined
  if (!['GET', 'HEAD'].includes(context.request.method) || !context.tolerate('unservedEndpoint', first))
    return undefined
  const methods: Methods = { GET: async () => ({ status: 200, headers: {}, body: EMPTY_LIST, large: false }) }
  return new Endpoint(methods, undefined)
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return unknownEndpoint()
  }
}

function unknownEndpoint(): never {
  throw ScimError.notFound('There is no such endpoint.')
}
