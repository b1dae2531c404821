import type { Connection } from '../../data/types.js'

/** What each page of a connection gets: the connection, and the function that reads it again. */
export interface OfConnection {
  readonly connection: Connection
  readonly reload: () => void
}
