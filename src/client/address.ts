import { parseUrl } from '../parse-url.js'
import { ScimClientError } from './client-error.js'

/**
 * The base URL of a service provider, without a slash at its end.
 *
 * Everybody on the network can read plain http (RFC 7644 section 7.2 demands TLS), so it is allowed for this machine
 * only. The base URL has no query string (RFC 7644 section 1.3).
 */
export function checkedBase(text: string, insecure: boolean): string {
  const url = checkedUrl(text, insecure)
  if (url.search !== '' || url.hash !== '') {
    throw new ScimClientError('setup', 'The base URL must have no query string and no fragment.')
  }
  return /^.*[^/]/.exec(url.href)?.[0] ?? url.href
}

/** Checks a URL to which the client will send a secret. */
export function checkedUrl(text: string, insecure: boolean): URL {
  const url = parseUrl(text)
  if (!url) throw new ScimClientError('setup', `"${text}" is no URL; write https://host/path.`)
  if (url.username !== '' || url.password !== '') {
    throw new ScimClientError('setup', 'A URL must not hold a user name or password; use the option authorization.')
  }
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:')
    throw new ScimClientError('setup', `A URL must begin with https://, not ${url.protocol}`)
  if (insecure || isLoopback(url.hostname)) return url
  throw new ScimClientError(
    'setup',
    `Plain http to ${url.hostname} would show tokens to everybody on the way; use https, or allow it (insecure).`,
  )
}

/** Whether a host name means this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
