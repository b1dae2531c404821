// A service whose store answers when the process has been told to end, for requests that are in flight by then.
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'

const { users, groups } = memoryAdapters()
let goOn
const told = new Promise((resolve) => {
  goOn = resolve
})
const slow = (adapter) =>
  Object.fromEntries(
    Object.entries(adapter).map(([name, callback]) => [
      name,
      typeof callback !== 'function'
        ? callback
        : async (...given) => {
            await told
            return callback(...given)
          },
    ]),
  )
const scim = scimRouter({
  authenticate: bearer('slow-token'),
  resources: { User: { adapter: slow(users) }, Group: { adapter: slow(groups) } },
  // A busy machine may take its time until all are in flight.
  limits: { requestTime: 600_000 },
})

let inFlight = 0
const app = express()
app.use((_request, response, next) => {
  inFlight += 1
  if (inFlight === Number(process.env.TELL_AT)) console.log('All are in flight.')
  response.once('close', () => {
    inFlight -= 1
  })
  next()
})
app.use('/scim/v2', scim, scim.errors)
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/scim/v2`)
})
process.once('SIGTERM', () => {
  server.close()
  goOn()
})
