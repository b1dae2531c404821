import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

/** Data that is read: nothing yet, there, or refused. Data that was there stays while it is read again. */
export interface LoadState<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly reload: () => void
}

/** Reads when something changes that it depends on, and drops an answer that comes too late. */
export function useData<T>(read: (signal: AbortSignal) => Promise<T>, depends: readonly unknown[]): LoadState<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: unknown }>({ key: '' })
  const [turn, setTurn] = useState(0)
  const key = JSON.stringify(depends)
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    const control = new AbortController()
    latest
      .current(control.signal)
      .then((data) => !control.signal.aborted && setState({ key, data }))
      .catch((error) => !control.signal.aborted && setState({ key, error }))
    return () => control.abort()
  }, [key, turn])
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const isOwn = state.key === key
  return { data: isOwn ? state.data : undefined, error: isOwn ? state.error : undefined, reload }
}

/** Calls at intervals while the tab can be seen, and at once when it can be seen again. */
export function useWhileSeen(call: () => void | Promise<void>, milliseconds: number, isOn = true): void {
  const latest = useRef(call)
  latest.current = call
  useEffect(() => {
    if (!isOn) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isEnded = false
    const turn = async (): Promise<void> => {
      clearTimeout(timer)
      if (isEnded || document.visibilityState === 'hidden') return
      await latest.current()
      if (!isEnded) timer = setTimeout(turn, milliseconds)
    }
    timer = setTimeout(turn, milliseconds)
    document.addEventListener('visibilitychange', turn)
    return () => {
      isEnded = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', turn)
    }
  }, [milliseconds, isOn])
}
