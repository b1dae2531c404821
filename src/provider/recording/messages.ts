import { parse } from 'node:querystring'
import { hasOwn } from '../../has-own.js'
import { isObject } from '../../is-object.js'
import type { Context } from '../request/context.js'
import type { ResourceType } from '../setup/resource-type.js'
import { type RecordedPath, recordedPath } from './recorded-path.js'
import { shownFilter, shownName, shownPath } from './shown-filter.js'
import { UNKNOWN, type Viewer } from './viewer.js'

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head']
const SORT_ORDERS = ['ascending', 'descending']
const MOST_PARAMETERS = 20

type MemberForms = Readonly<Record<string, (value: unknown) => unknown>>

/** The messages of the standard as a recording shows them, each in the form that it has. */
export class Messages {
  constructor(
    private readonly viewer: Viewer,
    private readonly context: Context,
  ) {}

  place(path: string): RecordedPath {
    return recordedPath(this.viewer, this.context, path)
  }

  /** The parameters of a query string; undefined: there is none. */
  query(text: string, place: RecordedPath): unknown {
    if (text === '') return undefined
    return this.viewer.members(parse(text, '&', '=', { maxKeys: MOST_PARAMETERS }), this.#parameters(place.type))
  }

  requestBody(body: unknown, method: string, place: RecordedPath): unknown {
    if (body === undefined) return undefined
    if (place.endpoint === 'Bulk') return this.#bulk(body)
    if (place.isSearch) return this.viewer.members(body, { schemas: this.#schemas, ...this.#parameters(place.type) })
    return place.type ? this.#data(body, method, place.type) : UNKNOWN
  }

  responseBody(body: unknown, status: number, place: RecordedPath): unknown {
    if (body === undefined) return undefined
    if (status >= 400) return this.#error(body)
    if (place.endpoint === 'Bulk') return this.#bulk(body)
    if (isObject(body) && Array.isArray(body.Resources) && (place.type || place.isSearch || place.shown === '/')) {
      return this.#list(body, place.type)
    }
    // Discovery is the same for all clients, so it may be recorded.
    return place.type ? this.viewer.resource(place.type, body) : UNKNOWN
  }

  readonly #schemas = (value: unknown): unknown =>
    Array.isArray(value) ? this.viewer.list(value, (each) => this.viewer.word(each)) : this.viewer.word(value)

  /** The message that a method sends to a resource type. */
  #data(body: unknown, method: string, type: ResourceType): unknown {
    return method.toUpperCase() === 'PATCH' ? this.#patch(body, type) : this.viewer.resource(type, body)
  }

  /** RFC 7644 section 3.4.2 */
  #parameters(type: ResourceType | undefined): MemberForms {
    const types = type ? [type] : this.context.provider.types
    const names = (value: unknown): unknown => {
      if (Array.isArray(value)) return this.viewer.list(value, (each) => names(each))
      return typeof value === 'string'
        ? value
            .slice(0, 2_000)
            .split(',')
            .map((name) => shownName(name, types))
            .join(',')
        : this.viewer.word(value)
    }
    return {
      filter: (value) => shownFilter(this.viewer, value, types),
      attributes: names,
      excludedAttributes: names,
      sortBy: names,
      sortOrder: (value) => this.viewer.word(value, SORT_ORDERS),
      startIndex: (value) => this.viewer.number(value),
      count: (value) => this.viewer.number(value),
      // A cursor is for the client that received it.
      cursor: (value) => this.viewer.word(value),
    }
  }

  /** RFC 7644 section 3.5.2 */
  #patch(body: unknown, type: ResourceType): unknown {
    const operation = (value: unknown): unknown => {
      const given = memberOf(value, 'path')
      const { shown, attribute } = shownPath(this.viewer, typeof given === 'string' ? given : '', type)
      return this.viewer.members(value, {
        op: (op) => this.viewer.word(op, ['add', 'remove', 'replace']),
        path: (path) => (typeof path === 'string' ? shown : this.viewer.word(path)),
        value: (one) => (attribute ? this.viewer.value(one, attribute, type) : UNKNOWN),
      })
    }
    return this.viewer.members(body, { schemas: this.#schemas, Operations: this.#each(operation) })
  }

  /** RFC 7644 section 3.7, request and response. */
  #bulk(body: unknown): unknown {
    const operation = (value: unknown): unknown => {
      const place = this.place(this.#relative(memberOf(value, 'path') ?? memberOf(value, 'location')))
      const method = String(memberOf(value, 'method'))
      return this.viewer.members(value, {
        method: (one) => this.viewer.word(one, METHODS),
        path: () => place.shown,
        location: () => place.shown,
        bulkId: (one) => this.viewer.word(one),
        version: (one) => this.viewer.word(one),
        status: (one) => this.viewer.number(one),
        data: (one) => (place.type ? this.#data(one, method, place.type) : UNKNOWN),
        response: (one) => (place.type && !isError(one) ? this.viewer.resource(place.type, one) : this.#error(one)),
      })
    }
    return this.viewer.members(body, {
      schemas: this.#schemas,
      failOnErrors: (value) => this.viewer.number(value),
      Operations: this.#each(operation),
    })
  }

  #relative(path: unknown): string {
    const text = typeof path === 'string' ? path.slice(0, 2_000) : ''
    const { baseUrl } = this.context
    return text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length) : text
  }

  /** RFC 7644 section 3.12 */
  #error(body: unknown): unknown {
    return this.viewer.members(body, {
      schemas: this.#schemas,
      scimType: (value) => value,
      status: (value) => this.viewer.number(value),
      detail: (value) => this.viewer.detail(value),
    })
  }

  #list(body: unknown, type: ResourceType | undefined): unknown {
    const one = (resource: unknown): unknown => {
      const own =
        type ?? this.context.provider.typesByName.get(String(memberOf(memberOf(resource, 'meta'), 'resourcetype')))
      return own ? this.viewer.resource(own, resource) : UNKNOWN
    }
    const number = (value: unknown): unknown => this.viewer.number(value)
    return this.viewer.members(body, {
      schemas: this.#schemas,
      totalResults: number,
      itemsPerPage: number,
      startIndex: number,
      nextCursor: (value) => this.viewer.word(value),
      previousCursor: (value) => this.viewer.word(value),
      Resources: this.#each(one),
    })
  }

  #each(show: (value: unknown) => unknown): (value: unknown) => unknown {
    return (value) => (Array.isArray(value) ? this.viewer.list(value, show) : this.viewer.word(value))
  }
}

/** The member of an object whose name is this one in lower case; the last of several. */
function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined
  let found: unknown
  for (const key in value) {
    if (key.length === name.length && key.toLowerCase() === name && hasOwn.call(value, key)) found = value[key]
  }
  return found
}

function isError(body: unknown): boolean {
  return isObject(body) && 'status' in body && !('id' in body)
}
