import { ANYTHING, type Checks, required } from '../check-options.js'
import { TABLES } from '../tables/mapped/option-table.js'
import type { MysqlTransactionOptions } from './index.js'
import type { MappedOptions } from './mapped-resources.js'

// What a pool must have is checked where it is opened, for each tenant too.

/** The values that each option of `mysqlTransaction` takes. */
export const TRANSACTION: Checks<keyof MysqlTransactionOptions> = { pool: required(ANYTHING) }

/** The values that each option of `mappedResources` takes. */
export const MAPPED: Checks<keyof MappedOptions> = { pool: required(ANYTHING), ...TABLES }
