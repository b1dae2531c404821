import { type Checks, FUNCTION, objectOf, oneOf } from '../../check-options.js'
import type { MappedTablesOptions } from './mapped-tables.js'

/** The values that each option of existing tables takes, in every database. */
export const TABLES: Checks<keyof MappedTablesOptions> = {
  protect: FUNCTION,
  mapError: FUNCTION,
  members: objectOf({ unknown: oneOf('refuse', 'skip') }),
}
