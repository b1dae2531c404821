import { ScimError } from '../error.js'
import { listResponse } from '../message/list-response.js'
import { bulk } from './bulk.js'
import type { Context } from './context.js'
import { create } from './create.js'
import { remove } from './delete.js'
import { resourceTypeDiscovery, schemaDiscovery, serviceProviderConfig } from './discovery.js'
import { typeAt } from './endpoint.js'
import { inputOf } from './input.js'
import { list } from './list.js'
import { ME } from './me.js'
import { modify } from './modify.js'
import type { Provider } from './provider.js'
import { replace } from './replace.js'
import { CORE_ENDPOINTS, type ResourceType } from './resource-type.js'
import type { Result } from './result.js'
import { retrieve } from './retrieve.js'
import { listAll, search } from './search.js'

const EMPTY_LIST = Object.freeze(listResponse([], { totalResults: 0, startIndex: 1 }))

/** What an endpoint does for each method, RFC 7644 section 3.2 (Table 2). */
export type Methods = Readonly<Record<string, (context: Context) => Promise<Result>>>

/** An endpoint. */
export interface Route {
  readonly methods: Methods
}

/** Finds the endpoint of a path below the base URL. Throws a 404 for a path that leads nowhere. */
export function route(provider: Provider, path: string, context: Context): Route {
  const end = path.length > 1 && path.endsWith('/') ? -1 : undefined
  const [first = '', ...rest] = path.slice(path.startsWith('/') ? 1 : 0, end).split('/')
  return (
    find(provider, first, rest, context) ??
    findInOtherCase(provider, first, rest, context) ??
    unserved(first, rest, context) ??
    unknownEndpoint()
  )
}

function find(provider: Provider, first: string, rest: readonly string[], context: Context): Route | undefined {
  // A schema URI may hold slashes, e.g. one that begins with "https:".
  if (rest.length > 1) return first === 'Schemas' ? discovery(first, rest.join('/')) : undefined
  const [second] = rest
  const route = second === undefined ? whole(provider, first) : undefined
  if (route) return route
  const type = typeAt(context, first)
  if (type === undefined) return discovery(first, second)
  if (second === '.search') return { methods: { POST: (context) => search(context, type) } }
  if (second === undefined) return collection(type)
  return second === '' ? undefined : resource(type, decode(second))
}

const FIXED = new Map(
  ['Me', 'Bulk', 'ServiceProviderConfig', 'ResourceTypes', 'Schemas'].map((name) => [name.toLowerCase(), name]),
)

/** The endpoints of the standard in other letters (tolerance `endpointCase`); those of resource types are found so before. */
function findInOtherCase(
  provider: Provider,
  first: string,
  rest: readonly string[],
  context: Context,
): Route | undefined {
  const name = FIXED.get(first.toLowerCase())
  if (name === undefined || name === first || !context.tolerate('endpointCase', name)) return undefined
  return find(provider, name, rest, context)
}

/** The endpoints that belong to no resource type. */
function whole({ options }: Provider, first: string): Route | undefined {
  switch (first) {
    case '':
      return { methods: { GET: (context) => listAll(context, context.query) } }
    case '.search':
      return { methods: { POST: (context) => search(context, undefined) } }
    case 'Me':
      return { methods: ME }
    case 'Bulk':
      // RFC 7644 section 3.12: 501 for an operation that the service provider does not support.
      return { methods: { POST: options.bulk === false ? noBulk : bulk } }
    default:
      return undefined
  }
}

function noBulk(): never {
  throw ScimError.notImplemented('Bulk operations are not supported.')
}

function collection(type: ResourceType): Route {
  return {
    methods: {
      GET: (context) => list(context, type, inputOf(context)),
      POST: (context) => create(context, type, inputOf(context)),
    },
  }
}

function resource(type: ResourceType, id: string): Route {
  return {
    methods: {
      GET: (context) => retrieve(context, type, id, inputOf(context)),
      PUT: (context) => replace(context, type, id, inputOf(context)),
      PATCH: (context) => modify(context, type, id, inputOf(context)),
      DELETE: (context) => remove(context, type, id, inputOf(context)),
    },
  }
}

function discovery(first: string, second: string | undefined): Route | undefined {
  if (first === 'ServiceProviderConfig' && second === undefined) {
    return { methods: { GET: serviceProviderConfig } }
  }
  const name = second === undefined ? undefined : decode(second)
  if (first === 'ResourceTypes') {
    return { methods: { GET: (context) => resourceTypeDiscovery(context, name) } }
  }
  if (first === 'Schemas') return { methods: { GET: (context) => schemaDiscovery(context, name) } }
  return undefined
}

/** Entra's Test Connection asks for groups even where there are none (tolerance `unservedEndpoint`). */
function unserved(first: string, rest: readonly string[], context: Context): Route | undefined {
  if (rest.length > 0 || !CORE_ENDPOINTS.includes(first)) return undefined
  if (!['GET', 'HEAD'].includes(context.request.method) || !context.tolerate('unservedEndpoint', first))
    return undefined
  return { methods: { GET: async () => ({ status: 200, headers: {}, body: EMPTY_LIST, large: false }) } }
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
