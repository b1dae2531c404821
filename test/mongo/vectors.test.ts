import type { ListQuery, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { type DocumentMapping, mongoFilter } from '../../src/mongo/index.js'
import type { Resource } from '../../src/schema/model/resource.js'
import { type FixtureAdapter, fixtureAdapter } from '../support/fixture-adapter.js'
import { MONGO_DATABASES, type MongoDatabase } from '../support/mongo-databases.js'
import { vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import type { VectorService } from '../vectors/service.js'
import { accounts, documentOf } from './documents.js'

const [extension] = filterVectors.schemas.extension

for (const [name, describeThere, make] of MONGO_DATABASES) describeThere(`vectors on ${name}`, () => vectorsOn(make))

function vectorsOn(make: () => MongoDatabase): void {
  const ofType = (schema: string): FixtureAdapter =>
    fixtureAdapter(filterVectors.resources.filter(({ schemas }) => String(schemas).includes(schema)))
  const stored = { users: ofType(User.id), groups: ofType(Group.id) }
  const databases = { users: make(), groups: make() }
  const service: VectorService = {
    options: (compatibility) => ({
      compatibility,
      baseUrl: 'https://example.com/v2',
      resources: {
        User: {
          extensions: [EnterpriseUser, extension],
          adapter: inDatabase(databases.users, stored.users, accounts(extension.id)),
        },
        Group: { adapter: inDatabase(databases.groups, stored.groups, accounts(extension.id)) },
      },
    }),
    reset: (ids) => {
      stored.users.reset(ids)
      stored.groups.reset(ids)
    },
  }
  const servers = vectorServers(service)

  beforeAll(async () => {
    await databases.users.fill(rowsOf(stored.users).map((one) => documentOf(one, extension.id)))
    await databases.groups.fill(rowsOf(stored.groups).map((one) => documentOf(one, extension.id)))
  })
  afterAll(() => servers.close())

  test.each(filterCases)('%s', async (_title, vector) => {
    expect(filterDifferences(vector, await askFilter(vector, service, (await servers.with('strict')).scim))).toEqual([])
  })
}

/** An adapter whose lists are found by MongoDB: a page when it could say all of the filter. */
function inDatabase(
  database: MongoDatabase,
  adapter: FixtureAdapter,
  mapping: DocumentMapping,
): ResourceAdapter<Resource> {
  return {
    ...adapter,
    list: async ({ filter, sort, ...query }) => {
      const rows = rowsOf(adapter)
      if (!filter) return rows
      const { query: find, rest } = mongoFilter(filter, mapping)
      const ids = new Set(await database.find(find))
      const found = rows.filter(({ id }) => ids.has(id))
      if (rest || sort) return found
      return { resources: found.slice(0, query.count), totalResults: found.length }
    },
  }
}

function rowsOf(adapter: FixtureAdapter): readonly Stored[] {
  return adapter.list({} as ListQuery, {} as never) as readonly Stored[]
}
