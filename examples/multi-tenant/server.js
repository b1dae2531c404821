import { randomBytes } from 'node:crypto'
import express from 'express'
import { scimRouter } from 'express-scim'
import { memoryStore, scimConnections } from 'express-scim/connections'
import { memoryAdapters } from 'express-scim/memory'
import { administrators } from './administrators.js'
import { settings } from './settings.js'

const CUSTOMERS = ['acme', 'globex']

const random = () => randomBytes(32).toString('base64url')
const given = (name) => process.env[`ADMIN_${name.toUpperCase()}`] || undefined
const keys = Object.fromEntries(CUSTOMERS.map((org) => [org, given(org) ?? random()]))

const app = express()
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  const origin = `http://127.0.0.1:${server.address().port}`
  const url = `${origin}/scim/v2`

  // A real application has sqlStore({ database }) and a secret that stays.
  const connections = scimConnections({
    store: memoryStore(),
    secret: process.env.SCIM_SECRET || random(),
    url,
    prefix: 'demo',
    on: { 'connection.used': ({ tenant, connection }) => console.log(`${tenant}: ${connection} works`) },
  })

  // One pair of adapters for all tenants: the adapters keep the resources of each `call.tenant` apart.
  const { users, groups } = memoryAdapters()
  const scim = scimRouter({
    authenticate: connections,
    tenants: 'required',
    baseUrl: connections.baseUrl,
    resources: {
      User: { adapter: users, onDuplicate: 'reactivate' },
      Group: { adapter: groups },
    },
    cursor: { secrets: [process.env.CURSOR_SECRET || random()] },
    sensitive: ['emails'],
    on: {
      'user.deactivated': ({ tenant, id }) => console.log(`${tenant}: signed out ${id}`),
      'user.deleted': ({ tenant, id }) => console.log(`${tenant}: signed out ${id}`),
      error: ({ error, method, path }) => console.error(method, path, error),
    },
  })

  app.use('/scim/v2', connections.endpoint, scim, scim.errors)
  app.use('/settings/connections', administrators(keys), express.json(), settings(connections))

  console.log(origin)
  for (const org of CUSTOMERS) if (!given(org)) console.log(`key of the administrator of ${org}: ${keys[org]}`)
  console.log('Ready.')
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close()
    server.closeIdleConnections()
  })
}
