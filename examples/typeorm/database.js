import { DataSource, EntitySchema } from 'typeorm'
import { createTables } from '../existing-tables/create-tables.js'
import { openDatabase } from '../postgres/database.js'

/** An entity of the application, which knows nothing of SCIM. */
export const Account = new EntitySchema({
  name: 'Account',
  tableName: 'accounts',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organization: { name: 'org_id', type: 'text' },
    email: { type: 'text' },
    firstName: { name: 'first_name', type: 'text', nullable: true },
    lastName: { name: 'last_name', type: 'text', nullable: true },
    disabledAt: { name: 'disabled_at', type: 'timestamptz', nullable: true },
  },
})

/** The DataSource of the application. */
export async function openDataSource() {
  const { url, pool, close } = await openDatabase()
  await createTables(pool)
  const dataSource = await new DataSource({ type: 'postgres', url, entities: [Account] }).initialize()
  return { dataSource, close: () => dataSource.destroy().then(close) }
}

/** The pool of TypeORM for the library: a pool of pg. */
export const poolOf = (dataSource) => dataSource.driver.master
