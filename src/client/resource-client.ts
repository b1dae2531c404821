import type { Answer, RequestOptions } from './answer.js'
import { ScimClientError } from './client-error.js'
import {
  type ListOptions,
  type ListPage,
  type PageOptions,
  type Projection,
  pageOf,
  queryOf,
  searchBody,
  walkByCursor,
  walkByIndex,
} from './list.js'
import type { PatchBody, PatchBuilder } from './patch-builder.js'
import type { Transport } from './transport.js'

/** The attributes of a resource that the client uses. */
export interface AnyResource {
  /** The id that the server gave to the resource. */
  readonly id?: string
  /** `version` becomes `If-Match` of a write, `location` is the URL of the resource. */
  readonly meta?: { readonly version?: string | undefined; readonly location?: string | undefined } | undefined
}

/** The body for a new resource, without the attributes that the server sets. `schemas` is optional. */
export type NewResource<R> = Partial<Omit<R, 'id' | 'meta' | 'schemas'>> & {
  /** The URIs of the schemas that the resource uses. */
  readonly schemas?: readonly string[]
  readonly [attribute: string]: unknown
}

/** The options of a request for a single resource. */
export interface ResourceOptions extends Projection {
  /** Aborts the request. */
  readonly signal?: AbortSignal
}

/** The options of a write. */
export interface WriteOptions extends ResourceOptions {
  /** Write only if the resource still has this version (`meta.version`): RFC 7644 section 3.14. */
  readonly ifMatch?: string
}

/** The most attempts of {@link ResourceClient.update} if other clients change the resource at the same time. */
const UPDATES = 5

/** The resources of one endpoint, such as `/Users`. Every method throws a `ScimClientError` if it fails. */
export class ResourceClient<R extends AnyResource> {
  /** The path of the endpoint below the base URL, such as `/Users`. */
  readonly endpoint: string
  readonly #transport: Transport
  readonly #schema: string | undefined

  constructor(transport: Transport, endpoint: string, schema: string | undefined) {
    this.#transport = transport
    this.endpoint = endpoint
    this.#schema = schema
  }

  /** Creates a resource: RFC 7644 section 3.3. Resolves with the resource that the server stored. */
  async create(resource: NewResource<R>, options: ResourceOptions = {}): Promise<R> {
    const answer = await this.#send('POST', '', options, { body: this.#withSchemas(resource) })
    return resourceOf<R>(answer, `POST ${this.endpoint}`)
  }

  /** Reads a resource: RFC 7644 section 3.4.1. */
  async get(id: string, options: ResourceOptions = {}): Promise<R> {
    return resourceOf<R>(await this.#send('GET', this.#path(id), options), `GET ${this.endpoint}/{id}`)
  }

  /** Reads a resource again if its version has changed; resolves with undefined if not. RFC 7644 section 3.14. */
  async getIfChanged(known: R, options: ResourceOptions = {}): Promise<R | undefined> {
    const { id = '', meta } = known
    const headers = { 'if-none-match': meta?.version ?? null }
    const answer = await this.#send('GET', this.#path(id), options, { headers }, [304])
    return answer.status === 304 ? undefined : resourceOf<R>(answer, `GET ${this.endpoint}/{id}`)
  }

  /** Replaces a resource: RFC 7644 section 3.5.1. */
  async replace(id: string, resource: NewResource<R>, options: WriteOptions = {}): Promise<R> {
    const answer = await this.#write('PUT', id, options, this.#withSchemas(resource))
    return resourceOf<R>(answer, `PUT ${this.endpoint}/{id}`)
  }

  /** Changes a resource: RFC 7644 section 3.5.2. Resolves with undefined if the server answers 204. */
  async patch(id: string, change: PatchBuilder | PatchBody, options: WriteOptions = {}): Promise<R | undefined> {
    const answer = await this.#write('PATCH', id, options, change)
    return answer.status === 204 ? undefined : resourceOf<R>(answer, `PATCH ${this.endpoint}/{id}`)
  }

  /** Deletes a resource: RFC 7644 section 3.6. */
  async delete(id: string, options: Omit<WriteOptions, keyof Projection> = {}): Promise<void> {
    await this.#write('DELETE', id, options)
  }

  /**
   * Reads a resource, asks the callback for a change, and writes it on the condition that the version is still the
   * same. If another client changed the resource in between (412), it starts again, at most five times. If the callback
   * returns undefined, nothing is written.
   */
  async update(id: string, change: (current: R) => PatchBuilder | PatchBody | undefined): Promise<R> {
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.get(id)
      const wanted = change(current)
      if (wanted === undefined) return current
      const { version } = current.meta ?? {}
      try {
        return (await this.patch(id, wanted, version === undefined ? {} : { ifMatch: version })) ?? (await this.get(id))
      } catch (error) {
        const late = error instanceof ScimClientError && error.status === 412
        if (!late || attempt >= UPDATES) throw error
      }
    }
  }

  /** One page of resources. */
  async page(options: PageOptions = {}): Promise<ListPage<R>> {
    const { search = false, signal } = options
    const request = signal === undefined ? {} : { signal }
    const answer = search
      ? await this.#sendPlain('POST', '/.search', { ...request, body: searchBody(options) })
      : await this.#sendPlain('GET', queryOf(options), request)
    return pageOf<R>(answer)
  }

  /**
   * Iterates over all resources. The client reads each page when the loop needs it.
   *
   * `paging: 'cursor'` uses cursors (RFC 9865), which miss and repeat nothing when resources are created or deleted in
   * between; `serviceProviderConfig().pagination.cursor` says whether a server supports them. Default: by index.
   */
  list({
    paging = 'index',
    ...options
  }: ListOptions & { readonly paging?: 'index' | 'cursor' } = {}): AsyncGenerator<R, void, undefined> {
    if (paging === 'cursor') return walkByCursor((cursor) => this.page({ ...options, cursor }))
    return walkByIndex((startIndex) => this.page({ ...options, startIndex }))
  }

  /** The first resource that matches a filter; undefined if none matches. */
  async first(filter: string, options: ResourceOptions = {}): Promise<R | undefined> {
    const { resources } = await this.page({ ...options, filter })
    return resources[0]
  }

  #path(id: string): string {
    return `/${encodeURIComponent(id)}`
  }

  #withSchemas(resource: NewResource<R>): unknown {
    return this.#schema === undefined ? resource : { schemas: [this.#schema, ...extensionsOf(resource)], ...resource }
  }

  #write(method: string, id: string, { ifMatch, ...options }: WriteOptions, body?: unknown): Promise<Answer> {
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
    return this.#send(method, this.#path(id), options, { headers, ...(body !== undefined && { body }) })
  }

  #send(
    method: string,
    path: string,
    { signal, ...projection }: ResourceOptions,
    request: RequestOptions = {},
    also: readonly number[] = [],
  ): Promise<Answer> {
    const whole = signal === undefined ? request : { ...request, signal }
    return this.#sendPlain(method, path + queryOf(projection), whole, also)
  }

  async #sendPlain(
    method: string,
    path: string,
    request: RequestOptions,
    also: readonly number[] = [],
  ): Promise<Answer> {
    const answer = await this.#transport.send(method, this.endpoint + path, request)
    if ((answer.status >= 200 && answer.status < 300) || also.includes(answer.status)) return answer
    throw ScimClientError.refused(`${method} ${this.endpoint}`, answer)
  }
}

/** The URIs of the extensions whose attributes a resource has. */
function extensionsOf(resource: object): string[] {
  return Object.keys(resource).filter((name) => name.toLowerCase().startsWith('urn:'))
}

function resourceOf<R>(answer: Answer, request: string): R {
  const { body } = answer
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as R
  throw new ScimClientError('answer', `${request} was answered with ${answer.status} and no resource.`, { answer })
}
