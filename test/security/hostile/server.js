// A service in a process of its own, so that its end is seen. Each answer tells in X-Writes how often its request has
// changed the store; /control tells how the process does, and of requests that changed it behind the answer that
// refused them, or though their bodies never came to an end.
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'

const failures = []
const writes = new WeakMap()
const refused = new WeakSet()
const unlawful = []

/** Whether all of the body that a request announces has come. */
function hasWholeBody({ headers, complete }) {
  const isAnnounced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return complete || !isAnnounced
}

function atEnd(response, listener) {
  if (response.closed) setImmediate(listener)
  else response.once('close', () => setImmediate(listener))
}

/** Counts the changes that come of a request. */
function counted(adapter) {
  const count =
    (work, isChange) =>
    async (...given) => {
      const outcome = await work(...given)
      const { request } = given.at(-1)
      if (!isChange(outcome)) return outcome
      writes.set(request, (writes.get(request) ?? 0) + 1)
      const line = `${request.method} ${request.originalUrl.slice(0, 200)}`
      if (refused.has(request)) unlawful.push(`${line} was refused, and wrote`)
      // The last byte of a body is there before the parser says that it was the last: so the check runs at the end.
      atEnd(request.res, () => {
        if (!hasWholeBody(request)) unlawful.push(`${line} was never whole, and wrote`)
      })
      return outcome
    }
  const isResource = (outcome) => typeof outcome === 'object' && outcome !== null
  return {
    ...adapter,
    create: count(adapter.create, isResource),
    replace: count(adapter.replace, isResource),
    patch: count(adapter.patch, (outcome) => isResource(outcome) && outcome.changed),
    delete: count(adapter.delete, (outcome) => outcome === true),
  }
}

const { users, groups } = memoryAdapters()
const scim = scimRouter({
  authenticate: bearer('hostile-token'),
  resources: { User: { adapter: counted(users) }, Group: { adapter: counted(groups) } },
  cursor: { secrets: ['sixteen characters and more'] },
  on: {
    error: ({ error, method, path }) => failures.push(`${method} ${path.slice(0, 200)}: ${error?.stack ?? error}`),
  },
})

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

const app = express()
app.get('/control', (_request, response) => {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  response.json({
    failures,
    unlawful,
    rss,
    heapUsed,
    slowest: delay.max / 1e6,
    polluted: [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) => Object.keys(prototype)),
  })
})
app.use((request, response, next) => {
  const { writeHead } = response
  response.writeHead = (...given) => {
    response.setHeader('X-Writes', String(writes.get(request) ?? 0))
    if (given[0] >= 400) refused.add(request)
    return writeHead.apply(response, given)
  }
  next()
})
app.use('/scim/v2', scim, scim.errors)

const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/scim/v2`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
