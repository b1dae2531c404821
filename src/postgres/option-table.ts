import { ANYTHING, BOOLEAN, type Checks, FUNCTION, OBJECT, required, TEXT } from '../check-options.js'
import { DOCUMENTS } from '../tables/documents/option-table.js'
import { TABLES } from '../tables/mapped/option-table.js'
import type { ReaderOptions } from '../tables/shared/replica.js'
import type { PostgresDatabaseOptions, PostgresOptions } from './index.js'
import type { MappedOptions } from './mapped-resources.js'
import type { TenantPlace } from './tenant-lines.js'

// What a pool must have is checked where it is opened, for each tenant too.
const READER = { reader: ANYTHING, readerLag: ANYTHING } satisfies Checks<keyof ReaderOptions>

/** The values that each option of `postgresAdapters` takes. */
export const ADAPTERS: Checks<keyof PostgresOptions> = {
  pool: required(ANYTHING),
  prepare: BOOLEAN,
  schema: TEXT,
  ...READER,
  ...DOCUMENTS,
}

/** The values that each option of `mappedResources` takes. */
export const MAPPED: Checks<keyof MappedOptions> = { pool: required(ANYTHING), prepare: BOOLEAN, ...READER, ...TABLES }

/** The values that each option of `postgresDatabase` takes. */
export const DATABASE: Checks<keyof PostgresDatabaseOptions> = {
  pool: required(ANYTHING),
  prepare: BOOLEAN,
  schema: TEXT,
}

/** A database that a tenant is moved from or to. */
export const PLACE: Checks<keyof TenantPlace> = { pool: required(OBJECT), schema: TEXT, resources: OBJECT }

/** The tenant that is moved: a misspelt one would move the data of no tenant. */
export const TENANT = { tenant: TEXT } satisfies Checks

/** The options of `exportTenant` beside the place. */
export const EXPORT: Checks = { ...TENANT, after: TEXT }

/** The options of `importTenant` beside the place. */
export const IMPORT: Checks = { ...TENANT, lines: required(FUNCTION) }
