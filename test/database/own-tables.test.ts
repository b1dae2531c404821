import { sqlStore } from '../../src/connections/index.js'
import { sqlAudit, sqlLog } from '../../src/journal/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { sql } from '../../src/sql/index.js'
import { testDatabase } from '../support/postgres.js'

const postgres = testDatabase()

describe('the tables of connections, logs and audit trails in PostgreSQL', () => {
  const database = () => postgresDatabase({ pool: postgres.pool, schema: postgres.schema })

  beforeAll(async () => {
    for (const store of [sqlStore, sqlLog, sqlAudit]) await store({ database: database() }).migrate?.()
  })

  test('stand in the schema of the documents, with columns of text and bigint alone (decisions A-160, A-161)', async () => {
    const { rows } = await database().execute(
      sql`SELECT DISTINCT data_type AS type FROM information_schema.columns
  WHERE table_schema = ${postgres.schema} AND table_name <> 'migration' ORDER BY data_type`,
    )
    expect(rows).toEqual([{ type: 'bigint' }, { type: 'text' }])
  })

  test('have the tenant first in their keys and indexes (decision A-162)', async () => {
    const { rows } = await database().execute(sql`SELECT i.relname AS index, a.attname AS first
  FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_namespace AS n ON n.oid = i.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
  WHERE n.nspname = ${postgres.schema} AND i.relname <> 'migration_pkey' AND a.attname <> 'tenant' ORDER BY i.relname`)
    expect(rows).toEqual([
      // The id of a credential is unique over all tenants.
      { index: 'connection_key_pkey', first: 'key' },
      // By these times old entries are found, in order to delete them.
      { index: 'log_exchange_time', first: 'time' },
      { index: 'log_last', first: 'last' },
    ])
  })
})
