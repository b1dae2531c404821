// Prints the milliseconds from the first `require` to the first answer.
const begun = performance.now()
const http = require('node:http')
const express = require('express')

const app = express()
if (process.argv[2] === 'scim') {
  const { bearer, scimRouter } = require('express-scim')
  const { memoryAdapters } = require('express-scim/memory')
  const { users, groups } = memoryAdapters()
  const resources = { User: { adapter: users }, Group: { adapter: groups } }
  app.use('/scim/v2', scimRouter({ authenticate: bearer('bench-token'), resources }))
} else {
  app.get('/scim/v2/Users', (_request, response) => response.json({ Resources: [] }))
}
const server = app.listen(0, '127.0.0.1', () => {
  // The first question of an identity provider: is there a user of this name?
  const path = `/scim/v2/Users?filter=${encodeURIComponent('userName eq "nobody"')}`
  const options = { port: server.address().port, path, headers: { authorization: 'Bearer bench-token' }, agent: false }
  http.get(options, (response) => {
    response.resume().on('end', () => {
      process.stdout.write(String(performance.now() - begun))
      server.close()
    })
  })
})
