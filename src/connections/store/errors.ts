/** Why a call about a connection could not be done. */
export type ConnectionsErrorCode = 'unknown' | 'closed' | 'method' | 'taken' | 'busy' | 'federation'

/** A call about a connection that cannot be done as things are: for the pages of the application, not for clients. */
export class ConnectionsError extends Error {
  override readonly name = 'ConnectionsError'

  constructor(
    /** `unknown`: the tenant has no such connection, credential or invitation. */
    readonly code: ConnectionsErrorCode,
    message: string,
  ) {
    super(message)
  }
}

export function unknownConnection(): ConnectionsError {
  return new ConnectionsError('unknown', 'The tenant has no such connection.')
}
