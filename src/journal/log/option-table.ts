import { ANYTHING, type Check, type Checks, COUNT, FUNCTION, TEXT } from '../../check-options.js'
import type { JournalOptions, PageQuery } from './journal.js'
import type { ExchangesQuery } from './recorder.js'

const EXPRESSION: Check = { expects: 'a regular expression', accepts: (value) => value instanceof RegExp }

// The store, the secret, the days and tenants have messages of their own.

/** The values that each option of `journal` takes. */
export const OPTIONS: Checks<keyof JournalOptions> = {
  store: ANYTHING,
  secret: ANYTHING,
  days: ANYTHING,
  ids: EXPRESSION,
  onError: FUNCTION,
  now: FUNCTION,
}

/** The options of `page`. */
export const PAGE: Checks<keyof PageQuery> = {
  tenant: ANYTHING,
  before: TEXT,
  after: TEXT,
  connection: TEXT,
  from: ANYTHING,
  to: ANYTHING,
  status: ANYTHING,
  code: TEXT,
  resourceId: TEXT,
  person: TEXT,
  count: ANYTHING,
}

/** The options of `erase`: a misspelt `person` would erase the entries of all. */
export const ERASE: Checks = { tenant: ANYTHING, resourceId: TEXT, person: TEXT }

/** The options of `exchanges`. */
export const EXCHANGES: Checks<keyof ExchangesQuery> = {
  tenant: ANYTHING,
  connection: TEXT,
  before: TEXT,
  after: TEXT,
  count: ANYTHING,
}

/** The options of `memoryLog`. */
export const MEMORY: Checks = { entries: COUNT }
