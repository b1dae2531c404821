import { ANYTHING, type Checks, required } from '../check-options.js'
import { DOCUMENTS } from '../tables/documents/option-table.js'
import { TABLES } from '../tables/mapped/option-table.js'
import type { SqliteOptions } from './index.js'
import type { MappedOptions } from './mapped-resources.js'
import type { SqliteDatabaseOptions } from './open.js'

// What a connection must have is checked where it is opened, for each tenant too.

/** The values that each option of `sqliteDatabase` takes. */
export const DATABASE: Checks<keyof SqliteDatabaseOptions> = { database: required(ANYTHING) }

/** The values that each option of `sqliteAdapters` takes. */
export const ADAPTERS: Checks<keyof SqliteOptions> = { database: required(ANYTHING), ...DOCUMENTS }

/** The values that each option of `mappedResources` takes. */
export const MAPPED: Checks<keyof MappedOptions> = { database: required(ANYTHING), ...TABLES }
