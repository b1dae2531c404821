import { MEMBERS, TYPE } from '../adapter/option-table.js'
import { type Checks, OBJECT, objectOf, required } from '../check-options.js'
import type { MemoryAdapterOptions, MemoryAdaptersOptions } from './index.js'

/** The values that each option of `memoryAdapters` takes. */
export const ADAPTERS: Checks<keyof MemoryAdaptersOptions> = {
  users: objectOf(TYPE),
  groups: objectOf(TYPE),
  members: MEMBERS,
}

/** The values that each option of `memoryAdapter` takes. */
export const ADAPTER: Checks<keyof MemoryAdapterOptions<never, never>> = {
  schema: required(OBJECT),
  ...TYPE,
  members: MEMBERS,
}
