// One of the processes under load. It prints its URL, and answers questions for its memory.
import { createServer } from 'node:http'
import express from 'express'
import { scimRouter } from 'express-scim'
import { memoryAdapters } from 'express-scim/memory'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'

const { DATABASE_URL, SOAK_LOSES } = process.env
let errors = 0

function resources() {
  if (DATABASE_URL)
    return postgresAdapters({ pool: new pg.Pool({ connectionString: DATABASE_URL, max: 12 }) }).resources
  const { users, groups } = memoryAdapters()
  return { User: { adapter: SOAK_LOSES ? losing(users) : users }, Group: { adapter: groups } }
}

/** A store that now and then acknowledges a write without doing it, to prove that the run finds such a loss. */
function losing(adapter) {
  let patches = 0
  return {
    ...adapter,
    patch: (...given) => {
      patches += 1
      return patches % SOAK_LOSES === 0 ? { changed: true, version: 'lost' } : adapter.patch(...given)
    },
  }
}

const scim = scimRouter({
  authenticate: ({ token, params }) => (token === 'soak-token' ? { tenant: params.tenant, subject: 'soak' } : null),
  resources: resources(),
  cursor: { secrets: ['a secret that all processes share'] },
  on: {
    error: ({ error, method, path }) => {
      errors += 1
      process.send?.({ error: `${method} ${path}: ${error?.stack ?? error}` })
    },
    'user.deactivated': () => undefined,
    'group.member.added': () => undefined,
  },
})
const server = createServer(express().use('/scim/:tenant/v2', scim, scim.errors))
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}/scim` }))

process.on('message', () => {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  process.send({ memory: { rss, heapUsed, external, errors, timers } })
})
// The parent process is gone.
process.once('disconnect', () => process.exit(1))
process.once('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
