import { randomBytes } from 'node:crypto'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { arrayAdapters } from './adapter.js'

const token = process.env.SCIM_TOKEN || randomBytes(24).toString('base64url')

const { users, groups } = arrayAdapters()
const scim = scimRouter({
  authenticate: bearer(token),
  resources: {
    User: { adapter: users },
    Group: { adapter: groups, attributes: { displayName: { uniqueness: 'server' } } },
  },
})

const app = express()
app.use('/scim/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  console.log(`SCIM service provider at http://127.0.0.1:${server.address().port}/scim/v2`)
  if (!process.env.SCIM_TOKEN) console.log(`Token: ${token}`)
})

// Requests in flight are answered, idle connections are closed.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close())
