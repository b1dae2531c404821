import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useApp } from './app-context.js'
import { Failure } from './parts.js'

/** Asks before something is done, and stays open with the reason if it was refused. */
export function Dialog({
  title,
  action,
  isDanger = false,
  isReady = true,
  onDo,
  onClose,
  children,
}: {
  readonly title: string
  readonly action: string
  readonly isDanger?: boolean
  readonly isReady?: boolean
  /** Carries the change out. `'stay'` leaves the dialog open, with its result. */
  readonly onDo: () => Promise<unknown>
  readonly onClose: () => void
  readonly children?: ComponentChildren
}): JSX.Element {
  const { say } = useApp()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      if ((await onDo()) === 'stay') setBusy(false)
      else dialog.current?.close()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby={heading}>
      <form onSubmit={submit} class="stack">
        <h2 id={heading}>{title}</h2>
        {children}
        {problem !== undefined && <Failure error={problem} />}
        <div class="actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {say('cancel')}
          </button>
          <button type="submit" class={`button ${isDanger ? 'danger' : 'primary'}`} disabled={isBusy || !isReady}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}
