import type { Fault } from './fault.js'
import { FILTERS } from './filters.js'
import { IDENTIFIERS } from './identifiers.js'
import { PAGES } from './pages.js'
import { PATCHES } from './patches.js'
import { TENANTS } from './tenants.js'
import { UNIQUENESS } from './uniqueness.js'
import { VERSIONS } from './versions.js'
import { WRITES } from './writes.js'

/** Adapters that are broken on purpose, each in one way. */
export const FAULTS: readonly Fault[] = [
  ...IDENTIFIERS,
  ...WRITES,
  ...UNIQUENESS,
  ...VERSIONS,
  ...PAGES,
  ...FILTERS,
  ...PATCHES,
  ...TENANTS,
]
