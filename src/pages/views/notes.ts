import type { Connection } from '../../connections/index.js'

/** Notes of the pages about the set-up of a connection. A connection that was made without the pages has none. */
export interface Notes {
  readonly app?: string
  /** The method, by its id in the guide. */
  readonly method?: string
  readonly step?: string
  /** Since when the set-up stands at the step. */
  readonly stepAt?: string
  readonly ticked?: readonly string[]
  /** The entries of the log that have shown steps: it forgets them after some weeks. */
  readonly seen?: Readonly<Record<string, { readonly at: string; readonly entry: string }>>
  readonly finished?: boolean
}

export function notesOf({ setup }: Connection): Notes {
  return setup as Notes
}
