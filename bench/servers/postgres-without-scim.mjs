// Express and pg on a table of the same rows: the obvious program for the same answers, with prepared statements.
import { randomUUID } from 'node:crypto'
import express from 'express'
import pg from 'pg'
import { serve } from './answer.mjs'

const { url, count } = JSON.parse(process.argv[2])
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

const shown = ({ id, version, created, last_modified: lastModified, data }) => ({
  ...data,
  id,
  meta: { resourceType: 'User', created, lastModified, version: `W/"${version}"` },
})
const query = (name, text, values) => pool.query({ name, text, values })
const COLUMNS = 'id, version, created, last_modified, data'

const app = express().use(express.json())
app.get('/Users/:id', async (request, response) => {
  const { rows } = await query('get', `SELECT ${COLUMNS} FROM bare.users WHERE tenant = $1 AND id = $2`, [
    'small',
    request.params.id,
  ])
  if (rows.length === 0) response.status(404).end()
  else response.json(shown(rows[0]))
})
app.get('/Users', async (_request, response) => {
  const [found, total] = await Promise.all([
    query('list', `SELECT ${COLUMNS} FROM bare.users WHERE tenant = $1 ORDER BY id LIMIT 100`, ['small']),
    query('count', 'SELECT count(*)::int AS total FROM bare.users WHERE tenant = $1', ['small']),
  ])
  response.json({ totalResults: total.rows[0].total, Resources: found.rows.map(shown) })
})
app.post('/Users', async (request, response) => {
  const { rows } = await query(
    'post',
    `INSERT INTO bare.users VALUES ($1, $2, lower($3), $4, now(), now(), $5) RETURNING ${COLUMNS}`,
    ['small', randomUUID(), request.body.userName, randomUUID(), request.body],
  )
  response.status(201).json(shown(rows[0]))
})
app.patch('/Users/:id', async (request, response) => {
  const { rows } = await query(
    'patch',
    `UPDATE bare.users SET data = data || $3, version = $4, last_modified = now() WHERE tenant = $1 AND id = $2
     RETURNING ${COLUMNS}`,
    ['small', request.params.id, request.body, randomUUID()],
  )
  if (rows.length === 0) response.status(404).end()
  else response.json(shown(rows[0]))
})
const { rows } = await pool.query(`SELECT id FROM bare.users WHERE tenant = 'small' LIMIT 1000`)
serve(app, { ids: rows.map(({ id }) => id) })
