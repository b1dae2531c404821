import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { mysqlTransaction } from 'express-scim/mysql'
import { createPool } from 'mysql2/promise'
import { resourcesOf } from './resources.js'

const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

const pool = createPool(process.env.MYSQL_URL ?? 'mysql://root@127.0.0.1/test')
for (const statement of readFileSync(new URL('tables.sql', import.meta.url), 'utf8').split(';\n')) {
  if (statement.trim() !== '') await pool.query(statement)
}

// One token, and it is Acme's. Where each customer has tokens of its own, look them up: docs/tenants.md.
const isAccepted = bearer(token)

const scim = scimRouter({
  authenticate: async (credentials) => ((await isAccepted(credentials)) ? { tenant: 'acme' } : null),
  resources: resourcesOf(pool),
  transaction: mysqlTransaction({ pool }),
  on: { error: ({ error, method, path }) => console.error(method, path, error) },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close(() => pool.end().then(() => process.exit(0)))
    server.closeIdleConnections()
  })
}
