import { sqlStore } from '../../src/connections/index.js'
import { journal, sqlLog } from '../../src/journal/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'
import { type PagesOfTest, pagesOfTest, SECRET } from './service.js'

const ADMIN = { tenant: 'acme', actor: 'ada', can: ['read', 'credentials'] }
const postgres = testDatabase()

/** One process of several: it shares the database, and nothing in memory. */
async function processOf(): Promise<PagesOfTest> {
  const { pool, schema } = postgres
  const database = postgresDatabase({ pool, schema })
  const log = journal({ store: sqlLog({ database }), secret: SECRET })
  await log.migrate()
  const one = await pagesOfTest({
    connections: { store: sqlStore({ database }) },
    pages: { log },
    router: { on: [log] } as object,
  })
  await one.connections.migrate()
  return { ...one, log }
}

test('two processes over PostgreSQL: one makes the invitation, the other leads through the set-up, and one browser alone gets in', async () => {
  const [one, other] = [await processOf(), await processOf()]
  const made = await one.customer(ADMIN).send('POST', '/api/invitations', { provider: 'okta' })
  const { link, invitation, connection } = made.body
  const at = `/api/connections/${connection.id}`
  const headersOf = (browser: string) => ({ 'x-scim-invitation': link.slice(3), 'x-scim-browser': browser.repeat(64) })
  const open = async ({ customer }: PagesOfTest, browser: string) =>
    (await customer(undefined).get('/api/session', headersOf(browser))).status

  // Two browsers at the same time, each at its own process: the first one keeps the link.
  const [a, b] = await Promise.all([open(one, 'a'), open(other, 'b')])
  expect([a, b].sort()).toEqual([200, 403])
  const [mine, theirs] = a === 200 ? ['a', 'b'] : ['b', 'a']
  for (const process of [one, other]) {
    expect([await open(process, mine), await open(process, theirs)]).toEqual([200, 403])
  }

  // The set-up at the other process gives a token; a request with it comes to the first process, and both show it.
  const guest = other.customer(undefined)
  const rotated = await guest.send('POST', `${at}/credentials`, {}, headersOf(mine))
  expect(rotated.status).toBe(201)
  expect((await one.client(rotated.body.token, connection.id).get('/Users?count=1')).status).toBe(200)
  await hooksCalled()
  await one.log.flush()
  const log = await guest.get('/api/log', headersOf(mine))
  expect(log.body.entries).toMatchObject([{ connection: connection.id, status: 200 }])
  expect((await guest.get(`${at}/setup`, headersOf(mine))).status).toBe(200)

  // A link that is taken back at the first process is gone at the other.
  expect((await one.customer(ADMIN).send('DELETE', `${at}/invitations/${invitation}`)).status).toBeLessThan(300)
  expect(await open(other, mine)).toBe(403)
  const refusals = [...one.errors, ...other.errors].map(({ message }) => message)
  expect(refusals).toEqual(Array(4).fill(expect.stringMatching(/^This link has ended/)))
})
