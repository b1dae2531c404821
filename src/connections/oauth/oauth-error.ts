import type { RefusalReason } from '../../index.js'

/**
 * The codes of RFC 6749 section 5.2 that this endpoint answers with; `temporarily_unavailable` and `server_error` are
 * those of section 4.1.2.1.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error'

const STATUS: Readonly<Record<OAuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  unsupported_grant_type: 400,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** A token request that is refused. The response does not tell an unknown client from a wrong secret. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly status: number

  constructor(
    readonly code: OAuthErrorCode,
    /** For the client. */
    readonly description?: string,
    /** For the connection: why its credentials were refused. */
    readonly reason?: RefusalReason,
  ) {
    super(reason ?? description ?? code)
    this.status = STATUS[code]
  }
}

export function invalidRequest(description: string): OAuthError {
  return new OAuthError('invalid_request', description)
}

export function invalidClient(reason: RefusalReason): OAuthError {
  return new OAuthError('invalid_client', undefined, reason)
}
