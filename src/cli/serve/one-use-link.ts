import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const COOKIE = 'scim_serve'
const SESSION = /(?:^|; )scim_serve=([\w-]+)/

/**
 * Signs in one browser: the link that the command prints holds a key that works once, and the answer sets a cookie for
 * the session. Other users of the machine and pages of other sites have neither the key nor the cookie.
 */
export class OneUseLink {
  readonly key = randomBytes(24).toString('base64url')
  readonly #session = randomBytes(24).toString('base64url')
  #isUsed = false

  /** Whether the request comes from the browser that opened the link. */
  isSignedIn({ headers }: IncomingMessage): boolean {
    return isSame(SESSION.exec(headers.cookie ?? '')?.[1] ?? '', this.#session)
  }

  /**
   * Answers a request for `/`. With the key it signs the browser in, once. Without a key it redirects a browser that is
   * signed in.
   */
  answer(request: IncomingMessage, response: ServerResponse, place: string): void {
    const key = new URL(request.url ?? '/', 'http://localhost').searchParams.get('key')
    response.setHeader('Cache-Control', 'no-store').setHeader('Referrer-Policy', 'no-referrer')
    if (key !== null && !this.#isUsed && isSame(key, this.key)) {
      this.#isUsed = true
      response.setHeader('Set-Cookie', `${COOKIE}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`)
    } else if (!this.isSignedIn(request)) {
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' })
      response.end(
        'This link works once, in the browser that opens it first. Start the command again for another link.\n',
      )
      return
    }
    response.writeHead(302, { Location: place }).end()
  }
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
