import { SetupError } from '../../index.js'
import { DAY } from '../../time.js'
import type { Core } from '../core/core.js'
import { type Duration, readDuration } from '../options/duration.js'
import { type ConnectionChange, changeConnection, shown } from './place.js'
import type { Connection } from './view.js'

/** How a connection is to be recorded. */
export interface NewRecording extends ConnectionChange {
  /**
   * How long, `'24h'` at most. It takes the place of a recording that runs.
   *
   * @defaultValue `'15m'`
   */
  readonly for?: Duration
  /**
   * Whether values are shown, which are personal data of the customer's people. Passwords and tokens never are.
   *
   * @defaultValue `false`: types and lengths
   */
  readonly values?: boolean
}

export async function recordConnection(
  core: Core,
  { for: length = '15m', values = false, ...change }: NewRecording,
): Promise<Connection> {
  const milliseconds = readDuration(length)
  if (milliseconds === undefined || milliseconds <= 0 || milliseconds > DAY) {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      "Option for of connections.record must be a length of time such as '15m', at most '24h'.",
    )
  }
  if (typeof values !== 'boolean') {
    throw new SetupError(
      'ERR_SCIM_OPTION',
      `Option values of connections.record must be a boolean, got ${typeof values}.`,
    )
  }
  const row = await changeConnection(
    core,
    'record',
    change,
    (row, deed) => ({ ...row, recording: { ...deed, until: deed.at + milliseconds, values } }),
    [{ name: 'connection.recorded' }],
  )
  return shown(core, row)
}

export async function stopRecording(core: Core, change: ConnectionChange): Promise<Connection> {
  const row = await changeConnection(core, 'stopRecording', change, ({ recording: _recording, ...row }) => row, [
    { name: 'connection.recordingStopped' },
  ])
  return shown(core, row)
}
