import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Answer, Connection } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Copy } from '../../ui/copy.js'
import { Dialog } from '../../ui/dialog.js'

/** A link for a person who administers the identity provider and has no account here. */
export function SendToColleague({
  connection,
  onClose,
}: {
  readonly connection: Connection
  readonly onClose: () => void
}): JSX.Element {
  const { api, say, format } = useApp()
  const { path } = useScope()
  const [made, setMade] = useState<{ readonly link: string; readonly expires: string } | undefined>()
  const make = async (): Promise<'stay' | undefined> => {
    if (made !== undefined) return
    const { link, expires } = await api.send<Answer<'invite'>>('POST', path('invitations'), {
      connection: connection.id,
    })
    setMade({ link: api.urlOf(link), expires })
    return 'stay'
  }
  return (
    <Dialog
      title={say('setup.send')}
      action={say(made === undefined ? 'setup.send.make' : 'close')}
      onDo={make}
      onClose={onClose}
    >
      <p>{say('setup.send.text')}</p>
      {made !== undefined && (
        <>
          <Copy value={made.link} label={say('setup.send.link')} />
          <p class="muted small">{say('setup.send.once', { time: format.moment(made.expires) })}</p>
        </>
      )}
    </Dialog>
  )
}
