import type { IncomingMessage } from 'node:http'
import { kindOf } from '../check-options.js'
import { ScimError } from '../error.js'
import { propertiesOf } from '../is-object.js'
import { parseUrl } from '../parse-url.js'
import { SetupError } from '../setup-error.js'

interface ExpressRequest extends IncomingMessage {
  readonly baseUrl?: string
  readonly protocol?: string
  readonly app?: { readonly get?: (name: string) => unknown }
}

const HOST = /^[A-Za-z0-9._~-]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$/

/** Makes the function that returns the URL under which a request sees the service provider (decision A-108). */
export function baseUrlOf(
  option: string | ((request: unknown) => string) | undefined,
): (request: IncomingMessage) => string {
  if (option === undefined) return observedBaseUrls()
  if (typeof option === 'function') return (request) => check(option(request))
  const url = check(option)
  return () => url
}

/**
 * Makes the function that returns the URL of the service provider for requests that the application makes in its own
 * process. Without the option nothing tells a URL, so locations are paths: `/Users/2819c223`.
 */
export function inProcessBaseUrl(
  option: string | ((request: unknown) => string) | undefined,
): (request: unknown) => string {
  if (option === undefined) return () => ''
  if (typeof option === 'function') return (request) => check(option(request))
  const url = check(option)
  return () => url
}

/**
 * Protocol, host and mount path as Express understands them: forwarded headers count when the application trusts the
 * proxy.
 */
function observedBaseUrls(): (request: ExpressRequest) => string {
  // Nearly all requests see the service under one URL.
  let last = { host: '', protocol: '', mount: '', url: '' }
  return (request) => {
    const host = forwardedHost(request) ?? authority(request) ?? request.headers.host ?? ''
    const protocol = protocolOf(request)
    const mount = request.baseUrl ?? ''
    if (host !== last.host || protocol !== last.protocol || mount !== last.mount || host === '') {
      if (!HOST.test(host)) throw new ScimError(400, 'The Host header must be a host name.')
      last = { host, protocol, mount, url: `${protocol}://${host}${withoutLastSlashes(mount)}` }
    }
    return last.url
  }
}

/**
 * As Express understands it, or as the connection says where there is no Express. A forwarded header may say anything.
 */
function protocolOf({ protocol, socket }: ExpressRequest): string {
  if (protocol === 'http' || protocol === 'https') return protocol
  return propertiesOf(socket).encrypted === true ? 'https' : 'http'
}

/**
 * RFC 9113 section 8.3.1: "The recipient of an HTTP/2 request MUST NOT use the Host header field to determine the
 * target URI if ":authority" is present." In HTTP/1.1 no header has such a name.
 */
function authority({ headers }: IncomingMessage): string | undefined {
  const value = headers[':authority']
  return typeof value === 'string' ? value : undefined
}

// Express has no host with port that follows "trust proxy"; its own trust function decides here too.
function forwardedHost(request: ExpressRequest): string | undefined {
  const header = request.headers['x-forwarded-host']
  if (header === undefined) return undefined
  const trust = request.app?.get?.('trust proxy fn')
  if (typeof trust !== 'function' || !trust(request.socket.remoteAddress, 0)) return undefined
  return String(header).split(',', 1)[0]?.trim()
}

/** RFC 7644 section 1.3: the base URI "MUST NOT contain a query string". */
function check(url: unknown): string {
  const parsed = typeof url === 'string' && !/[?#]/.test(url) ? parseUrl(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    const sentence = 'Option baseUrl must be an absolute http or https URL without query and fragment'
    throw new SetupError('ERR_SCIM_BASE_URL', `${sentence}, got ${called(url)}.`)
  }
  // In the form of RFC 3986: an international host or path would make no header.
  return withoutLastSlashes(parsed.href)
}

/** The value itself is not shown: it may hold a password. */
function called(url: unknown): string {
  if (typeof url !== 'string') return kindOf(url)
  if (url === '') return 'an empty text'
  if (url.startsWith('/')) return 'a path'
  return /[?#]/.test(url) ? 'a string with a query or a fragment' : 'another string'
}

// To look for slashes from the front would take the square of the length of a path that a client chose.
function withoutLastSlashes(url: string): string {
  return /^.*[^/]/s.exec(url)?.[0] ?? ''
}
