import { compileList, sqlite } from 'express-scim/sql'
import { sql } from 'kysely'
import { protect, prove, proveLists } from '../sqlite-file/prove.js'
import { declaration, resourcesOf } from '../sqlite-file/resources.js'
import { openKysely, runnerOf } from './database.js'

const db = openKysely()
const store = { resources: resourcesOf(runnerOf(db), { protect }) }
prove(store)

// A query of the application with the filter of a client.
proveLists(store, async (query, tenant) => {
  const { where, orderBy, page } = compileList(query, declaration.User, sqlite)
  const accounts = db
    .selectFrom('accounts')
    .where('org_id', '=', tenant ?? '')
    .where(sql(where.pieces, ...where.values))
  const found = accounts.select('id').orderBy(sql(orderBy.pieces, ...orderBy.values))
  const rows = await (page ? found.limit(page.limit).offset(page.offset) : found).execute()
  const ids = rows.map(({ id }) => id)
  if (!page) return { ids }
  const { total } = await accounts.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow()
  return { ids, totalResults: Number(total) }
})
