import { randomBytes } from 'node:crypto'
import express from 'express'
import { scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'
import { connectionStore } from './connections.js'

const CUSTOMERS = ['acme', 'globex']

const given = (name) => process.env[`SCIM_TOKEN_${name.toUpperCase()}`] || undefined

const connections = connectionStore()
const tokens = CUSTOMERS.map((org) => connections.add(org, { token: given(org) }))
const auditor = connections.add('acme', { scopes: ['read'], token: given('auditor') })

// One pair of adapters for all: they keep what belongs to `call.tenant` apart from everything else.
const { users, groups } = memoryAdapters()

const scim = scimRouter({
  // The path names the customer, the token has to be one of theirs.
  authenticate: ({ token, params }) => {
    const connection = token && connections.find(params.org, token)
    return connection ? { tenant: connection.org, subject: connection.id, scopes: connection.scopes } : null
  },
  tenants: 'required',
  authorize: ({ action, auth }) => auth.scopes.includes(action === 'retrieve' || action === 'list' ? 'read' : 'write'),
  resources: {
    User: { adapter: users, onDuplicate: 'reactivate' },
    Group: { adapter: groups },
  },
  cursor: { secrets: [process.env.CURSOR_SECRET || randomBytes(32).toString('base64url')] },
  sensitive: ['emails'],
  on: {
    'user.deactivated': ({ tenant, id }) => console.log(`${tenant}: signed out ${id}`),
    'user.deleted': ({ tenant, id }) => console.log(`${tenant}: signed out ${id}`),
    error: ({ error, method, path }) => console.error(method, path, error),
  },
})

const app = express()
app.use('/scim/:org/v2', scim, scim.errors)

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  CUSTOMERS.forEach((org, at) => {
    console.log(`${org}: http://127.0.0.1:${server.address().port}/scim/${org}/v2`)
    if (!given(org)) console.log(`  token: ${tokens[at]}`)
  })
  if (!given('auditor')) console.log(`acme, to read only\n  token: ${auditor}`)
  console.log('Ready.')
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.close()
    server.closeIdleConnections()
  })
}
