import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { shown } from '../../data/shown.js'
import type { Setup, Step } from '../../data/types.js'
import type { TextKey } from '../../texts/index.js'
import { useApp, useCan } from '../../ui/app-context.js'
import { Notice } from '../../ui/parts.js'
import { Rich, Time } from '../../ui/text.js'
import { AppChoice, MethodChoice } from './choices.js'
import { FederationBox } from './federation-box.js'
import { Fields, Mapping } from './fields.js'
import { People } from './people-here.js'
import type { Note } from './setup-page.js'

/** One step: its task, its evidence, the mistakes that were seen, and those that can happen. */
export function StepView({
  setup,
  step,
  note,
  show,
  reload,
}: {
  readonly setup: Setup
  readonly step: Step
  readonly note: Note
  readonly show: (id: string) => void
  readonly reload: () => void
}): JSX.Element {
  const { say, format } = useApp()
  const can = useCan()
  const { guide, steps } = setup
  // The steps that follow depend on it.
  const isChosen = step.id !== 'app' || guide.apps.length < 2 || setup.app !== undefined
  return (
    <article class="step" aria-labelledby="step-title">
      <h2 id="step-title">{step.title}</h2>
      <div class="texts">
        {step.texts.map((text) => (
          <p key={text}>
            <Rich text={text} />
          </p>
        ))}
      </div>
      {step.id === 'start' && <People setup={setup} />}
      {step.id === 'app' && guide.apps.length > 1 && <AppChoice setup={setup} note={note} />}
      {step.id === 'method' && guide.methods.length > 1 && <MethodChoice setup={setup} note={note} />}
      {step.id === 'federated' && can('credentials') && <FederationBox connection={setup.connection} reload={reload} />}
      {step.fields.length > 0 && <Fields fields={step.fields} connection={setup.connection} reload={reload} />}
      {step.mapping.length > 0 && <Mapping rows={step.mapping} provider={guide.name} />}
      <div class="stack" aria-live="polite">
        {noticesAt(steps, step).map(({ id, text, at, of }) => (
          <Notice key={id} tone="bad" title={of}>
            <p>
              <Rich text={shown(at === undefined ? text : text.replaceAll('{time}', format.moment(at)))} />
            </p>
            {at !== undefined && !text.includes('{time}') && (
              <p class="muted small">
                <Time at={at} />
              </p>
            )}
          </Notice>
        ))}
        <Seen step={step} provider={guide.name} />
      </div>
      {can('credentials') && (
        <Moves step={step} steps={steps} isChosen={isChosen} isFinished={setup.finished} note={note} show={show} />
      )}
      {step.faults.length > 0 && (
        <details>
          <summary>{say('setup.wrong')}</summary>
          <div>
            <dl class="faults">
              {step.faults.map(({ id, what, fix }) => (
                <>
                  <dt key={id}>
                    <Rich text={what} />
                  </dt>
                  <dd>
                    <Rich text={fix} />
                  </dd>
                </>
              ))}
            </dl>
          </div>
        </details>
      )}
    </article>
  )
}

type StepNotice = Step['notices'][number] & { readonly of: string | undefined }

/**
 * The mistakes of a step, and those of earlier steps that requests show: a token that was pasted wrong shows itself
 * when the reader has gone on.
 */
function noticesAt(steps: readonly Step[], step: Step): readonly StepNotice[] {
  const before = steps.slice(0, steps.indexOf(step)).reverse()
  const own = step.notices.map((notice) => ({ ...notice, of: whatOf(step, notice.id) }))
  const others = before.flatMap((earlier) =>
    earlier.notices
      .filter(({ entry }) => entry !== undefined)
      .map((notice) => ({ ...notice, of: whatOf(earlier, notice.id) })),
  )
  const all: readonly StepNotice[] = [...own, ...others]
  return all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index)
}

function whatOf({ faults }: Step, id: string): string | undefined {
  return faults.find((fault) => fault.id === id)?.what.replace(/[*`]/g, '')
}

function Seen({ step, provider }: { readonly step: Step; readonly provider: string }): JSX.Element | null {
  const { say } = useApp()
  if (step.state === 'seen') {
    return (
      <Notice tone="good">
        <p>
          <Rich text={step.done ?? say('setup.ticked')} />
        </p>
        {step.at !== undefined && (
          <p class="muted small">
            <Time at={step.at} />
          </p>
        )}
      </Notice>
    )
  }
  return step.ticks && step.state === 'open' ? <Waiting provider={provider} /> : null
}

/** A dot that moves and a clock: the page listens. */
function Waiting({ provider }: { readonly provider: string }): JSX.Element {
  const { say } = useApp()
  const [since] = useState(Date.now)
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.floor((now - since) / 1_000)
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <div class="waiting">
      <p>
        {say('setup.waiting', { provider })} <span aria-hidden="true">{say('setup.waited', { time: clock })}</span>
      </p>
    </div>
  )
}

/** The first step has nothing to do: it lists the next steps. */
function wordOf({ id, state }: Step): TextKey {
  if (state !== 'open') return 'setup.onward'
  return id === 'start' ? 'setup.begin' : 'setup.next'
}

function Moves({
  step,
  steps,
  isChosen,
  isFinished,
  note,
  show,
}: {
  readonly step: Step
  readonly steps: readonly Step[]
  readonly isChosen: boolean
  readonly isFinished: boolean
  readonly note: Note
  readonly show: (id: string) => void
}): JSX.Element {
  const { say } = useApp()
  const ticked = steps.filter(({ state }) => state === 'ticked').map(({ id }) => id)
  const next = steps[steps.findIndex(({ id }) => id === step.id) + 1]
  const isOpen = step.state === 'open'
  const goOn = async (): Promise<void> => {
    const all = isOpen ? [...ticked, step.id] : ticked
    await note({ ticked: all, ...(next === undefined && { finished: true }) })
    if (next !== undefined) show(next.id)
  }
  const undo = (): Promise<void> => note({ ticked: ticked.filter((id) => id !== step.id) })
  return (
    <div class="row">
      {!(next === undefined && isFinished) && (
        <button
          type="button"
          class={`button ${step.ticks && isOpen ? '' : 'primary'}`}
          disabled={!isChosen}
          onClick={goOn}
        >
          {say(next === undefined ? 'setup.finish' : wordOf(step))}
        </button>
      )}
      {step.state === 'ticked' && (
        <button type="button" class="button plain" onClick={undo}>
          {say('setup.undoStep')}
        </button>
      )}
    </div>
  )
}
