import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useApp } from '../../ui/app-context.js'

/** What Entra shows for its workload identity. */
export interface Federation {
  readonly tenantId: string
  readonly subject: string
  readonly audience: string
}

const ISSUER = /https:\/\/login\.[\w.]+\/([0-9a-f-]{36})\/v2\.0/i
const GUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi

/** Finds the values in a text in which they stand in any order, each with or without its name. */
export function federationIn(pasted: string): Federation | undefined {
  const tenantId = ISSUER.exec(pasted)?.[1]?.toLowerCase()
  if (tenantId === undefined) return undefined
  const named = (name: string): string | undefined =>
    new RegExp(`${name}[^\\n:]{0,40}[:\\t ]\\s*(\\S+)`, 'i').exec(pasted)?.[1]
  const others = [...pasted.replace(ISSUER, '').matchAll(GUID)]
    .map(([guid]) => guid.toLowerCase())
    .filter((guid) => guid !== tenantId)
  const audience = named('audience') ?? /api:\/\/[\w./-]+/.exec(pasted)?.[0] ?? others[1]
  const subject = named('subject') ?? others.find((guid) => audience?.toLowerCase().includes(guid) !== true)
  return audience === undefined || subject === undefined ? undefined : { tenantId, subject, audience }
}

/** One box for the values that Entra shows, and what was read from it. */
export function FederationBox({ onRead }: { readonly onRead: (read: Federation | undefined) => void }): JSX.Element {
  const { say } = useApp()
  const [text, setText] = useState('')
  const read = federationIn(text)
  const change = (value: string): void => {
    setText(value)
    onRead(federationIn(value))
  }
  return (
    <div class="stack">
      <label class="field">
        <span>{say('federation.label')}</span>
        <textarea rows={4} value={text} onInput={(event) => change(event.currentTarget.value)} />
      </label>
      {text !== '' && read === undefined && (
        <p class="notice warn" role="status">
          {say('federation.wrong')}
        </p>
      )}
      {read !== undefined && (
        <dl class="facts">
          <dt>{say('federation.tenant')}</dt>
          <dd class="mono">{read.tenantId}</dd>
          <dt>{say('federation.subject')}</dt>
          <dd class="mono">{read.subject}</dd>
          <dt>{say('federation.audience')}</dt>
          <dd class="mono">{read.audience}</dd>
        </dl>
      )}
    </div>
  )
}
