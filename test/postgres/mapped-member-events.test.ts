import { mappedResources } from '../../src/postgres/index.js'
import { type GroupEvents, groupEvents, testGroupEvents } from '../support/group-events.js'
import { IS_LONG } from '../support/length.js'
import { testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

describe.each([false, true])('member events of groups in existing tables, in a transaction: %s', (isInside) => {
  const database = testDatabase()
  let events: GroupEvents
  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(tableStatements(schema))
    await pool.query(`INSERT INTO "${schema}".accounts (id, org, email, email_key)
      SELECT id, 'acme', id, id FROM (SELECT 'm' || i AS id FROM generate_series(0, 2499) AS i UNION SELECT unnest(ARRAY['x', 'y', 'z'])) AS a`)
    const transaction = async (work: (handle: unknown) => Promise<unknown>): Promise<void> => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await work(client)
        await client.query('COMMIT')
      } finally {
        client.release()
      }
    }
    const resources = mappedResources({ pool }, tableMapping(schema))
    const authenticate = (): object => ({ tenant: 'acme' })
    events = await groupEvents({ authenticate, resources, ...(isInside && { transaction }) })
  })
  afterAll(() => events?.app.close())

  // Inside or outside, the same statements are carried out.
  testGroupEvents(() => events, isInside && !IS_LONG ? [0, 1, 1_001] : undefined)
})
