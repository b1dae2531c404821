import { useState } from 'preact/hooks'
import { useApp, useScope } from './app-context.js'
import { useRead } from './use-read.js'

/** A long list that comes in pages: the first is read at once, the others when the reader asks for them. */
export interface LongList<Page, Item> {
  readonly first: ReturnType<typeof useRead<Page>>
  readonly items: readonly Item[]
  readonly hasMore: boolean
  readonly isBusy: boolean
  readonly error: unknown
  readonly more: () => Promise<void>
}

type Query = Readonly<Record<string, string | number | undefined>>

export function useList<Page, Item>(
  parts: readonly string[],
  query: Query,
  read: { readonly items: (page: Page) => readonly Item[]; readonly next: (page: Page) => Query | undefined },
): LongList<Page, Item> {
  const { api } = useApp()
  const { path, reason } = useScope()
  const first = useRead<Page>(parts, query)
  const [later, setLater] = useState<{ of: Page | undefined; pages: readonly Page[] }>({ of: undefined, pages: [] })
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const pages = first.data === undefined ? [] : [first.data, ...(later.of === first.data ? later.pages : [])]
  const last = pages.at(-1)
  const next = last === undefined ? undefined : read.next(last)
  const more = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const page = await api.get<Page>(path(...parts), { ...query, ...next }, { reason })
      setLater({ of: first.data, pages: [...pages.slice(1), page] })
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return { first, items: pages.flatMap(read.items), hasMore: next !== undefined, isBusy, error, more }
}
