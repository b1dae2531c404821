import { randomBytes } from 'node:crypto'
import { Query } from 'mingo'
import { MongoClient } from 'mongodb'
import type { MongoCondition, MongoSort } from '../../src/mongo/index.js'

type Document = Readonly<Record<string, unknown>>

/** Where queries of MongoDB are run. */
export interface MongoDatabase {
  readonly fill: (documents: readonly Document[]) => Promise<void>
  /** The `_id` of each document that a query finds. */
  readonly find: (query: MongoCondition, sort?: MongoSort) => Promise<readonly unknown[]>
}

/** MongoDB's queries by mingo, which needs no server. */
function inMingo(): MongoDatabase {
  let stored: readonly Document[] = []
  return {
    fill: async (documents) => {
      stored = documents
    },
    find: async (query, sort) => {
      const found = new Query(query as never).find<{ _id: unknown }>(stored as Document[])
      if (sort) found.sort(sort as never)
      return found.all().map(({ _id }) => _id)
    },
  }
}

/** A server that `MONGO_URL` names, with a database that is gone afterwards. */
function onServer(): MongoDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`
  let client: MongoClient | undefined
  const resources = () => {
    if (!client) throw new Error('The server is there inside tests only.')
    return client.db(name).collection<{ readonly _id: string }>('resources')
  }
  beforeAll(() => {
    client = new MongoClient(process.env['MONGO_URL'] ?? '')
  })
  afterAll(async () => {
    await client?.db(name).dropDatabase()
    await client?.close()
  })
  return {
    fill: async (documents) => {
      await resources().insertMany(documents as never)
    },
    find: async (query, sort) => {
      const found = resources()
        .find(query as never)
        .project<{ _id: string }>({ _id: 1 })
      return (await (sort ? found.sort(sort) : found).toArray()).map(({ _id }) => _id)
    },
  }
}

/** `describe` for tests that need MongoDB; without one they are skipped, and test/support/not-run.cjs tells so. */
const describeMongo: jest.Describe = process.env['MONGO_URL'] ? describe : describe.skip

/** Each database on this machine, with the `describe` of its tests. */
export const MONGO_DATABASES: readonly (readonly [name: string, describe: jest.Describe, make: () => MongoDatabase])[] =
  [
    ['mingo', describe, inMingo],
    ['MongoDB', describeMongo, onServer],
  ]
