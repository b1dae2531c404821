import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PrismaCondition, PrismaOrder, PrismaProvider } from '../../src/prisma/index.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'

type Row = Readonly<Record<string, unknown>>

/** The used part of the client of Prisma, which is installed for these tests alone. */
interface Client {
  readonly account: {
    readonly create: (options: { readonly data: Row }) => PromiseLike<unknown>
    readonly findMany: (options: {
      readonly where: PrismaCondition
      readonly orderBy?: readonly PrismaOrder[]
      readonly select: { readonly id: true }
    }) => PromiseLike<readonly { readonly id: string }[]>
  }
  readonly $executeRawUnsafe: (text: string) => PromiseLike<unknown>
  readonly $disconnect: () => PromiseLike<void>
}

/** A database that Prisma asks, with tables for accounts and their addresses. */
export interface PrismaDatabase {
  readonly provider: PrismaProvider
  readonly fill: (accounts: readonly Row[]) => Promise<void>
  /** The ids of the accounts that a condition finds. */
  readonly find: (where: PrismaCondition, orderBy?: readonly PrismaOrder[]) => Promise<readonly string[]>
}

const load = createRequire(join(__dirname, 'client/package.json'))

function onSqlite(): PrismaDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'prisma-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const { PrismaLibSql } = load('@prisma/adapter-libsql')
  return opened(
    'sqlite',
    { text: 'TEXT', boolean: 'BOOLEAN', float: 'REAL', instant: 'DATETIME', serial: '' },
    async () => {
      return new PrismaLibSql({ url: `file:${join(folder, 'accounts.db')}` })
    },
  )
}

function onPostgresql(): PrismaDatabase {
  const database = testDatabase()
  const { PrismaPg } = load('@prisma/adapter-pg')
  const types = {
    text: 'text',
    boolean: 'boolean',
    float: 'float8',
    instant: 'timestamptz',
    serial: 'GENERATED ALWAYS AS IDENTITY',
  }
  return opened('postgresql', types, async () => {
    const { schema } = database
    const options = `-c search_path=${schema}`
    return new PrismaPg({ connectionString: await databaseUrl(), options }, { schema })
  })
}

interface Types {
  readonly text: string
  readonly boolean: string
  readonly float: string
  readonly instant: string
  readonly serial: string
}

function opened(provider: PrismaProvider, types: Types, adapter: () => Promise<unknown>): PrismaDatabase {
  let client: Client | undefined
  afterAll(() => client?.$disconnect())
  return {
    provider,
    fill: async (accounts) => {
      const { PrismaClient } = load(`./generated/${provider}/index.js`)
      const made: Client = new PrismaClient({ adapter: await adapter() })
      client = made
      for (const statement of tables(types)) await made.$executeRawUnsafe(statement)
      for (const data of accounts) await made.account.create({ data })
    },
    find: async (where, orderBy) => {
      if (!client) throw new Error('The database has to be filled first.')
      const found = await client.account.findMany({ where, select: { id: true }, ...(orderBy && { orderBy }) })
      return found.map(({ id }) => id)
    },
  }
}

/** The statements that the tool of Prisma would make of client/accounts.prisma. */
function tables({ text, boolean, float, instant, serial }: Types): readonly string[] {
  return [
    `CREATE TABLE "Account" ("id" ${text} PRIMARY KEY, "email" ${text} NOT NULL, "emailKey" ${text} NOT NULL,
      "externalId" ${text}, "label" ${text}, "title" ${text}, "firstName" ${text}, "enabled" ${boolean}, "loginCount" INTEGER,
      "ratio" ${float}, "seenAt" ${instant}, "createdAt" ${instant}, "updatedAt" ${instant})`,
    `CREATE TABLE "Address" ("number" INTEGER ${serial} PRIMARY KEY, "accountId" ${text} NOT NULL REFERENCES "Account" ("id"),
      "address" ${text}, "addressKey" ${text}, "kind" ${text}, "shown" ${text}, "main" ${boolean})`,
  ]
}

/** Each database, by its name. */
export const PRISMA_DATABASES: readonly (readonly [name: string, make: () => PrismaDatabase])[] = [
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgresql],
]
