import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { compileList, sqlite } from 'express-scim/sql'
import { prove, proveLists } from '../sqlite-file/prove.js'
import { openPrisma } from './database.js'
import { Prisma } from './generated/index.js'
import { storeOf } from './resources.js'

const folder = mkdtempSync(join(tmpdir(), 'scim-prisma-'))
const prisma = await openPrisma(join(folder, 'app.db'))
after(async () => {
  await prisma.$disconnect()
  rmSync(folder, { recursive: true, force: true })
})
const store = storeOf(prisma)
prove(store)

// A query of the application in SQL, with the filter of a client.
const attributes = {
  id: 'id',
  externalId: 'externalId',
  userName: { column: 'email', folded: 'emailKey' },
  'name.givenName': 'firstName',
  'name.familyName': 'lastName',
  active: 'enabled',
  'meta.created': 'createdAt',
  'meta.lastModified': 'updatedAt',
}
proveLists(store, async (query, tenant) => {
  const { where, orderBy, page } = compileList(query, { table: 'Account', attributes }, sqlite)
  const condition = Prisma.sql`"orgId" = ${tenant ?? ''} AND ${Prisma.sql(where.pieces, ...where.values)}`
  const order = Prisma.sql(orderBy.pieces, ...orderBy.values)
  const cut = page ? Prisma.sql`LIMIT ${page.limit} OFFSET ${page.offset}` : Prisma.empty
  const rows = await prisma.$queryRaw`SELECT "id" FROM "Account" WHERE ${condition} ORDER BY ${order} ${cut}`
  const ids = rows.map(({ id }) => id)
  if (!page) return { ids }
  const [{ total }] = await prisma.$queryRaw`SELECT count(*) AS total FROM "Account" WHERE ${condition}`
  return { ids, totalResults: Number(total) }
})
