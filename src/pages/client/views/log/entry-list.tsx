import type { JSX } from 'preact'
import { shown } from '../../data/shown.js'
import type { Entry } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'
import { CopyButton } from '../../ui/copy.js'
import { Time } from '../../ui/text.js'
import { EntryFacts } from './entry-facts.js'

/** Requests with their meaning, the latest first. Each opens to everything that is known about it. */
export function EntryList({
  entries,
  isShort = false,
}: {
  readonly entries: readonly Entry[]
  readonly isShort?: boolean
}): JSX.Element {
  return (
    <ul class="entries">
      {entries.map((entry) => (
        <li key={entry.key}>
          <EntryRow entry={entry} isShort={isShort} />
        </li>
      ))}
    </ul>
  )
}

function EntryRow({ entry, isShort }: { readonly entry: Entry; readonly isShort: boolean }): JSX.Element {
  const { say, format } = useApp()
  const { explanation, status, times } = entry
  return (
    <details class="entry">
      <summary>
        <span class="entry-time muted">
          <Time at={entry.time} />
        </span>
        <span class="entry-text">
          <span class="sentence">{shown(explanation.sentence)}</span>
          <span class="second mono">
            {entry.method} {shown(entry.path)}
            {entry.query !== undefined && !isShort && `?${shown(entry.query)}`}
            {times > 1 && ` · ${say('log.times', { count: times, last: format.moment(entry.last) })}`}
          </span>
        </span>
        <span class={`code-of ${toneOf(status)}`}>{status}</span>
      </summary>
      <div class="entry-more">
        {explanation.hint !== '' && (
          <p>
            <strong>{say('log.hint')}:</strong> {shown(explanation.hint)}
          </p>
        )}
        <EntryFacts entry={entry} />
        <p class="row">
          <CopyButton value={entry.support} label={say('log.support')} text={say('log.support')} class="button" />
          <span class="muted small">{say('log.support.text')}</span>
        </p>
      </div>
    </details>
  )
}

function toneOf(status: number): string {
  if (status >= 500 || status === 401) return 'bad'
  if (status >= 400) return 'warn'
  return 'fine'
}
