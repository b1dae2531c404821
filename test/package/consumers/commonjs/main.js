const express = require('express')
const { bearer, scimRouter } = require('express-scim')

async function main() {
  // The adapter comes from the ES modules of the package, the router from its CommonJS files.
  const { users, groups } = await import('./adapters.mjs')
  const scim = scimRouter({
    authenticate: bearer('consumer-token'),
    resources: { User: { adapter: users }, Group: { adapter: groups } },
  })
  const app = express()
  app.use('/scim/v2', scim, scim.errors)
  const server = app.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${server.address().port}/scim/v2`)
  })
}

main()
