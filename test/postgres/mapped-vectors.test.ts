import type { Draft, ResourceAdapter } from '../../src/adapter/contract.js'
import { NOTHING } from '../../src/adapter/selections.js'
import { EnterpriseUser, type Identity, type SchemaDefinition } from '../../src/index.js'
import { callOf } from '../support/calls.js'
import type { ScimClient } from '../support/client.js'
import type { FixtureResource } from '../support/fixture-adapter.js'
import { sample } from '../support/length.js'
import { describeMapped, type MappedDatabase } from '../support/mapped-database.js'
import { emptyTables, keepTables, restoreTables, type tableMapping } from '../support/tables.js'
import { type Servers, vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import { type PatchCase, patchCases, patchDifferences, patchVectors, runPatch } from '../vectors/patch-vectors.js'
import type { VectorService } from '../vectors/service.js'

describeMapped('vectors on existing tables', (name, make) => {
  const database = make()
  // Each dialect has its own conditions, the rest of the code is common: in the short form the databases share the
  // vectors.
  const from = ['PostgreSQL', 'SQLite', 'MySQL'].indexOf(name)

  describe('filters', () => {
    const { service, servers } = vectorService(database, filterVectors.schemas.extension[0], filterVectors.resources)
    test.each(sample(filterCases, 6, from))('%s', async (_title, vector) => {
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
    test.each(sample(patchCases, 6, from))('%s', async (_title, given) => {
      const { scim } = await servers().with('strict')
      // The database gives the version of a row, and the data says otherwise.
      const version = given.headers?.['If-Match']?.includes('u1-1') ? await loadedVersion(scim) : 'u1-1'
      const vector = JSON.parse(JSON.stringify(given).replaceAll('u1-1', version)) as PatchCase
      const keep: VectorService = { ...service, reset: async () => {} }
      const outcome = await runPatch(vector, version === 'u1-1' ? service : keep, scim)
      const ignore = [...(vector.expected.ignore ?? []), 'groups']
      expect(patchDifferences({ ...vector, expected: { ...vector.expected, ignore } }, outcome)).toEqual([])
    })

    async function loadedVersion(scim: ScimClient): Promise<string> {
      await service.reset()
      return (await scim.get('/Users/u1')).body.meta.version.replace(/^W\/"|"$/g, '')
    }
  })
})

const ORG = 'vectors'
const CALL = callOf({ tenant: ORG, select: NOTHING })

function vectorService(
  database: MappedDatabase,
  extension: SchemaDefinition,
  resources: readonly FixtureResource[],
): { readonly service: VectorService; readonly servers: () => Servers } {
  const declared = () => database.mapping([EnterpriseUser, extension])
  let servers: Servers | undefined
  let loaded: string | undefined
  const service: VectorService = {
    options: (compatibility) => ({
      compatibility,
      baseUrl: 'https://example.com/v2',
      authenticate: (): Identity => ({ tenant: ORG }),
      resources: database.resources(declared()),
    }),
    reset: async (ids) => {
      const wanted = JSON.stringify(ids ?? null)
      // A filter changes no rows: they stay.
      if (ids !== undefined && loaded === wanted) return
      // Writing it all anew for each PATCH would take longer than the PATCH.
      if (loaded === wanted) return restoreTables(database, database.schema)
      loaded = wanted
      await load(
        database,
        declared(),
        resources.filter(({ id }) => ids?.includes(id) ?? true),
      )
      await keepTables(database, database.schema)
    },
  }
  beforeAll(() => {
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

/** Writes resources through the adapters, under the ids, times and versions of the data. */
async function load(
  database: MappedDatabase,
  declared: ReturnType<typeof tableMapping>,
  resources: readonly FixtureResource[],
): Promise<void> {
  await emptyTables(database, database.schema)
  const ids = resources.map(({ id }) => id)
  const next = { id: '' }
  const id = { column: 'id', write: () => next.id }
  const { User, Group } = database.resources({
    User: { ...declared.User, attributes: { ...declared.User.attributes, id } },
    Group: { ...declared.Group, attributes: { ...declared.Group.attributes, id } },
  })
  const isUser = ({ schemas }: FixtureResource): boolean => String(schemas).includes(':User')
  // A member must be there first.
  for (const resource of [...resources.filter(isUser), ...resources.filter((one) => !isUser(one)).sort(byNesting)]) {
    const { id: own, schemas: _schemas, meta, groups: _groups, ...draft } = resource
    next.id = own
    const members = (draft['members'] as { value: string }[] | undefined)?.filter(({ value }) => ids.includes(value))
    const adapter = (isUser(resource) ? User : Group).adapter as unknown as ResourceAdapter
    await adapter.create({ ...draft, ...(members && { members }) } as Draft, CALL)
    const { created, lastModified } = meta as { created: string; lastModified: string }
    const table = isUser(resource) ? 'accounts' : 'teams'
    await database.query(`UPDATE "${database.schema}".${table} SET created_at = $1, updated_at = $2 WHERE id = $3`, [
      created,
      lastModified,
      own,
    ])
  }
}

function byNesting(a: FixtureResource, b: FixtureResource): number {
  return (
    Number(JSON.stringify(a['members'] ?? '').includes('Group')) -
    Number(JSON.stringify(b['members'] ?? '').includes('Group'))
  )
}
