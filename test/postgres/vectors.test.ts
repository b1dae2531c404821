import { EnterpriseUser, Group, type SchemaDefinition, User } from '../../src/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { storedType } from '../../src/tables/documents/stored-type.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { sample } from '../support/length.js'
import { loadResources } from '../support/load-resources.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type Servers, vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import { patchCases, patchDifferences, patchVectors, runPatch } from '../vectors/patch-vectors.js'
import type { VectorService } from '../vectors/service.js'

// The reading of requests does not depend on the adapter, so one mode is enough here.
describe('vectors on documents in PostgreSQL', () => {
  const database = testDatabase()

  describe('filters', () => {
    const { service, servers } = vectorService(database, filterVectors.schemas.extension[0], filterVectors.resources)
    test.each(sample(filterCases, 4))('%s', async (_title, vector) => {
      expect(
        filterDifferences(vector, await askFilter(vector, service, (await servers().with('strict')).scim)),
      ).toEqual([])
    })
  })

  describe('PATCH', () => {
    const { service, servers } = vectorService(
      database,
      patchVectors.schemas.extension[0],
      Object.values(patchVectors.resources),
    )
    test.each(sample(patchCases, 4))('%s', async (_title, vector) => {
      const outcome = await runPatch(vector, service, (await servers().with('strict')).scim)
      // The groups of a user follow from the members of groups, even if the data says otherwise.
      const ignore = [...(vector.expected.ignore ?? []), 'groups']
      expect(patchDifferences({ ...vector, expected: { ...vector.expected, ignore } }, outcome)).toEqual([])
    })
  })
})

function vectorService(
  database: TestDatabase,
  extension: SchemaDefinition,
  resources: readonly FixtureResource[],
): { readonly service: VectorService; readonly servers: () => Servers } {
  const extensions = [EnterpriseUser, extension]
  const types = [
    storedType({ name: 'User', schema: User, extensions, memberOf: 'groups', display: ['displayName', 'userName'] }),
    storedType({ name: 'Group', schema: Group }),
  ]
  let servers: Servers | undefined
  let loaded: string | undefined
  const service: VectorService = {
    options: (compatibility) => {
      const { pool, schema } = database
      const postgres = postgresAdapters({ pool, schema, users: { extensions }, members: { unknown: 'keep' } })
      return { compatibility, baseUrl: 'https://example.com/v2', resources: postgres.resources }
    },
    reset: async (ids) => {
      const wanted = JSON.stringify(ids ?? null)
      // A filter changes no rows: they stay.
      if (ids !== undefined && loaded === wanted) return
      loaded = wanted
      await loadResources(
        database,
        types,
        resources.filter(({ id }) => ids?.includes(id) ?? true),
      )
    },
  }
  beforeAll(async () => {
    const { pool, schema } = database
    await postgresAdapters({ pool, schema }).migrate()
    servers = vectorServers(service)
  })
  afterAll(() => servers?.close())
  return {
    service,
    servers: () => {
      if (!servers) throw new Error('The servers run inside tests only.')
      return servers
    },
  }
}
