import { propertiesOf } from '../is-object.js'
import { checkedUrl } from './address.js'
import { ScimClientError } from './client-error.js'
import type { Authorization, OAuthClient } from './options.js'

/** The source of the `Authorization` header. */
export interface HeaderSource {
  readonly header: () => Promise<string | undefined>
  /** Reports that the server refused the last value. Returns true if another value can be had. */
  readonly renew: () => boolean
}

/** Makes the source of the header from the options. */
export function headerSource(
  authorization: Authorization | undefined,
  given: typeof fetch,
  insecure: boolean,
): HeaderSource {
  if (authorization === undefined) return fixed(undefined)
  if ('bare' in authorization) return fixed(authorization.bare)
  if ('basic' in authorization) {
    const { userName, password } = authorization.basic
    return fixed(basic(userName, password))
  }
  if ('oauth' in authorization) return new TokenSource(authorization.oauth, given, insecure)
  const { bearer } = authorization
  if (typeof bearer === 'string') return fixed(`Bearer ${bearer}`)
  return { header: async () => `Bearer ${await bearer()}`, renew: () => false }
}

function fixed(value: string | undefined): HeaderSource {
  return { header: async () => value, renew: () => false }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

/** A token that ends within this many seconds is not used. */
const MARGIN = 30

/** Seconds that a token is used if its answer does not say how long it lives. */
const UNKNOWN_LIFE = 300

/** Gets tokens by client credentials and uses each until shortly before it ends. */
class TokenSource implements HeaderSource {
  #current: { readonly token: Promise<string>; until: number } | undefined
  readonly #client: OAuthClient
  readonly #fetch: typeof fetch

  constructor(client: OAuthClient, given: typeof fetch, insecure: boolean) {
    checkedUrl(client.tokenUrl, insecure)
    this.#client = client
    this.#fetch = given
  }

  header = async (): Promise<string> => {
    if (this.#current === undefined || Date.now() >= this.#current.until) this.#ask()
    return `Bearer ${await this.#current?.token}`
  }

  renew = (): boolean => {
    this.#current = undefined
    return true
  }

  #ask(): void {
    const current = { until: Number.POSITIVE_INFINITY, token: Promise.resolve('') }
    current.token = this.#request().then(({ token, seconds }) => {
      current.until = Date.now() + Math.max(0, seconds - MARGIN) * 1000
      return token
    })
    this.#current = current
    current.token.catch(() => {
      // The next request tries again.
      if (this.#current === current) this.#current = undefined
    })
  }

  async #request(): Promise<{ token: string; seconds: number }> {
    const { tokenUrl, clientId, clientSecret, scope, sendIn = 'header' } = this.#client
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope && { scope }) })
    const headers = new Headers({ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' })
    // RFC 6749 section 2.3.1: id and secret are form-encoded before they become user and password.
    if (sendIn === 'header') headers.set('authorization', basic(encode(clientId), encode(clientSecret)))
    else
      for (const [name, value] of Object.entries({ client_id: clientId, client_secret: clientSecret }))
        form.set(name, value)
    const answer = await this.#fetch(tokenUrl, {
      method: 'POST',
      headers,
      body: form.toString(),
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    }).catch((cause: unknown) => {
      throw new ScimClientError('network', 'The token endpoint gave no answer.', { cause })
    })
    const body: unknown = await answer.json().catch(() => undefined)
    const { access_token: token, expires_in: life, error } = propertiesOf(body)
    if (!answer.ok || typeof token !== 'string') {
      const reason = typeof error === 'string' ? ` (${error})` : ''
      throw new ScimClientError('network', `The token endpoint gave no token: status ${answer.status}${reason}.`)
    }
    return { token, seconds: Number.isFinite(Number(life)) && life !== undefined ? Number(life) : UNKNOWN_LIFE }
  }
}

function encode(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
