import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Api, type ApiSettings } from './data/api.js'
import { Format } from './data/format.js'
import type { Session } from './data/types.js'
import { useData } from './data/use-data.js'
import { pageTexts, sayWith } from './texts/index.js'
import { type App, AppContext } from './ui/app-context.js'
import { Shell } from './views/shell.js'

/** All pages: first the session of the reader, then the page of the address. */
export function Pages({
  settings,
  element,
}: {
  readonly settings: ApiSettings
  readonly element: HTMLElement
}): JSX.Element {
  const api = useMemo(() => new Api(settings), [settings.base, settings.headers])
  const session = useData((signal) => api.get<Session>('session', {}, { signal }), [])
  const [told, setTold] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const tell = useCallback((text: string) => {
    clearTimeout(timer.current)
    setTold(text)
    timer.current = setTimeout(() => setTold(''), 4_000)
  }, [])
  const app = useMemo((): App | undefined => {
    if (session.data === undefined) return undefined
    const { product, texts } = session.data
    const format = new Format()
    const common = { product: product.name, support: product.support ?? product.name }
    return {
      api,
      format,
      session: session.data,
      tell,
      secrets: new Map(),
      say: sayWith(texts, common, (value) => format.number(value)),
    }
  }, [api, session.data, tell])
  useEffect(() => {
    for (const [name, value] of Object.entries(session.data?.colours ?? {})) {
      element.style.setProperty(`--scim-${name}`, value)
    }
  }, [element, session.data])
  return (
    <>
      {app !== undefined && (
        <AppContext.Provider value={app}>
          <Shell />
        </AppContext.Provider>
      )}
      {app === undefined && (
        <main class="main">
          {session.error === undefined ? (
            <p role="status">{pageTexts.loading}</p>
          ) : (
            <div class="notice bad" role="alert">
              <h1>{pageTexts['error.title']}</h1>
              <p>
                {session.error instanceof Error && session.error.message
                  ? session.error.message
                  : pageTexts['error.unreachable']}
              </p>
              <button type="button" class="button" onClick={session.reload}>
                {pageTexts['error.retry']}
              </button>
            </div>
          )}
        </main>
      )}
      <div class={told === '' ? 'hidden-text' : 'toast'} role="status" aria-live="polite">
        {told}
      </div>
    </>
  )
}
