// Express and pg on a table of the same rows: the obvious program for the same answers, with prepared statements.
import { createHash, randomUUID } from 'node:crypto'
import express from 'express'
import pg from 'pg'
import { ENTERPRISE, USER } from '../users.mjs'
import { serve } from './answer.mjs'

const { url, count, token } = JSON.parse(process.argv[2])
const pool = new pg.Pool({ connectionString: url, max: 10 })
await pool.query(`CREATE SCHEMA bare`)
await pool.query(
  `CREATE TABLE bare.users (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, user_name text COLLATE "C" NOT NULL,
     version text NOT NULL, created timestamptz(3) NOT NULL, last_modified timestamptz(3) NOT NULL, data jsonb NOT NULL,
     PRIMARY KEY (tenant, id), UNIQUE (tenant, user_name))`,
)
await pool.query(
  `INSERT INTO bare.users SELECT tenant, id, unique_key, version, created, last_modified, data
   FROM scim.resource WHERE tenant = 'small' AND type = 'User' LIMIT $1`,
  [count],
)
await pool.query('VACUUM ANALYZE bare.users')

const shown = ({ id, version, created, last_modified: lastModified, data }, base) => ({
  schemas: ENTERPRISE in data ? [USER, ENTERPRISE] : [USER],
  ...data,
  id,
  meta: { resourceType: 'User', created, lastModified, version: `W/"${version}"`, location: `${base}/Users/${id}` },
})
const baseOf = (request) => `${request.protocol}://${request.get('host')}`
const hashOf = (given) => createHash('sha256').update(given).digest('hex')
const tenants = new Map([[hashOf(token), 'small']])
const query = (name, text, values) => pool.query({ name, text, values })
const COLUMNS = 'id, version, created, last_modified, data'

const app = express().use((request, response, next) => {
  const [scheme, given] = request.get('authorization')?.split(' ') ?? []
  response.locals.tenant = scheme === 'Bearer' ? tenants.get(hashOf(given ?? '')) : undefined
  if (response.locals.tenant === undefined) response.status(401).end()
  else next()
})
app.use(express.json())
app.get('/Users/:id', async (request, response) => {
  const { rows } = await query('get', `SELECT ${COLUMNS} FROM bare.users WHERE tenant = $1 AND id = $2`, [
    response.locals.tenant,
    request.params.id,
  ])
  if (rows.length === 0) response.status(404).end()
  else response.json(shown(rows[0], baseOf(request)))
})
app.get('/Users', async (request, response) => {
  const { tenant } = response.locals
  const [found, total] = await Promise.all([
    query('list', `SELECT ${COLUMNS} FROM bare.users WHERE tenant = $1 ORDER BY id LIMIT 100`, [tenant]),
    query('count', 'SELECT count(*)::int AS total FROM bare.users WHERE tenant = $1', [tenant]),
  ])
  const base = baseOf(request)
  response.json({ totalResults: total.rows[0].total, Resources: found.rows.map((row) => shown(row, base)) })
})
app.post('/Users', async (request, response) => {
  const { schemas: _, ...attributes } = request.body
  const { rows } = await query(
    'post',
    `INSERT INTO bare.users VALUES ($1, $2, lower($3), $4, now(), now(), $5) RETURNING ${COLUMNS}`,
    [response.locals.tenant, randomUUID(), attributes.userName, randomUUID(), attributes],
  )
  response.status(201).json(shown(rows[0], baseOf(request)))
})
app.patch('/Users/:id', async (request, response) => {
  const { rows } = await query(
    'patch',
    `UPDATE bare.users SET data = data || $3, version = $4, last_modified = now() WHERE tenant = $1 AND id = $2
     RETURNING ${COLUMNS}`,
    [response.locals.tenant, request.params.id, request.body, randomUUID()],
  )
  if (rows.length === 0) response.status(404).end()
  else response.json(shown(rows[0], baseOf(request)))
})
const { rows } = await pool.query(`SELECT id FROM bare.users WHERE tenant = 'small' LIMIT 1000`)
serve(app, { ids: rows.map(({ id }) => id) })
