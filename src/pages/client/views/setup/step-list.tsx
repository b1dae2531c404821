import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Step } from '../../data/types.js'
import { useApp } from '../../ui/app-context.js'

/** All steps, which of them are done, and which one is shown. */
export function StepList({
  steps,
  current,
  onShow,
}: {
  readonly steps: readonly Step[]
  readonly current: string | undefined
  readonly onShow: (id: string) => void
}): JSX.Element {
  const { say } = useApp()
  // On a small screen only the step that is shown has room.
  const [isWhole, setWhole] = useState(false)
  const choose = (id: string): void => {
    setWhole(false)
    onShow(id)
  }
  return (
    <nav class={`steps ${isWhole ? 'all' : ''}`} aria-label={say('setup.steps')}>
      <ol>
        {steps.map(({ id, title, state }, index) => (
          <li key={id} class={id === current ? 'current' : ''}>
            <button type="button" aria-current={id === current ? 'step' : undefined} onClick={() => choose(id)}>
              <span class={`tick ${state === 'open' ? '' : 'done'}`} aria-hidden="true">
                {state === 'open' ? index + 1 : '✓'}
              </span>
              <span>
                {title}
                {state !== 'open' && <span class="hidden-text"> ({say('setup.ticked')})</span>}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <button type="button" class="all-steps button plain" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
        {say(isWhole ? 'setup.steps.one' : 'setup.steps.all')}
      </button>
    </nav>
  )
}
