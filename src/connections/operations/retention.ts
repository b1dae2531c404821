import { DAY } from '../../time.js'
import { type Core, emitChange } from '../core/core.js'
import type { Row } from '../store/record.js'

/** How long a closed connection is kept, for people who look for its history. */
const KEPT = 90 * DAY
/** The most rows that one call removes. Later calls remove the rest. */
const STEP = 20

/**
 * Whether a connection was closed so long ago that it counts as gone. One with an imported token stays while `fallback`
 * may know that token: without its row the token would be taken again.
 */
export function isGone({ now, settings }: Core, { closed, credentials }: Row): boolean {
  if (closed === undefined || now() - closed.at < KEPT) return false
  return settings.fallback === undefined || !credentials.some(({ kind }) => kind === 'import')
}

/** Removes expired ones among the connections that a call has read, in small steps: no timer is needed. */
export async function removeGone(core: Core, gone: readonly Row[]): Promise<void> {
  try {
    for (const row of gone.slice(0, STEP)) {
      if (await core.rows.remove(row.tenant, row.id))
        emitChange(core, row, 'retention', [{ name: 'connection.removed' }])
    }
  } catch (error) {
    // The call itself was about something else.
    core.listeners.fail(error)
  }
}
