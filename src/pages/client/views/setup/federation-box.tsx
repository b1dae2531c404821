import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { federationIn } from '../../data/federation.js'
import type { Connection } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Failure } from '../../ui/parts.js'

/** One box for the values that Entra shows, and the values that were found in it. */
export function FederationBox({
  connection,
  reload,
}: {
  readonly connection: Connection
  readonly reload: () => void
}): JSX.Element {
  const { api, say, tell } = useApp()
  const { path } = useScope()
  const [text, setText] = useState('')
  const [error, setError] = useState<unknown>()
  const federation = federationIn(text)
  const take = async (event: Event): Promise<void> => {
    event.preventDefault()
    setError(undefined)
    try {
      await api.send('POST', path('connections', connection.id, 'credentials'), { federation })
      tell(say('federation.taken'))
      setText('')
      reload()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <form class="stack narrow" onSubmit={take}>
      <label class="field">
        <span>{say('federation.label')}</span>
        <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      {text !== '' && federation === undefined && (
        <p class="notice warn" role="status">
          {say('federation.wrong')}
        </p>
      )}
      {federation !== undefined && (
        <dl class="facts">
          <dt>{say('federation.tenant')}</dt>
          <dd class="mono">{federation.tenantId}</dd>
          <dt>{say('federation.subject')}</dt>
          <dd class="mono">{federation.subject}</dd>
          <dt>{say('federation.audience')}</dt>
          <dd class="mono">{federation.audience}</dd>
        </dl>
      )}
      {error !== undefined && <Failure error={error} />}
      <button type="submit" class="button primary" disabled={federation === undefined}>
        {say('federation.take')}
      </button>
    </form>
  )
}
