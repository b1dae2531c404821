import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Answer, Setup } from '../../data/types.js'
import { useApp, useCan, useScope } from '../../ui/app-context.js'
import { endOf } from '../../ui/health.js'
import { Content, Failure, Head, Notice } from '../../ui/parts.js'
import { useRead } from '../../ui/use-read.js'
import { Arrived } from './arrived.js'
import { SendToColleague } from './send.js'
import { StepList } from './step-list.js'
import { StepView } from './step-view.js'
import { Symptoms } from './symptoms.js'
import { TestPeople } from './test-people.js'
import { Undo } from './undo.js'
import { useArrivals } from './use-arrivals.js'

/** Notes a choice or a step of the set-up. */
export type Note = (change: {
  readonly app?: string
  readonly method?: string
  readonly step?: string
  readonly ticked?: readonly string[]
  readonly finished?: boolean
}) => Promise<void>

/** The set-up of one connection, from the first explanation to the first person and the first leaver. */
export function SetupPage({ id }: { readonly id: string }): JSX.Element {
  const found = useRead<Answer<'getSetup'>>(['connections', id, 'setup'])
  return <Content of={found}>{(setup) => <Wizard first={setup} reload={found.reload} />}</Content>
}

function Wizard({ first, reload }: { readonly first: Setup; readonly reload: () => void }): JSX.Element {
  const { api, say, format } = useApp()
  const { path } = useScope()
  const can = useCan()
  const [setup, setSetup] = useState(first)
  const [error, setError] = useState<unknown>()
  const [isSending, setSending] = useState(false)
  // An answer that was read again after a request has arrived takes the place of the shown one.
  useEffect(() => setSetup(first), [first])
  const { connection, guide, steps } = setup
  const end = endOf(connection)
  const entries = useArrivals(connection.id, reload)
  const [shownStep, setShownStep] = useState<string | undefined>()
  const current = shownStep ?? setup.step ?? steps.find(({ state }) => state === 'open')?.id ?? steps[0]?.id
  const step = steps.find(({ id }) => id === current) ?? steps[0]
  const done = steps.filter(({ state }) => state !== 'open').length
  const note: Note = async (change) => {
    setError(undefined)
    try {
      setSetup(await api.send<Setup>('PATCH', path('connections', connection.id, 'setup'), change))
    } catch (failure) {
      setError(failure)
    }
  }
  const show = (id: string): void => {
    setShownStep(id)
    if (can('credentials')) void note({ step: id })
  }
  return (
    <>
      <Head
        title={say('setup.title', { provider: guide.name })}
        actions={
          can('read') &&
          can('credentials') && (
            <button type="button" class="button" onClick={() => setSending(true)}>
              {say('setup.send')}
            </button>
          )
        }
      >
        {say('setup.done', { done, all: steps.length })}
      </Head>
      {error !== undefined && <Failure error={error} />}
      {setup.finished && (
        <div class="section">
          <Notice tone="good" title={say('setup.finished')}>
            <p>
              {say('setup.finished.counts', { people: setup.arrived.people, groups: setup.arrived.groups })}{' '}
              {end !== undefined && say('setup.finished.end', { time: format.day(end) })}
            </p>
            <p>{guide.cadence}</p>
          </Notice>
        </div>
      )}
      <div class="setup">
        <StepList steps={steps} current={step?.id} onShow={show} />
        <div>
          {step !== undefined && (
            <StepView key={step.id} setup={setup} step={step} note={note} show={show} reload={reload} />
          )}
          <Arrived setup={setup} entries={entries} />
          <Symptoms guide={guide} />
          {can('credentials') && <TestPeople setup={setup} reload={reload} />}
          {can('close') && <Undo setup={setup} reload={reload} />}
        </div>
      </div>
      {isSending && <SendToColleague connection={connection} onClose={() => setSending(false)} />}
    </>
  )
}
