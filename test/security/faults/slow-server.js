// A service whose store takes its time, for requests that are in flight when it is told to end.
import { setTimeout as delay } from 'node:timers/promises'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'

const { users, groups } = memoryAdapters()
const slow = (adapter) =>
  Object.fromEntries(
    Object.entries(adapter).map(([name, callback]) => [
      name,
      typeof callback !== 'function'
        ? callback
        : async (...given) => {
            await delay(300)
            return callback(...given)
          },
    ]),
  )
const scim = scimRouter({
  authenticate: bearer('slow-token'),
  resources: { User: { adapter: slow(users) }, Group: { adapter: slow(groups) } },
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
process.once('SIGTERM', () => server.close())
