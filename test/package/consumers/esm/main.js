import express from 'express'
import { bearer, scimRouter } from 'express-scim'
// The adapter comes from the CommonJS files of the package, the router from its ES modules.
import { groups, users } from './adapters.cjs'

const scim = scimRouter({
  authenticate: bearer('consumer-token'),
  resources: { User: { adapter: users }, Group: { adapter: groups } },
})
const app = express()
app.use('/scim/v2', scim, scim.errors)
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/scim/v2`)
})
