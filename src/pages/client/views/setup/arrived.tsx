import type { JSX } from 'preact'
import type { Entry, Setup } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { Section } from '../../ui/parts.js'
import { EntryList } from '../log/entry-list.js'

/** The requests until now. They show the reader that the page listens. */
export function Arrived({
  setup,
  entries,
}: {
  readonly setup: Setup
  readonly entries: readonly Entry[]
}): JSX.Element {
  const { say, format } = useApp()
  const { people, groups, requests } = setup.arrived
  return (
    <Section title={say('setup.arrived')}>
      <dl class="tallies">
        <div>
          <dt>{say('setup.arrived.requests')}</dt>
          <dd>{format.number(requests)}</dd>
        </div>
        <div>
          <dt>{say('status.people')}</dt>
          <dd>{format.number(people)}</dd>
        </div>
        <div>
          <dt>{say('status.groups')}</dt>
          <dd>{format.number(groups)}</dd>
        </div>
      </dl>
      {entries.length === 0 ? (
        <p class="lead after">{say('setup.arrived.empty')}</p>
      ) : (
        <EntryList entries={entries} isShort />
      )}
    </Section>
  )
}
