// express-scim on PostgreSQL; the tenant is in the path.
import express from 'express'
import { scimRouter } from 'express-scim'
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { serve } from './answer.mjs'

const { url } = JSON.parse(process.argv[2])
const postgres = postgresAdapters({ pool: new pg.Pool({ connectionString: url, max: 10 }) })
const scim = scimRouter({
  authenticate: ({ token, params }) => (token === undefined ? null : { tenant: params.tenant }),
  resources: postgres.resources,
  cursor: { secrets: ['bench-secret-of-some-length'] },
  limits: { maxResults: 1_000 },
})
serve(express().use('/scim/:tenant/v2', scim))
