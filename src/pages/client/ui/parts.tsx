import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { ApiError } from '../data/api.js'
import type { LoadState } from '../data/use-data.js'
import { useApp } from './app-context.js'

/** The head of a page. The reader of a screen begins here after each change of place. */
export function Head({
  title,
  children,
  actions,
  above,
}: {
  readonly title: string
  readonly children?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly above?: ComponentChildren
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  const { session } = useApp()
  useEffect(() => {
    document.title = `${title} · ${session.product.name}`
    heading.current?.focus({ preventScroll: true })
  }, [title, session.product.name])
  return (
    <div class="head">
      <div class="head-text">
        {above !== undefined && <div class="crumbs">{above}</div>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div class="row">{actions}</div>}
    </div>
  )
}

export function Section({
  title,
  lead,
  children,
  actions,
}: {
  readonly title: string
  readonly lead?: ComponentChildren
  readonly children?: ComponentChildren
  readonly actions?: ComponentChildren
}): JSX.Element {
  return (
    <section class="section">
      <div class="row between">
        <h2>{title}</h2>
        {actions}
      </div>
      {lead !== undefined && <p class="lead">{lead}</p>}
      {children}
    </section>
  )
}

export type Tone = 'good' | 'warn' | 'bad' | 'open' | 'none'

export function Status({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): JSX.Element {
  return <span class={`status ${tone}`}>{children}</span>
}

export function Notice({
  tone = 'none',
  title,
  children,
}: {
  readonly tone?: Tone
  readonly title?: string | undefined
  readonly children?: ComponentChildren
}): JSX.Element {
  return (
    <div class={`notice ${tone}`}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {children}
    </div>
  )
}

export function Empty({
  title,
  children,
  actions,
}: {
  readonly title: string
  readonly children?: ComponentChildren
  readonly actions?: ComponentChildren
}): JSX.Element {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div class="row">{actions}</div>}
    </div>
  )
}

/** The data, or a note that it is being read, or the failure. */
export function Content<T>({
  of,
  children,
}: {
  readonly of: LoadState<T>
  readonly children: (data: T) => ComponentChildren
}): JSX.Element {
  const { say } = useApp()
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.error !== undefined) return <Failure error={of.error} retry={of.reload} />
  return (
    <p class="loading" role="status">
      {say('loading')}
    </p>
  )
}

export function Failure({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): JSX.Element {
  const { say } = useApp()
  return (
    <div class="notice bad" role="alert">
      <h2>{say('error.title')}</h2>
      <p>{useFailure()(error)}</p>
      {error instanceof ApiError && error.url !== undefined && <a href={error.url}>{say('error.confirm')}</a>}
      {retry !== undefined && (
        <button type="button" class="button" onClick={retry}>
          {say('error.retry')}
        </button>
      )}
    </div>
  )
}

/** The text of an error for the reader. */
export function useFailure(): (error: unknown) => string {
  const { say } = useApp()
  return (error) => {
    if (!(error instanceof ApiError)) return say('error.unknown')
    if (error.message !== '') return error.message
    if (error.status === 0) return say('error.unreachable')
    if (error.status === 401 || error.status === 403) return say('error.forbidden')
    if (error.status === 404) return say('error.gone')
    return say('error.unknown')
  }
}
