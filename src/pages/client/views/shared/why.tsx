import type { ComponentChildren, JSX } from 'preact'
import { createContext } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { useApp, useScope } from '../../ui/app-context.js'
import { Head, Section } from '../../ui/parts.js'

/** Keeps the reasons that staff have given, by customer, as long as the page lives. */
export const Reasons = createContext<(tenant: string, reason: string) => void>(() => {})

/** Asks staff for a reason before it shows people. A customer is not asked. */
export function Why({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}): JSX.Element {
  const { say } = useApp()
  const { tenant, reason } = useScope()
  const give = useContext(Reasons)
  const [text, setText] = useState('')
  if (tenant === undefined || reason !== undefined) return <>{children}</>
  const submit = (event: Event): void => {
    event.preventDefault()
    give(tenant, text.trim())
  }
  return (
    <>
      <Head title={title} />
      <Section title={say('staff.reason.title', { tenant })} lead={say('staff.reason.text')}>
        <form class="narrow stack after" onSubmit={submit}>
          <label class="field">
            <span>{say('staff.reason.label')}</span>
            <input
              type="text"
              required
              maxLength={200}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button primary" disabled={text.trim() === ''}>
            {say('staff.reason.go')}
          </button>
        </form>
      </Section>
    </>
  )
}
