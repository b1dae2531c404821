import { invalidClient, invalidRequest } from './oauth-error.js'

/** The credentials by which a client identifies itself. */
export interface ClientCredentials {
  readonly clientId: string
  readonly secret: string | undefined
  /** A JSON Web Token that another party has signed (RFC 7523 section 2.2). */
  readonly assertion: string | undefined
}

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Reads the credentials of a client, from the Authorization header (`client_secret_basic`), from the body
 * (`client_secret_post`), or from both: RFC 6749 section 2.3 forbids that, Microsoft Entra ID offers it as "Both". It
 * is taken if both say the same.
 */
export function readClientCredentials(
  authorization: string | undefined,
  form: ReadonlyMap<string, string>,
): ClientCredentials {
  const basic = authorization === undefined ? undefined : readBasic(authorization)
  const assertion = form.get('client_assertion')
  const body = { clientId: form.get('client_id'), secret: form.get('client_secret') }
  if (basic && body.clientId !== undefined && body.clientId !== basic.clientId) throw differs()
  if (basic && body.secret !== undefined && body.secret !== basic.secret) throw differs()
  if ((assertion !== undefined) !== (form.get('client_assertion_type') === JWT_BEARER)) {
    throw invalidRequest(`client_assertion needs client_assertion_type ${JWT_BEARER}, and the other way round.`)
  }
  if (assertion !== undefined && (basic !== undefined || body.secret !== undefined)) {
    throw invalidRequest('A client must authenticate by one method: a secret or an assertion.')
  }
  const clientId = basic?.clientId ?? body.clientId
  if (clientId === undefined) {
    if (assertion === undefined) throw invalidClient('missing')
    throw invalidRequest('client_id must be sent beside client_assertion.')
  }
  const secret = basic?.secret ?? body.secret
  if (secret === undefined && assertion === undefined) throw invalidClient('missing')
  return { clientId, secret, assertion }
}

function readBasic(authorization: string): { readonly clientId: string; readonly secret: string } {
  const [, encoded] = /^Basic +([0-9A-Za-z+/=]+)$/i.exec(authorization.trim()) ?? []
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) throw invalidClient('malformed')
  return { clientId: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) }
}

// RFC 6749 section 2.3.1: both are "encoded using the "application/x-www-form-urlencoded" encoding algorithm".
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw invalidClient('malformed')
  }
}

function differs(): Error {
  return invalidRequest('The Authorization header and the body name different credentials.')
}
