import { EnterpriseUser, Group, type SchemaDefinition, User } from '../../src/index.js'
import { sqliteAdapters, sqliteDatabase } from '../../src/sqlite/index.js'
import { storedType } from '../../src/tables/documents/stored-type.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { sample } from '../support/length.js'
import { loadIntoSqlite } from '../support/load-resources.js'
import { type OpenSqlite, sqliteInMemory } from '../support/sqlite-file.js'
import { type Servers, vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import { patchCases, patchDifferences, patchVectors, runPatch } from '../vectors/patch-vectors.js'
import type { VectorService } from '../vectors/service.js'

describe('vectors on documents in SQLite', () => {
  const open = sqliteInMemory()

  describe('filters', () => {
    const { service, servers } = vectorService(open, filterVectors.schemas.extension[0], filterVectors.resources)
    test.each(sample(filterCases, 4, 1))('%s', async (_title, vector) => {
      expect(
        filterDifferences(vector, await askFilter(vector, service, (await servers().with('strict')).scim)),
      ).toEqual([])
    })
  })

  describe('PATCH', () => {
    const { service, servers } = vectorService(
      open,
      patchVectors.schemas.extension[0],
      Object.values(patchVectors.resources),
    )
    test.each(sample(patchCases, 4, 1))('%s', async (_title, vector) => {
      const outcome = await runPatch(vector, service, (await servers().with('strict')).scim)
      // The groups of a user follow from the members of groups, even if the data says otherwise.
      const ignore = [...(vector.expected.ignore ?? []), 'groups']
      expect(patchDifferences({ ...vector, expected: { ...vector.expected, ignore } }, outcome)).toEqual([])
    })
  })
})

function vectorService(
  open: () => OpenSqlite,
  extension: SchemaDefinition,
  resources: readonly FixtureResource[],
): { readonly service: VectorService; readonly servers: () => Servers } {
  const extensions = [EnterpriseUser, extension]
  const types = [
    storedType({ name: 'User', schema: User, extensions, memberOf: 'groups', display: ['displayName', 'userName'] }),
    storedType({ name: 'Group', schema: Group }),
  ]
  let servers: Servers | undefined
  let connection: OpenSqlite | undefined
  let loaded: string | undefined
  const database = (): OpenSqlite => {
    connection ??= open()
    return connection
  }
  const adapters = () => sqliteAdapters({ database: database(), users: { extensions }, members: { unknown: 'keep' } })
  const service: VectorService = {
    options: (compatibility) => ({
      compatibility,
      baseUrl: 'https://example.com/v2',
      resources: adapters().resources,
    }),
    reset: async (ids) => {
      const wanted = JSON.stringify(ids ?? null)
      // A filter changes no rows: they stay.
      if (ids !== undefined && loaded === wanted) return
      loaded = wanted
      await loadIntoSqlite(
        sqliteDatabase({ database: database() }),
        types,
        resources.filter(({ id }) => ids?.includes(id) ?? true),
      )
    },
  }
  beforeAll(async () => {
    await adapters().migrate()
    servers = vectorServers(service)
  })
  afterAll(() => servers?.close())
  return {
    service,
    servers: () => {
      if (!servers) throw new Error('The servers are there inside tests only.')
      return servers
    },
  }
}
