import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { prove } from '../sqlite-file/prove.js'
import { openPrisma } from './database.js'
import { storeOf } from './resources.js'

const folder = mkdtempSync(join(tmpdir(), 'scim-prisma-'))
const prisma = await openPrisma(join(folder, 'app.db'))
after(async () => {
  await prisma.$disconnect()
  rmSync(folder, { recursive: true, force: true })
})
prove(storeOf(prisma))
