// A service in a process of its own that is killed at its n-th statement: before the statement is sent, while it is on
// its way, or when it has been carried out. It prints how many statements there were if it lives.
import { scimRouter } from 'express-scim'
import { auditTrail, sqlAudit } from 'express-scim/journal'
import { postgresAdapters, postgresDatabase } from 'express-scim/postgres'
import pg from 'pg'

const { url, schema, secret, tenant, person, at, when } = JSON.parse(process.argv[2])
const pool = new pg.Pool({ connectionString: url })
let statements = 0
const die = () => process.kill(process.pid, 'SIGKILL')
const killing = {
  query: (text, values) => pool.query(text, values),
  connect: async () => {
    const client = await pool.connect()
    const query = async (text, values) => {
      statements += 1
      if (statements !== at) return client.query(text, values)
      if (when === 'before') die()
      const answer = client.query(text, values)
      if (when === 'during') setImmediate(die)
      await answer
      die()
      return new Promise(() => {})
    }
    return { query, release: (error) => client.release(error) }
  },
}
const postgres = postgresAdapters({ pool: killing, schema })
const trail = auditTrail({
  store: sqlAudit({ database: postgresDatabase({ pool: killing, schema }) }),
  secret,
  strict: true,
})
const { resources, transaction } = postgres
const scim = scimRouter({ authenticate: () => null, resources, transaction, on: [trail] })
const { request } = scim.as({ tenant, actor: 'okta-1' })
await request({ method: 'POST', path: '/Groups', body: { displayName: 'g', members: [{ value: person }] } })
const Operations = [{ op: 'replace', path: 'title', value: 'x' }]
await request({ method: 'PATCH', path: `/Users/${person}`, body: { Operations } })
await request({ method: 'DELETE', path: `/Users/${person}` })
await pool.end()
console.log(statements)
