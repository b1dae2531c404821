import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { openDatabase } from '../postgres/database.js'
import { resourcesOf } from './resources.js'

const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

const { pool, close } = await openDatabase()
await pool.query(readFileSync(new URL('tables.sql', import.meta.url), 'utf8'))

// One token, and it is Acme's. Where each customer has tokens of its own, look them up: docs/tenants.md.
const isAccepted = bearer(token)

const scim = scimRouter({
  authenticate: async (credentials) => ((await isAccepted(credentials)) ? { tenant: 'acme' } : null),
  resources: resourcesOf(pool),
  cursor: { secrets: [process.env.CURSOR_SECRET || randomBytes(32).toString('base64url')] },
  on: {
    // A deactivated user is signed out. The foreign key signs out a deleted one.
    'user.deactivated': ({ id }) => pool.query('DELETE FROM sessions WHERE account_id = $1', [id]),
    error: ({ error, method, path }) => console.error(method, path, error),
  },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

// The existing application: it signs people in, and knows their names.
app.post('/login/:email', async ({ params }, response) => {
  const session = randomBytes(16).toString('base64url')
  const { rows } = await pool.query(
    `INSERT INTO sessions SELECT $1, id FROM accounts WHERE org_id = 'acme' AND lower(email) = lower($2) AND disabled_at IS NULL
     RETURNING token`,
    [session, params.email],
  )
  if (rows.length === 0) response.status(403).json({ error: 'Nobody of that name may sign in.' })
  else response.json({ session })
})
app.get('/whoami', async ({ query }, response) => {
  const { rows } = await pool.query(
    `SELECT a.email, array(SELECT t.name FROM teams t JOIN team_members m ON m.team_id = t.id WHERE m.account_id = a.id ORDER BY t.name) AS teams
     FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token = $1`,
    [query.session],
  )
  if (rows.length === 0) response.status(401).json({ error: 'You are not signed in.' })
  else response.json(rows[0])
})

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => close().then(() => process.exit(0)))
    server.closeIdleConnections()
  })
}
