import type { Connection } from '../../data/types.js'

/** The arguments of each page of a connection: the connection, and the function that reads it again. */
export interface OfConnection {
  readonly connection: Connection
  readonly reload: () => void
}
