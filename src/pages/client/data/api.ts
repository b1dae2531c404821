import { propertiesOf } from '../../../is-object.js'

/** A refusal of the JSON API, or a failure to reach it. */
export class ApiError extends Error {
  constructor(
    /** 0: no answer came. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** The page where the reader must sign in again, if the product wants that. */
    readonly url: string | undefined = undefined,
  ) {
    super(message)
  }
}

type Headers = Readonly<Record<string, string>>
type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** The argument of `mount`. */
export interface ApiSettings {
  /** Where the pages are mounted, with a slash at its end; relative to the page it may be `./`. */
  readonly base: string
  /** Asked before each request, for products that keep their session in memory. */
  readonly headers?: (() => Headers | Promise<Headers>) | undefined
}

/** Why staff look at people; the customer reads it. */
export interface AccessReason {
  readonly reason?: string | undefined
}

/** The JSON API under the pages. */
export class Api {
  readonly #settings: ApiSettings

  constructor(settings: ApiSettings) {
    this.#settings = settings
  }

  get<T>(path: string, query: Query = {}, more: AccessReason & { readonly signal?: AbortSignal } = {}): Promise<T> {
    return this.#ask<T>('GET', urlWith(path, query), undefined, more)
  }

  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, why: AccessReason = {}): Promise<T> {
    return this.#ask<T>(method, path, method === 'DELETE' ? undefined : (body ?? {}), why)
  }

  /** The whole address of a page under the mount. */
  urlOf(relative: string): string {
    return new URL(relative, new URL(this.#settings.base, document.baseURI)).href
  }

  async #ask<T>(
    method: string,
    path: string,
    body: unknown,
    { reason, signal }: AccessReason & { readonly signal?: AbortSignal },
  ): Promise<T> {
    const own = (await this.#settings.headers?.()) ?? {}
    let response: Response
    try {
      response = await fetch(new URL(`api/${path}`, new URL(this.#settings.base, document.baseURI)), {
        method,
        headers: {
          accept: 'application/json',
          'x-scim-pages': '1',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(reason !== undefined && { 'x-scim-reason': encodeURIComponent(reason) }),
          ...own,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ApiError(0, 'unreachable', '')
    }
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer as T
    throw errorOf(response.status, answer)
  }
}

function urlWith(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

function errorOf(status: number, answer: unknown): ApiError {
  const { code, message, url } = propertiesOf(answer)
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return new ApiError(status, text(code), text(message), typeof url === 'string' ? url : undefined)
}
