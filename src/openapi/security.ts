import type { JsonObject } from '../schema/model/resource.js'
import type { ServiceScheme } from './service.js'

/**
 * HTTP schemes by the kinds of RFC 7643 section 5. The client sends a token of OAuth 2.0 as a bearer token (RFC 6750).
 */
const SCHEMES: Readonly<Record<string, string>> = {
  oauth: 'OAuth',
  oauth2: 'bearer',
  oauthbearertoken: 'bearer',
  httpbasic: 'basic',
  httpdigest: 'digest',
}

/** The authentication schemes, by their kinds. A client needs one of them. */
export function securitySchemes(schemes: readonly ServiceScheme[]): Readonly<Record<string, JsonObject>> {
  const known = schemes.filter(({ type }) => SCHEMES[type] !== undefined)
  return Object.fromEntries(
    known.map(({ type, name, description }) => {
      const words = [name, description].filter((text) => text !== undefined && text !== '').join(': ')
      return [type, { type: 'http', scheme: SCHEMES[type], ...(words && { description: words }) }]
    }),
  )
}
