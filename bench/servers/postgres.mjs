// express-scim on PostgreSQL; the tenant is in the path, or in the token: a token of `bearer`, or of a connection.
import { createHash } from 'node:crypto'
import express from 'express'
import { bearer, scimRouter } from 'express-scim'
import { scimConnections, sqlStore } from 'express-scim/connections'
import { postgresAdapters, postgresDatabase } from 'express-scim/postgres'
import pg from 'pg'
import { serve } from './answer.mjs'

const { url } = JSON.parse(process.argv[2])
const pool = new pg.Pool({ connectionString: url, max: 10 })
const postgres = postgresAdapters({ pool })
const prepared = postgresAdapters({ pool, prepare: true })
const router = (authenticate, { resources } = postgres) =>
  scimRouter({
    authenticate,
    resources,
    cursor: { secrets: ['bench-secret-of-some-length'] },
    limits: { maxResults: 1_000 },
  })

const connectionsOf = (cacheTime) =>
  scimConnections({
    store: sqlStore({ database: postgresDatabase({ pool }) }),
    secret: 'bench-secret-of-some-length-and-more',
    url: 'https://app.example/scim/v2',
    cacheTime,
  })
const connections = connectionsOf(1)
await connections.migrate()
const { token } = await connections.create({ tenant: 'small', provider: 'bench', by: 'bench' })
const known = new Map([[createHash('sha256').update(token).digest('hex'), { tenant: 'small' }]])
const verify = (given) => known.get(createHash('sha256').update(given).digest('hex')) ?? null
const uncached = connectionsOf(0)

const app = express()
  .use('/bearer/v2', router(bearer(verify)))
  .use('/prepared/v2', router(bearer(verify), prepared))
  .use('/connections/v2', connections.endpoint, router(connections))
  .use('/uncached/v2', uncached.endpoint, router(uncached))
  .use(
    '/scim/:tenant/v2',
    router(({ token, params }) => (token === undefined ? null : { tenant: params.tenant })),
  )
serve(app, { token })
