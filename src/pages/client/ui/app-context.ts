import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from '../data/api.js'
import type { Format } from '../data/format.js'
import { hrefOf } from '../data/route.js'
import type { Can, Session } from '../data/types.js'
import type { Say } from '../texts/index.js'

/** Shared by all pages. */
export interface App {
  readonly api: Api
  readonly format: Format
  readonly session: Session
  /** A text of the table, with its placeholders filled. */
  readonly say: Say
  /** Shows a message, and has screen readers announce it. */
  readonly tell: (text: string) => void
  /** Secrets that were shown once, by connection; they live as long as the page. */
  readonly secrets: Map<string, Secrets>
}

/** The secrets in the answer to a new credential. */
export interface Secrets {
  readonly token?: string | undefined
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = useContext(AppContext)
  if (app === undefined) throw new Error('This part stands outside the pages.')
  return app
}

/** Whether the reader may do something. */
export function useCan(): (what: Can) => boolean {
  const { can } = useApp().session
  return (what) => can.includes(what)
}

/** The customer of the pages: the visitor's own, or the one that staff have chosen. */
export interface Scope {
  readonly tenant: string | undefined
  /** The reason of staff for a look at people of this customer. */
  readonly reason: string | undefined
  /** The address of a page. */
  readonly href: (parts: readonly string[], query?: Readonly<Record<string, string | undefined>>) => string
  /** The path of the JSON API. */
  readonly path: (...parts: readonly string[]) => string
}

export function scopeOf(tenant?: string, reason?: string): Scope {
  const before = tenant === undefined ? [] : ['tenants', tenant]
  return {
    tenant,
    reason,
    href: (parts, query) => hrefOf([...before, ...parts], query),
    path: (...parts) => [...before, ...parts].map(encodeURIComponent).join('/'),
  }
}

export const ScopeContext = createContext<Scope>(scopeOf())

export function useScope(): Scope {
  return useContext(ScopeContext)
}
