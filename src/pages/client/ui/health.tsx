import type { JSX } from 'preact'
import type { Connection, HealthState } from '../data/types.js'
import { useApp } from './app-context.js'
import { Status, type Tone } from './parts.js'
import { Time } from './text.js'

const TONES: Readonly<Record<HealthState['state'], Tone>> = {
  waiting: 'open',
  good: 'good',
  late: 'warn',
  silent: 'bad',
  failing: 'bad',
  lockedOut: 'bad',
  paused: 'open',
  closed: 'none',
}

/** The health of a connection, in a word with a colour. */
export function Health({
  health,
  state,
}: {
  readonly health: HealthState
  readonly state?: Connection['state']
}): JSX.Element {
  const { say } = useApp()
  return (
    <>
      <Status tone={TONES[health.state]}>{say(`health.${health.state}`)}</Status>
      {state === 'testing' && (
        <>
          {' '}
          <span class="tag">{say('health.testing')}</span>
        </>
      )}
    </>
  )
}

/** When the last request came, and whether its credential was refused. */
export function LastRequest({ of }: { readonly of: Connection }): JSX.Element {
  const { say } = useApp()
  if (of.lastRequest === undefined) return <>{say('never')}</>
  const { at, accepted } = of.lastRequest
  return (
    <>
      <Time at={at} as="ago" />
      {!accepted && <span class="second">{say('status.last.refused')}</span>}
    </>
  )
}

/** The day on which the newest credential ends, if there is one. */
export function endOf({ credentials }: Connection): string | undefined {
  const ends = credentials.filter(({ state }) => state === 'live').flatMap(({ expires }) => expires ?? [])
  return ends.sort().at(-1)
}
