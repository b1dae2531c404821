import { randomBytes } from 'node:crypto'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import { openDatabase } from './database.js'

const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

const { pool, close } = await openDatabase()
// Clients that match people by mail address need an index.
const postgres = postgresAdapters({
  pool,
  users: { indexes: ['emails.value'] },
  groups: { attributes: { displayName: { uniqueness: 'server' } } },
})
await postgres.migrate()

const scim = scimRouter({
  authenticate: bearer(token),
  resources: postgres.resources,
  transaction: postgres.transaction,
  bulk: { atomic: true },
  // Several processes need the same secret, or they cannot read each other's cursors.
  cursor: { secrets: [process.env.CURSOR_SECRET || randomBytes(32).toString('base64url')] },
  on: { error: ({ error, method, path }) => console.error(method, path, error) },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
})

// Requests in flight are answered, then the connections to the database are closed.
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => close().then(() => process.exit(0)))
    server.closeIdleConnections()
  })
}
