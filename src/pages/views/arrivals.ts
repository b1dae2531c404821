import type { Connection } from '../../connections/index.js'
import type { Entry } from '../../guides/index.js'
import type { LogEntry } from '../../journal/index.js'
import { MINUTE } from '../../time.js'

/** A request of an identity provider, as the set-up looks at it. */
export interface Arrival extends Entry {
  readonly time: Date
  readonly last: Date
  /** Where it stands in the log; undefined if the log has no entry of it. */
  readonly key?: string
}

/**
 * The requests of a connection, oldest first, with the last refusal of the token endpoint: that endpoint answers before
 * the router, so the log has no entry of it, and the reason stands in the connection alone.
 */
export function arrivalsOf(
  entries: readonly LogEntry[],
  { method, lastFailure }: Pick<Connection, 'method' | 'lastFailure'>,
): readonly Arrival[] {
  if (method === 'token' || lastFailure === undefined) return entries
  const { at, reason } = lastFailure
  const isLogged = entries.some(
    ({ status, refusal, last }) =>
      status === 401 && refusal?.reason === reason && Math.abs(last.getTime() - at.getTime()) < MINUTE,
  )
  if (isLogged) return entries
  const refused: Arrival = { method: 'POST', path: '', status: 401, time: at, last: at, refusal: { reason } }
  const index = entries.findIndex(({ time }) => time > at)
  return index < 0 ? [...entries, refused] : [...entries.slice(0, index), refused, ...entries.slice(index)]
}
