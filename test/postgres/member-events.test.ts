import { bearer } from '../../src/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { TOKEN } from '../support/app.js'
import { type GroupEvents, groupEvents, testGroupEvents } from '../support/group-events.js'
import { IS_LONG } from '../support/length.js'
import { testAdapters } from '../support/postgres.js'

describe.each([false, true])('member events of groups in PostgreSQL, in a transaction of the host: %s', (isInside) => {
  const database = testAdapters()
  let events: GroupEvents
  beforeAll(async () => {
    const { pool, schema } = database
    const { resources, transaction } = postgresAdapters({ pool, schema, members: { unknown: 'keep' } })
    events = await groupEvents({ authenticate: bearer(TOKEN), resources, ...(isInside && { transaction }) })
  })
  afterAll(() => events?.app.close())

  // Inside or outside, the same statements are carried out.
  testGroupEvents(() => events, isInside || IS_LONG ? undefined : [0, 1, 1_001])
})
