import type { IncomingMessage } from 'node:http'

/** Every request that changes something carries it: no form of another site can set a header. */
const MARK = 'x-scim-pages'

/**
 * Whether a request comes from the pages themselves: the browser says so (`Sec-Fetch-Site`), or its `Origin` is that of
 * the service; and it carries the header `X-Scim-Pages: 1`. A request that says neither is refused.
 */
export function isFromPages({ headers }: IncomingMessage, origin: string): boolean {
  if (headers[MARK] !== '1') return false
  const site = headers['sec-fetch-site']
  // Sec-Fetch-Site decides: a browser that says "same-origin" sends no other origin beside it.
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === origin
}
