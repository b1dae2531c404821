import { hasProperties } from '../is-object.js'

/** Shown in place of a secret. */
const HIDDEN = '[hidden]'

const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key'])

/** The headers with secrets hidden. `kept` names the headers that are known to hold no secret. */
export function hideHeaders(headers: Headers, secret: Iterable<string> = []): Record<string, string> {
  const hidden = new Set([...secret].map((name) => name.toLowerCase()))
  return Object.fromEntries(
    [...headers].map(([name, value]) => [name, SECRET_HEADERS.has(name) || hidden.has(name) ? HIDDEN : value]),
  )
}

/** A body without the passwords in it. A body that is not JSON is returned as it is. */
export function hidePasswords(body: string | undefined): string | undefined {
  if (body === undefined || !/password|secret/i.test(body)) return body
  try {
    return JSON.stringify(hidden(JSON.parse(body)))
  } catch {
    return HIDDEN
  }
}

/** Hides the attribute `password`, and the values of PATCH operations on it. */
function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden)
  if (!hasProperties(value)) return value
  const { path } = value
  const aboutPassword = typeof path === 'string' && isSecret(path)
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      isSecret(name) || (aboutPassword && name === 'value') ? HIDDEN : hidden(part),
    ]),
  )
}

function isSecret(name: string): boolean {
  return /(^|[:.])(password|client_?secret)$/i.test(name)
}
