import { readFileSync } from 'node:fs'
import { PrismaLibSql } from '@prisma/adapter-libsql'
import { PrismaClient } from './generated/index.js'

const tables = readFileSync(new URL('tables.sql', import.meta.url), 'utf8')

/** The client of Prisma that the application has. */
export async function openPrisma(file) {
  const prisma = new PrismaClient({ adapter: new PrismaLibSql({ url: `file:${file}` }) })
  for (const statement of tables.split(';\n')) if (statement.trim() !== '') await prisma.$executeRawUnsafe(statement)
  return prisma
}
