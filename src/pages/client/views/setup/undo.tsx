import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Answer, Setup } from '../../data/types.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { Dialog } from '../../ui/dialog.js'

/** Takes the changes of the set-up back. */
export function Undo({ setup, reload }: { readonly setup: Setup; readonly reload: () => void }): JSX.Element | null {
  const { api, say, tell } = useApp()
  const { path, reason } = useScope()
  const [isOpen, setOpen] = useState(false)
  const { id, state } = setup.connection
  if (state === 'closed') return null
  const undo = async (): Promise<void> => {
    const place = path('connections', id, 'undo')
    let done = 0
    for (;;) {
      const { deactivated, left, failed } = await api.send<Answer<'undo'>>('POST', place, {}, { reason })
      done += deactivated
      if (left > 0 && deactivated > 0) continue
      tell(say(failed > 0 ? 'setup.undo.failed' : 'setup.undo.done', { done, failed }))
      break
    }
    reload()
  }
  return (
    <div class="section">
      <button type="button" class="button danger" onClick={() => setOpen(true)}>
        {say('setup.undo')}
      </button>
      {isOpen && (
        <Dialog
          title={say('setup.undo.title')}
          action={say('setup.undo.action')}
          isDanger
          onDo={undo}
          onClose={() => setOpen(false)}
        >
          <p>{say('setup.undo.text', { count: setup.arrived.people })}</p>
        </Dialog>
      )}
    </div>
  )
}
