import { type LoadState, useData } from '../data/use-data.js'
import { useApp, useScope } from './app-context.js'

type Query = Readonly<Record<string, string | number | undefined>>

/** Reads from the API, for the customer whose pages these are. */
export function useRead<T>(parts: readonly string[], query: Query = {}): LoadState<T> {
  const { api } = useApp()
  const { path, reason } = useScope()
  const place = path(...parts)
  return useData((signal) => api.get<T>(place, query, { signal, reason }), [place, query, reason])
}

/** Reads an answer that belongs to no customer. */
export function useReadService<T>(place: string): LoadState<T> {
  const { api } = useApp()
  return useData((signal) => api.get<T>(place, {}, { signal }), [place])
}
