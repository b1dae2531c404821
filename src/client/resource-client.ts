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

/** A resource as a client needs to know it. */
export interface AnyResource {
  readonly id?: string
  readonly meta?: { readonly version?: string | undefined; readonly location?: string | undefined } | undefined
}

/** What a client sends to create a resource: without what the server sets. `schemas` may be left out. */
export type NewResource<R> = Partial<Omit<R, 'id' | 'meta' | 'schemas'>> & {
  readonly schemas?: readonly string[]
  readonly [attribute: string]: unknown
}

/** What may be said of a single resource. */
export interface ResourceOptions extends Projection {
  readonly signal?: AbortSignal
}

/** What may be said of a write. */
export interface WriteOptions extends ResourceOptions {
  /** Writes only while the resource has this version (`meta.version`): RFC 7644 section 3.14. */
  readonly ifMatch?: string
}

/** How often {@link ResourceClient.update} begins again when somebody else was faster. */
const UPDATES = 5

/** The resources of one endpoint, such as `/Users`. Every method throws a `ScimClientError` when it does not succeed. */
export class ResourceClient<R extends AnyResource> {
  /** The path of the endpoint below the base URL: `/Users`. */
  readonly endpoint: string
  readonly #transport: Transport
  readonly #schema: string | undefined

  constructor(transport: Transport, endpoint: string, schema: string | undefined) {
    this.#transport = transport
    this.endpoint = endpoint
    this.#schema = schema
  }

  /** Creates a resource: RFC 7644 section 3.3. Resolves with what the server made of it. */
  async create(resource: NewResource<R>, options: ResourceOptions = {}): Promise<R> {
    const answer = await this.#send('POST', '', options, { body: this.#withSchemas(resource) })
    return resourceOf<R>(answer, `POST ${this.endpoint}`)
  }

  /** Reads a resource: RFC 7644 section 3.4.1. */
  async get(id: string, options: ResourceOptions = {}): Promise<R> {
    return resourceOf<R>(await this.#send('GET', this.#path(id), options), `GET ${this.endpoint}/{id}`)
  }

  /** Reads a resource again if it has another version than this one; undefined if not. RFC 7644 section 3.14. */
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

  /** Changes a resource: RFC 7644 section 3.5.2. Resolves with undefined when the server answers 204. */
  async patch(id: string, change: PatchBuilder | PatchBody, options: WriteOptions = {}): Promise<R | undefined> {
    const answer = await this.#write('PATCH', id, options, change)
    return answer.status === 204 ? undefined : resourceOf<R>(answer, `PATCH ${this.endpoint}/{id}`)
  }

  /** Deletes a resource: RFC 7644 section 3.6. */
  async delete(id: string, options: Omit<WriteOptions, keyof Projection> = {}): Promise<void> {
    await this.#write('DELETE', id, options)
  }

  /**
   * Reads a resource, asks what to change, and writes that under the version that was read. If somebody else was faster
   * (412), all of it begins again, five times at most. Nothing is written when there is nothing to change.
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
   * All resources, page after page, read while the loop runs.
   *
   * `paging: 'cursor'` walks by cursor (RFC 9865), which misses and repeats nothing when resources come and go in between;
   * `serviceProviderConfig().pagination.cursor` tells whether a server can. Default: by index.
   */
  list({
    paging = 'index',
    ...options
  }: ListOptions & { readonly paging?: 'index' | 'cursor' } = {}): AsyncGenerator<R, void, undefined> {
    if (paging === 'cursor') return walkByCursor((cursor) => this.page({ ...options, cursor }))
    return walkByIndex((startIndex) => this.page({ ...options, startIndex }))
  }

  /** The first resource that matches a filter; undefined when there is none. */
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

/** The URIs of the extensions that a resource has attributes of. */
function extensionsOf(resource: object): string[] {
  return Object.keys(resource).filter((name) => name.toLowerCase().startsWith('urn:'))
}

function resourceOf<R>(answer: Answer, request: string): R {
  const { body } = answer
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as R
  throw new ScimClientError('answer', `${request} was answered with ${answer.status} and no resource.`, { answer })
}
