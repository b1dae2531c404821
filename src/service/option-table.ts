import { ANYTHING, type Checks, OBJECT, required } from '../check-options.js'
import type { ScimServiceOptions } from './options.js'

/** The options of `scimService`. The parts check their values. */
export const OPTIONS: Checks<keyof ScimServiceOptions> = {
  store: required(OBJECT),
  resources: OBJECT,
  on: OBJECT,
  router: OBJECT,
  prefix: ANYTHING,
  secret: ANYTHING,
  url: ANYTHING,
  credentials: ANYTHING,
  life: ANYTHING,
  cacheTime: ANYTHING,
  scopes: ANYTHING,
  rateLimit: ANYTHING,
  fallback: ANYTHING,
  tenantOf: ANYTHING,
  address: ANYTHING,
  federation: ANYTHING,
  product: ANYTHING,
  confirm: ANYTHING,
  people: ANYTHING,
  guides: ANYTHING,
  colours: ANYTHING,
  texts: ANYTHING,
  frameAncestors: ANYTHING,
  ids: ANYTHING,
  onError: ANYTHING,
  strict: ANYTHING,
}

/** The options of `sqlStores`. */
export const STORES = { database: required(OBJECT), adapters: OBJECT } satisfies Checks
