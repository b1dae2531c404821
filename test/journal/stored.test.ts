import { ScimError } from '../../src/index.js'
import { auditTrail, journal, sqlAudit, sqlLog } from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'
import { TOKEN } from '../support/token.js'

// The tests read back all rows of the log, its recordings and the audit trail, and search them for the sent secrets.
const SECRET = 'stored-test-secret-of-32-characters'
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const PASSWORD = 'stored-Passw0rd-71c2'
const PERSON = 'plant'
const TABLES = ['log', 'log_person', 'log_exchange', 'audit', 'audit_chain', 'audit_member']

const database = testDatabase()

test('nothing that is stored holds a secret, or what a client says about people', async () => {
  const stored = postgresDatabase({ pool: database.pool, schema: database.schema })
  const log = journal({ store: sqlLog({ database: stored }), secret: SECRET })
  const trail = auditTrail({ store: sqlAudit({ database: stored }), secret: SECRET })
  await log.migrate()
  await trail.migrate()
  const { users, groups } = memoryAdapters()
  const record = { until: new Date(Date.now() + 600_000) }
  const { scim } = await startApp({
    authenticate: ({ token }) => {
      if (token === TOKEN) return { tenant: 'acme', subject: 'okta-1', record }
      throw ScimError.unauthorized({ reason: 'unknown', tenant: 'acme', subject: 'okta-1' })
    },
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    validate: ({ id }) => {
      if (id === 'never') throw ScimError.invalidValue(`${PERSON} is refused`)
    },
    on: [log.hooks, trail.hooks],
  })
  const person = { schemas: [USER], userName: `${PERSON}@a.example`, name: { familyName: PERSON }, password: PASSWORD }
  const { body: made } = await scim.post('/Users', {
    ...person,
    externalId: PERSON,
    emails: [{ value: `${PERSON}@b.example` }],
  })
  await scim.post('/Users', person)
  await scim.put(`/Users/${made.id}`, { ...person, title: PERSON, [`${PERSON}@x`]: PERSON })
  const operations = [
    { op: 'replace', path: 'displayName', value: PERSON },
    { op: 'add', path: `emails[value eq "${PERSON}"].type`, value: 'home' },
    { op: 'replace', path: 'password', value: PASSWORD },
  ]
  await scim.patch(`/Users/${made.id}`, { schemas: [PATCH], Operations: operations })
  await scim.post('/Groups', { displayName: PERSON, members: [{ value: made.id, display: PERSON }] })
  await scim.get(`/Users?filter=${encodeURIComponent(`userName eq "${PERSON}" or emails.value co "${PERSON}"`)}`)
  await scim.get(`/Users?sortBy=${PERSON}%40x&access_token=${PERSON}`)
  await scim.get(`/Users/${PERSON}@a.example`)
  await scim.get(`/${PERSON}/${PERSON}`)
  await scim.post('/Users/.search', { schemas: [SEARCH], filter: `password eq "${PASSWORD}"` })
  const data = { ...person, userName: `${PERSON}-2` }
  const Operations = [
    { method: 'POST', path: '/Users', bulkId: PERSON, data },
    { method: 'DELETE', path: `/Users/${PERSON}` },
  ]
  await scim.post('/Bulk', { schemas: [BULK], Operations })
  await scim.post('/Users', `{"password": "${PASSWORD}", ${PERSON}`)
  const stranger = { authorization: `Bearer ${PASSWORD}`, 'user-agent': 'agent' }
  await scim.get(`/Users/${PERSON}`, { headers: stranger })
  await scim.delete(`/Users/${made.id}`)
  await hooksCalled()
  await log.flush()

  const rows = new Map<string, string>()
  for (const table of TABLES) {
    const found = await database.pool.query(`SELECT * FROM "${database.schema}"."${table}"`)
    expect([table, found.rows.length > 0]).toEqual([table, true])
    rows.set(table, JSON.stringify(found.rows))
  }
  for (const [table, text] of rows) {
    for (const secret of [PASSWORD, TOKEN, PERSON]) expect([table, text.includes(secret)]).toEqual([table, false])
  }
  // A search for the person still finds the entries.
  expect((await log.page({ tenant: 'acme', person: `${PERSON}@a.example` })).entries.length).toBeGreaterThan(1)
})
