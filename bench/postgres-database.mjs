// A PostgreSQL of its own, and tenants of any size in it.
import { postgresAdapters } from 'express-scim/postgres'
import pg from 'pg'
import { startPostgres } from '../scripts/embedded-postgres.mjs'
import { CALL } from './servers/call.mjs'
import { user } from './users.mjs'

/** Starts a database with the tables in it, or uses the database of `DATABASE_URL`. */
export async function startDatabase() {
  const own = process.env.DATABASE_URL
    ? undefined
    : await startPostgres({ name: 'bench', settings: ['shared_buffers=1GB'] })
  const url = process.env.DATABASE_URL ?? own.url
  const pool = new pg.Pool({ connectionString: url })
  const postgres = postgresAdapters({ pool })
  await postgres.migrate()
  return {
    url,
    fill: (tenant, count, sizes) => fill(pool, postgres, tenant, count, sizes),
    stop: async () => {
      await pool.end()
      await own?.stop()
    },
  }
}

/**
 * Makes a tenant with users and groups: the adapter makes one of each kind, SQL copies it. Returns the ids of the
 * groups.
 */
async function fill(pool, { users, groups }, tenant, count, sizes = []) {
  const call = { ...CALL, tenant }
  const { schemas: _, ...draft } = user(0)
  const text = JSON.stringify(draft).replaceAll('barbara.jensen0', 'marker').replaceAll('00u1ab2c3d4e5f6g7h0', 'marker')
  const { id } = await users.create(JSON.parse(text), call)
  await pool.query(
    `INSERT INTO scim.resource (tenant, type, id, version, created, last_modified, unique_key, external_key, name_key, display, data, keys)
     SELECT tenant, type, 'user-' || lpad(n::text, 8, '0'), version, created, last_modified, replace(unique_key, 'marker', 'user' || n),
       replace(external_key, 'marker', 'user' || n), name_key, display,
       replace(data::text, 'marker', 'user' || n)::jsonb, replace(keys::text, 'marker', 'user' || n)::jsonb
     FROM scim.resource, generate_series(1, $3::int) n WHERE tenant = $1 AND type = 'User' AND id = $2`,
    [tenant, id, count],
  )
  const ids = []
  for (const size of sizes) {
    const draft = { displayName: `Group of ${size}`, members: [{ value: id }] }
    const group = await groups.create(draft, call)
    await pool.query(
      `INSERT INTO scim.reference (tenant, type, id, attribute, value, value_key, target, data)
       SELECT tenant, type, id, attribute, 'user-' || lpad(n::text, 8, '0'), 'user-' || lpad(n::text, 8, '0'), target, data
       FROM scim.reference, generate_series(1, $3::int) n WHERE tenant = $1 AND id = $2`,
      [tenant, group.id, size - 1],
    )
    ids.push(group.id)
  }
  await pool.query('VACUUM ANALYZE scim.resource')
  await pool.query('VACUUM ANALYZE scim.reference')
  return ids
}
