import { propertiesOf } from '../is-object.js'
import { parseJson } from '../json-values.js'
import { checkedBase } from './address.js'
import type { Answer, Exchange, RequestOptions } from './answer.js'
import { type HeaderSource, headerSource } from './authorization.js'
import { ScimClientError } from './client-error.js'
import { hideHeaders, hidePasswords } from './hide.js'
import type { ScimClientOptions } from './options.js'
import { readText } from './read-text.js'
import { asksToWait, delayAfter, type RetryPlan, retryPlan } from './retry.js'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Sends requests to one service provider. */
export class Transport {
  readonly base: string
  readonly #options: ScimClientOptions
  readonly #fetch: typeof fetch
  readonly #source: HeaderSource
  readonly #plan: RetryPlan

  constructor(base: string, options: ScimClientOptions) {
    const insecure = options.insecure ?? false
    this.base = checkedBase(base, insecure)
    this.#options = options
    this.#fetch = options.fetch ?? fetch
    this.#source = headerSource(options.authorization, this.#fetch, insecure)
    this.#plan = retryPlan(options.retry)
  }

  /** Sends a request. Repeats it if the server demands a wait. Resolves with the last answer, of any status. */
  async send(method: string, path: string, request: RequestOptions = {}): Promise<Answer> {
    const url = this.#urlOf(path)
    let renewed = false
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#try(method, url, request, attempt)
      if (answer instanceof ScimClientError) {
        // A write may have been carried out although its answer was lost, so only reads are sent again.
        const again = answer.code !== 'answer' && READS.has(method) && attempt < this.#plan.attempts
        if (!again) throw answer
      } else if (answer.status === 401 && !renewed && this.#source.renew()) {
        renewed = true
        continue
      } else if (!asksToWait(answer) || attempt >= this.#plan.attempts) {
        return answer
      }
      const delay = delayAfter(attempt, answer instanceof ScimClientError ? undefined : answer, this.#plan)
      if (delay === undefined) {
        if (answer instanceof ScimClientError) throw answer
        return answer
      }
      await this.#plan.wait(delay, request.signal)
    }
  }

  /** A path below the base URL, or a URL that begins with it. The token must not be sent to other addresses. */
  #urlOf(path: string): string {
    const url = /^([/?]|$)/.test(path) ? this.base + path : path
    if (url.startsWith(this.base) && /^([/?]|$)/.test(url.slice(this.base.length))) return url
    throw new ScimClientError('setup', 'A path must begin with / or with the base URL of the client.')
  }

  async #try(method: string, url: string, request: RequestOptions, attempt: number): Promise<Answer | ScimClientError> {
    const headers = await this.#headersOf(request)
    const body = bodyOf(request.body)
    const began = performance.now()
    const result = await this.#fetchText(method, url, headers, body, request.signal)
    this.#report({ method, url, body, attempt, began }, headers, result)
    return result
  }

  async #headersOf({ headers = {}, body }: RequestOptions): Promise<Headers> {
    const sent = new Headers({ accept: 'application/scim+json', 'user-agent': 'express-scim-client' })
    if (body !== undefined) sent.set('content-type', 'application/scim+json')
    for (const [name, value] of Object.entries(this.#options.headers ?? {})) sent.set(name, value)
    const authorization = 'authorization' in headers ? undefined : await this.#source.header()
    if (authorization !== undefined) sent.set('authorization', authorization)
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) sent.delete(name)
      else sent.set(name, value)
    }
    return sent
  }

  async #fetchText(
    method: string,
    url: string,
    headers: Headers,
    body: string | null,
    signal: AbortSignal | undefined,
  ): Promise<Answer | ScimClientError> {
    const { timeout = 30_000, maxAnswerBytes = 64 * 2 ** 20 } = this.#options
    const controller = new AbortController()
    const abort = (): void => controller.abort(signal?.reason)
    const timer = setTimeout(() => controller.abort(), timeout)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    try {
      // Redirects are returned as answers: following one would send the token to another address.
      const response = await this.#fetch(url, { method, headers, body, redirect: 'manual', signal: controller.signal })
      const text = await readText(response, maxAnswerBytes)
      return { status: response.status, headers: response.headers, text, body: parseJson(text) }
    } catch (cause) {
      if (cause instanceof ScimClientError) return cause
      if (signal?.aborted) throw signal.reason
      const name = `${method} ${new URL(url).pathname}`
      if (controller.signal.aborted) {
        return new ScimClientError('timeout', `${name} got no answer within ${timeout} ms.`, { cause })
      }
      return new ScimClientError('network', `${name} got no answer: ${reasonOf(cause)}.`, { cause })
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  #report(
    sent: { method: string; url: string; body: string | null; attempt: number; began: number },
    headers: Headers,
    result: Answer | ScimClientError,
  ): void {
    if (this.#options.onExchange === undefined) return
    const { method, url, body, attempt, began } = sent
    const exchange: Exchange = {
      method,
      url,
      requestHeaders: hideHeaders(headers, Object.keys(this.#options.headers ?? {})),
      requestBody: hidePasswords(body ?? undefined),
      ...(result instanceof ScimClientError ? { error: result.message } : { answer: result }),
      milliseconds: performance.now() - began,
      attempt,
    }
    this.#options.onExchange(exchange)
  }
}

function bodyOf(body: unknown): string | null {
  if (body === undefined) return null
  return typeof body === 'string' ? body : JSON.stringify(body)
}

/** The error code of the system for a failed connection, such as `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const { cause, message } = propertiesOf(error)
  const { code, message: of } = propertiesOf(cause)
  return String(code ?? of ?? message)
}
