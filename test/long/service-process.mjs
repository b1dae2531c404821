// One process of several with scimService over one database: node service-process.mjs [DATABASE_URL SCHEMA |
// SQLITE_FILE].
import express from 'express'
import Sqlite from 'libsql'
import pg from 'pg'
import { postgresAdapters, postgresDatabase } from '../../dist/postgres.js'
import { scimService, sqlStores } from '../../dist/service.js'
import { sqliteAdapters, sqliteDatabase } from '../../dist/sqlite.js'

const [place, schema] = process.argv.slice(2)

function storesOf() {
  if (schema !== undefined) {
    const pool = new pg.Pool({ connectionString: place })
    return sqlStores({
      database: postgresDatabase({ pool, schema }),
      adapters: postgresAdapters({ pool, schema }),
    })
  }
  const database = new Sqlite(place, { timeout: 10_000 })
  database.exec('PRAGMA journal_mode = WAL')
  return sqlStores({ database: sqliteDatabase({ database }), adapters: sqliteAdapters({ database }) })
}

const scim = scimService({
  store: storesOf(),
  secret: process.env.SCIM_SECRET,
  url: 'https://app.example/scim/v2',
  product: { name: 'Acme' },
  onError: (error) => console.error(error),
  on: { error: ({ error }) => console.error(error) },
})
await scim.migrate()
const identity = () => ({ tenant: 'acme', actor: 'ada', can: ['read', 'people', 'credentials', 'record', 'close'] })
const app = express()
app.use('/scim/v2', scim, scim.errors)
app.use('/settings/scim', scim.customerPages(identity))
app.get('/verify', async (_request, response) => {
  response.json(await scim.trail.verify('acme'))
})
const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`)
})
