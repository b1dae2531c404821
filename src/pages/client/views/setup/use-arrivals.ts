import { useState } from 'preact/hooks'
import type { Entry, LogView } from '../../data/types.js'
import { useWhileSeen } from '../../data/use-data.js'
import { useApp, useScope } from '../../ui/app-context.js'
import { useRead } from '../../ui/use-read.js'

const OFTEN = 2_000
const SHOWN = 6
// The meaning of silence changes with time alone.
const TURNS_TO_RELOAD = 15

/**
 * The latest requests of a connection, asked for every two seconds while the tab is seen; `arrived` is called when one
 * has come.
 */
export function useArrivals(connection: string, arrived: () => void): readonly Entry[] {
  const { api } = useApp()
  const { path } = useScope()
  const first = useRead<LogView>(['log'], { connection, count: SHOWN })
  const [later, setLater] = useState<readonly Entry[]>([])
  const [newest, setNewest] = useState<string | undefined>()
  const [turn, setTurn] = useState(1)
  useWhileSeen(
    async () => {
      setTurn(turn + 1)
      if (turn % TURNS_TO_RELOAD === 0) arrived()
      const after = newest ?? first.data?.newest
      const page = await api.get<LogView>(path('log'), { connection, after, count: SHOWN }).catch(() => undefined)
      if (page === undefined || page.entries.length === 0) return
      setNewest(page.newest ?? page.entries[0]?.key)
      setLater([...page.entries, ...later].slice(0, SHOWN))
      arrived()
    },
    OFTEN,
    first.data !== undefined,
  )
  const known = new Set(later.map(({ key }) => key))
  const all = [...later, ...(first.data?.entries ?? []).filter(({ key }) => !known.has(key))]
  return all.filter(({ via }) => via === 'client').slice(0, SHOWN)
}
