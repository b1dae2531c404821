import type { Connection } from './database.js'

/** A connection that breaks while it is checked out emits an event. Without a listener the event ends the process. */
export function ignoreErrorEvents(connection: Connection): () => void {
  const emitter = connection as Partial<Emitter>
  if (!emitter.on || !emitter.removeListener) return NOTHING_TO_DO
  const ignore = (): void => {}
  emitter.on('error', ignore)
  return () => emitter.removeListener?.('error', ignore)
}

interface Emitter {
  on(event: 'error', listener: () => void): unknown
  removeListener(event: 'error', listener: () => void): unknown
}

const NOTHING_TO_DO = (): void => {}
