import type { GroupResource, UserResource } from '../index.js'
import type { Answer, RequestOptions } from './answer.js'
import { type BulkOperation, type BulkResult, bulkBody, bulkResults } from './bulk.js'
import { ScimClientError } from './client-error.js'
import { pageOf } from './list.js'
import type { ScimClientOptions } from './options.js'
import { type AnyResource, ResourceClient } from './resource-client.js'
import { Transport } from './transport.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/** What a service provider says it can do, RFC 7643 section 5 and RFC 9865 section 4. */
export interface ServiceProviderConfig {
  readonly patch: { readonly supported: boolean }
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number }
  readonly filter: { readonly supported: boolean; readonly maxResults: number }
  readonly changePassword: { readonly supported: boolean }
  readonly sort: { readonly supported: boolean }
  readonly etag: { readonly supported: boolean }
  readonly pagination?: {
    readonly cursor: boolean
    readonly index: boolean
    readonly defaultPaginationMethod?: 'cursor' | 'index'
    readonly defaultPageSize?: number
    readonly maxPageSize?: number
    readonly cursorTimeout?: number
  }
  readonly authenticationSchemes: readonly { readonly type: string; readonly name: string }[]
}

/**
 * Speaks SCIM 2.0 to one service provider.
 *
 * It waits and sends again where the server asks for it (429 and 503, `Retry-After`), follows pages by index and by
 * cursor, writes under a version where one is given, and sends tokens over TLS only, to this machine apart.
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

  /** @throws a `ScimClientError` with the code `setup` for a base URL or an option that cannot be right. */
  constructor(base: string, options: ScimClientOptions = {}) {
    this.#transport = new Transport(base, options)
    this.base = this.#transport.base
    this.users = this.resources<UserResource>('/Users', USER)
    this.groups = this.resources<GroupResource>('/Groups', GROUP)
  }

  /**
   * The resources of any endpoint: `scim.resources<DeviceResource>('/Devices', 'urn:…:Device')`.
   *
   * @param schema the URI of the base schema; given, `schemas` may be left out of what is sent.
   */
  resources<R extends AnyResource>(endpoint: string, schema?: string): ResourceClient<R> {
    if (!/^\/[^/?#]+$/.test(endpoint)) {
      throw new ScimClientError('setup', `An endpoint must be one part of a path such as /Users, not "${endpoint}".`)
    }
    return new ResourceClient<R>(this.#transport, endpoint, schema)
  }

  /** What the server says it can do: `/ServiceProviderConfig`. */
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
   * Sends several operations in one request: RFC 7644 section 3.7. One entry for each operation that the server has
   * processed; `status` tells how it ended, so look at each.
   *
   * @param failOnErrors after so many errors the server stops. Default: it tries them all.
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

  /** Sends any request below the base URL. Resolves with whatever the server answers, errors too. */
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
