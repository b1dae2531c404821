import type { Queryable } from '../database/database.js'
import { adoptConnection, mysqlDriver } from '../database/mysql/driver.js'
import type { MysqlPool } from '../database/mysql/pool.js'
import { mysqlStore } from '../database/mysql/store-dialect.js'
import type { OpenDatabase } from '../database/open-database.js'
import { cancelOf } from '../database/postgresql/cancel.js'
import { NO_DATABASE } from '../tables/shared/by-tenant.js'

/** Stands in for a database while adapters are declared. */
export function openNothing(): OpenDatabase {
  return { pool: NO_DATABASE, cancel: cancelOf(NO_DATABASE), store: mysqlStore }
}

/** Opens a pool. Throws a `SetupError` if it has no `getConnection`. */
export function openMysql(pool: MysqlPool): OpenDatabase {
  const driver = mysqlDriver(pool)
  const adopt = (connection: unknown): Queryable | undefined => adoptConnection(connection, pool)
  return { pool: driver, cancel: cancelOf(driver), store: mysqlStore, adopt }
}
