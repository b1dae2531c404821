import type { GroupResource, UserResource } from '../index.js'
import type { Answer, RequestOptions } from './answer.js'
import { type BulkOperation, type BulkResult, bulkBody, bulkResults } from './bulk.js'
import { ScimClientError } from './client-error.js'
import { pageOf } from './list.js'
import { checkClientOptions } from './option-table.js'
import type { ScimClientOptions } from './options.js'
import { type AnyResource, ResourceClient } from './resource-client.js'
import { Transport } from './transport.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** The features that a service provider announces, RFC 7643 section 5 and RFC 9865 section 4. */
export interface ServiceProviderConfig {
  /** Whether PATCH is supported. */
  readonly patch: { readonly supported: boolean }
  /** Whether bulk requests are supported, the most operations in one, and the most bytes of its body. */
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number }
  /** Whether filters are supported, and the most resources in one answer. */
  readonly filter: { readonly supported: boolean; readonly maxResults: number }
  /** Whether passwords can be changed. */
  readonly changePassword: { readonly supported: boolean }
  /** Whether lists can be ordered. */
  readonly sort: { readonly supported: boolean }
  /** Whether resources have versions (ETag). */
  readonly etag: { readonly supported: boolean }
  /** The methods of paging, their sizes, and how many seconds a cursor is valid; absent before RFC 9865. */
  readonly pagination?: {
    readonly cursor: boolean
    readonly index: boolean
    readonly defaultPaginationMethod?: 'cursor' | 'index'
    readonly defaultPageSize?: number
    readonly maxPageSize?: number
    readonly cursorTimeout?: number
  }
  /** The ways to authenticate. */
  readonly authenticationSchemes: readonly { readonly type: string; readonly name: string }[]
}

/**
 * A client of one SCIM 2.0 service provider.
 *
 * It repeats a request after a wait if the server demands it (429 and 503, `Retry-After`), follows pages by index and
 * by cursor, sends preconditions for versions, and sends tokens over TLS only (except to this machine).
 *
 * @example
 * ```ts
 * import { filter, patch, ScimClient } from 'express-scim/client'
 *
 * const scim = new ScimClient('https://app.example/scim/v2', {
 *   authorization: { bearer: process.env.SCIM_TOKEN ?? '' },
 * })
 * const babs = await scim.users.create({ userName: 'babs@example.com', active: true })
 * await scim.users.patch(babs.id, patch().replace('active', false))
 * for await (const user of scim.users.list({ filter: filter`active eq ${false}`, count: 100 })) console.log(user.userName)
 * ```
 */
export class ScimClient {
  /** The base URL, without a slash at its end. */
  readonly base: string
  /** The users at `/Users`. */
  readonly users: ResourceClient<UserResource>
  /** The groups at `/Groups`. */
  readonly groups: ResourceClient<GroupResource>
  readonly #transport: Transport

  /** @throws a `ScimClientError` with the code `setup` for an invalid base URL or option. */
  constructor(base: string, options: ScimClientOptions = {}) {
    checkClientOptions(options)
    this.#transport = new Transport(base, options)
    this.base = this.#transport.base
    this.users = this.resources<UserResource>('/Users', USER)
    this.groups = this.resources<GroupResource>('/Groups', GROUP)
  }

  /**
   * The resources of any endpoint: `scim.resources<DeviceResource>('/Devices', 'urn:…:Device')`.
   *
   * @param schema the URI of the base schema. If you give it, the resources that you send may leave out `schemas`.
   */
  resources<R extends AnyResource>(endpoint: string, schema?: string): ResourceClient<R> {
    if (!/^\/[^/?#]+$/.test(endpoint)) {
      throw new ScimClientError('setup', `An endpoint must be one part of a path such as /Users, not "${endpoint}".`)
    }
    return new ResourceClient<R>(this.#transport, endpoint, schema)
  }

  /** The features that the server announces: `/ServiceProviderConfig`. */
  async serviceProviderConfig(): Promise<ServiceProviderConfig> {
    return (await this.#read('/ServiceProviderConfig')).body as ServiceProviderConfig
  }

  /** The resource types of the server. */
  async resourceTypes(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return pageOf<Readonly<Record<string, unknown>>>(await this.#read('/ResourceTypes')).resources
  }

  /** The schemas of the server. */
  async schemas(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return pageOf<Readonly<Record<string, unknown>>>(await this.#read('/Schemas')).resources
  }

  /**
   * Sends several operations in one request: RFC 7644 section 3.7. Resolves with a result for each operation that the
   * server has processed; check the `status` of each.
   *
   * @param failOnErrors the number of errors after which the server stops. Default: it tries all operations.
   */
  async bulk(
    operations: readonly BulkOperation[],
    { failOnErrors, signal }: { readonly failOnErrors?: number; readonly signal?: AbortSignal } = {},
  ): Promise<readonly BulkResult[]> {
    const body = bulkBody(operations, failOnErrors)
    const answer = await this.#transport.send('POST', '/Bulk', { body, ...(signal && { signal }) })
    if (answer.status !== 200) throw ScimClientError.refused('POST /Bulk', answer)
    return bulkResults(answer)
  }

  /** Sends any request below the base URL. Resolves with the answer of the server, also if it is an error. */
  send(method: string, path: string, request: RequestOptions = {}): Promise<Answer> {
    return this.#transport.send(method, path, request)
  }

  async #read(path: string): Promise<Answer> {
    const answer = await this.#transport.send('GET', path)
    if (answer.status !== 200) throw ScimClientError.refused(`GET ${path}`, answer)
    if (typeof answer.body === 'object' && answer.body !== null) return answer
    throw new ScimClientError('answer', `GET ${path} was answered with something that is not JSON.`, { answer })
  }
}
