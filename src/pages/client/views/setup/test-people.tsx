import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Setup } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Failure, Section } from '../../ui/parts.js'
import { Name } from '../../ui/text.js'

const MOST = 5

/** Lets only named people through, until the connection goes live. */
export function TestPeople({
  setup,
  reload,
}: {
  readonly setup: Setup
  readonly reload: () => void
}): JSX.Element | null {
  const { api, say, session } = useApp()
  const { path } = useScope()
  const [text, setText] = useState(setup.testPeople.join('\n'))
  const [error, setError] = useState<unknown>()
  const { id, state } = setup.connection
  if (!session.has.testing || state === 'closed' || state === 'paused') return null
  const people = [...new Set(text.split(/[\n,;]/).map((line) => line.trim()))].filter((line) => line !== '')
  const send = async (call: 'test' | 'live', body: unknown): Promise<void> => {
    setError(undefined)
    try {
      await api.send('POST', path('connections', id, call), body)
      reload()
    } catch (failure) {
      setError(failure)
    }
  }
  if (state === 'testing') {
    return (
      <Section title={say('setup.test.on', { count: setup.testPeople.length })} lead={say('setup.test.lead')}>
        <ul class="after">
          {setup.testPeople.map((person) => (
            <li key={person}>
              <Name>{person}</Name>
            </li>
          ))}
        </ul>
        {error !== undefined && <Failure error={error} />}
        <button type="button" class="button primary after" onClick={() => send('live', {})}>
          {say('setup.test.live')}
        </button>
      </Section>
    )
  }
  return (
    <Section title={say('setup.test.title')} lead={say('setup.test.lead')}>
      <form
        class="narrow stack after"
        onSubmit={(event) => {
          event.preventDefault()
          void send('test', { people: people.slice(0, MOST) })
        }}
      >
        <label class="field">
          <span>{say('setup.test.label')}</span>
          <textarea rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        {error !== undefined && <Failure error={error} />}
        <button type="submit" class="button" disabled={people.length === 0 || people.length > MOST}>
          {say('setup.test.start')}
        </button>
      </form>
    </Section>
  )
}
