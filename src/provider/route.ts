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

/** An endpoint: what it does, and whether it may be read without credentials. */
export interface Route {
  readonly methods: Methods
  readonly discovery?: boolean
}

/** Finds the endpoint of a path below the base URL. Throws a 404 for a path that leads nowhere. */
export function route(provider: Provider, path: string, context: Context): Route {
  const [first = '', second, ...rest] = path.replace(/^\/|\/$/g, '').split('/')
  if (rest.length > 0) return findSchema(first, [second ?? '', ...rest]) ?? unknownEndpoint()
  if (second === undefined) {
    const route = whole(provider, first)
    if (route) return route
  }
  const type = typeAt(context, first)
  if (type && second === '.search') return { methods: { POST: (context) => search(context, type) } }
  if (type) return second === undefined ? collection(type) : resource(type, decode(second))
  return discovery(first, second) ?? unserved(first, second, context) ?? unknownEndpoint()
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
    return { discovery: true, methods: { GET: serviceProviderConfig } }
  }
  const name = second === undefined ? undefined : decode(second)
  if (first === 'ResourceTypes') {
    return { discovery: true, methods: { GET: (context) => resourceTypeDiscovery(context, name) } }
  }
  if (first === 'Schemas') return { discovery: true, methods: { GET: (context) => schemaDiscovery(context, name) } }
  return undefined
}

/** A schema URI may hold slashes, e.g. one that begins with "https:". */
function findSchema(first: string, rest: readonly string[]): Route | undefined {
  return first === 'Schemas' ? discovery(first, rest.join('/')) : undefined
}

/** Entra's Test Connection asks for groups even where there are none (tolerance `unservedEndpoint`). */
function unserved(first: string, second: string | undefined, context: Context): Route | undefined {
  if (second !== undefined || !CORE_ENDPOINTS.includes(first)) return undefined
  if (context.request.method !== 'GET' || !context.tolerate('unservedEndpoint', first)) return undefined
  return { methods: { GET: async () => ({ status: 200, headers: {}, body: EMPTY_LIST, large: false }) } }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return unknownEndpoint()
  }
}

function unknownEndpoint(): never {
  throw ScimError.notFound('There is no such endpoint.')
}
