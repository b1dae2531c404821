import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { shown } from '../../data/shown.js'
import type { Answer, Connection, Credential, Made } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Dialog } from '../../ui/dialog.js'

interface Props {
  readonly connection: Connection
  readonly onClose: () => void
  readonly onDone: () => void
}

export function PauseDialog({ connection, onClose, onDone }: Props): JSX.Element {
  const { api, say, tell } = useApp()
  const { path } = useScope()
  const [reason, setReason] = useState('')
  const pause = async (): Promise<void> => {
    const answer = await api.send<Answer<'pauseConnection'>>('POST', path('connections', connection.id, 'pause'), {
      ...(reason !== '' && { reason }),
    })
    tell(answer.consequence)
    onDone()
  }
  const isEntra = connection.provider === 'entra'
  return (
    <Dialog title={say('status.pause.title')} action={say('status.pause')} onDo={pause} onClose={onClose}>
      <p>{say(isEntra ? 'status.pause.entra' : 'status.pause.others', { provider: connection.providerName })}</p>
      <label class="field">
        <span>{say('status.pause.reason')}</span>
        <input type="text" maxLength={200} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
    </Dialog>
  )
}

export function CloseDialog({ connection, onClose, onDone }: Props): JSX.Element {
  const { api, say } = useApp()
  const { path } = useScope()
  const [name, setName] = useState('')
  const close = async (): Promise<void> => {
    await api.send('POST', path('connections', connection.id, 'close'), { name })
    onDone()
  }
  return (
    <Dialog
      title={say('status.close.title')}
      action={say('status.close')}
      isDanger
      isReady={name === connection.name}
      onDo={close}
      onClose={onClose}
    >
      <p>{say('status.close.text')}</p>
      <label class="field">
        <span>{say('status.close.type', { name: shown(connection.name) })}</span>
        <input type="text" autoComplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
    </Dialog>
  )
}

export function RotateDialog({
  connection,
  onClose,
  onDone,
}: Omit<Props, 'onDone'> & { readonly onDone: (made: Made) => void }): JSX.Element {
  const { api, say, secrets } = useApp()
  const { path } = useScope()
  const rotate = async (): Promise<void> => {
    const made = await api.send<Made>('POST', path('connections', connection.id, 'credentials'))
    secrets.set(connection.id, made)
    onDone(made)
  }
  return (
    <Dialog title={say('credentials.rotate.title')} action={say('credentials.rotate')} onDo={rotate} onClose={onClose}>
      <p>{say('credentials.rotate.text')}</p>
    </Dialog>
  )
}

export function RevokeDialog({
  connection,
  credential,
  onClose,
  onDone,
}: Props & { readonly credential: Credential }): JSX.Element {
  const { api, say } = useApp()
  const { path } = useScope()
  const revoke = async (): Promise<void> => {
    await api.send('DELETE', path('connections', connection.id, 'credentials', credential.id))
    onDone()
  }
  return (
    <Dialog
      title={say('credentials.revoke.title')}
      action={say('credentials.revoke')}
      isDanger
      onDo={revoke}
      onClose={onClose}
    >
      <p>{say('credentials.revoke.text', { provider: connection.providerName })}</p>
    </Dialog>
  )
}
