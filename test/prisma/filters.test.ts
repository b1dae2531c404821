import fc from 'fast-check'
import type { ListQuery, Stored } from '../../src/adapter/contract.js'
import { compareEntries } from '../../src/adapter/entry.js'
import { sortKey } from '../../src/adapter/sort.js'
import type { Filter } from '../../src/filter/ast.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { prismaOrderBy, prismaWhere } from '../../src/prisma/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { assertAgreement, NAMES, Odd } from '../property/sql-agreement.js'
import { sqlArbitraries } from '../property/sql-arbitraries.js'
import { type FixtureAdapter, fixtureAdapter } from '../support/fixture-adapter.js'
import { vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import type { VectorService } from '../vectors/service.js'
import { accounts, recordOf } from './accounts.js'
import { PRISMA_DATABASES, type PrismaDatabase } from './clients.js'

const RUNS = 2_000
const [extension] = filterVectors.schemas.extension
const schema = resourceSchema(
  User,
  [EnterpriseUser, Odd].map((one) => ({ schema: one, required: false })),
)

for (const [name, make] of PRISMA_DATABASES) {
  describe(`vectors by Prisma on ${name}`, () => vectorsOn(make))
  describe(`filters mean the same in memory and by Prisma on ${name}`, () => filtersOn(make))
}

function vectorsOn(make: () => PrismaDatabase): void {
  const database = make()
  const ofType = (id: string): FixtureAdapter =>
    fixtureAdapter(filterVectors.resources.filter(({ schemas }) => String(schemas).includes(id)))
  const [users, groups] = [ofType(User.id), ofType(Group.id)]
  const rows = (): readonly Stored[] => users.list({} as ListQuery, {} as never) as readonly Stored[]
  const list = async ({ filter, sort, ...query }: ListQuery) => {
    if (!filter) return rows()
    const { where, rest } = prismaWhere(filter, accounts(extension.id), database.provider)
    const ids = new Set(await database.find(where))
    const found = rows().filter(({ id }) => ids.has(String(id)))
    return rest || sort ? found : { resources: found.slice(0, query.count), totalResults: found.length }
  }
  const service: VectorService = {
    options: (compatibility) => ({
      compatibility,
      baseUrl: 'https://example.com/v2',
      resources: {
        User: { extensions: [EnterpriseUser, extension], adapter: { ...users, list } },
        Group: { adapter: groups },
      },
    }),
    reset: (ids) => {
      users.reset(ids)
      groups.reset(ids)
    },
  }
  const servers = vectorServers(service)

  beforeAll(() => database.fill(rows().map((one) => recordOf(one, extension.id))))
  afterAll(() => servers.close())

  test.each(filterCases)('%s', async (_title, vector) => {
    expect(filterDifferences(vector, await askFilter(vector, service, (await servers.with('strict')).scim))).toEqual([])
  })
}

function filtersOn(make: () => PrismaDatabase): void {
  const database = make()
  const mapping = accounts(Odd.id)
  const { filterOf, objectOf } = sqlArbitraries('latin')
  const mapped = new Set(Object.keys(mapping.attributes).map((path) => path.replace(/\..*$|^urn:.*:/, '')))
  const isUsed = ({ name }: Attribute): boolean => mapped.has(name) && name !== 'meta'
  let resources: readonly Stored[] = []

  beforeAll(async () => {
    const written = schema.root.subAttributes.filter(
      (one) => one.isExtension || (NAMES.has(one.name) && one.name !== 'meta' && one.name !== 'userName'),
    )
    resources = fc
      .sample(objectOf(written), { numRuns: 60, seed: 7 })
      .map((draft, index) => asStored({ id: `u${index}`, userName: `${'aAäb%'[index % 5]}${index}`, ...draft }))
    await database.fill(resources.map((one) => recordOf(one, Odd.id)))
  })

  test(`for ${RUNS} random filters`, async () => {
    const list = async (filter: Filter) => {
      const { where, rest } = prismaWhere(filter, mapping, database.provider)
      const ids = new Set(await database.find(where))
      const found = resources.filter(({ id }) => ids.has(String(id)))
      return rest ? found : { resources: found, totalResults: found.length }
    }
    const filters = filterOf(schema, isUsed)
    expect(await assertAgreement({ filters, schema, resources, list, runs: RUNS, seed: 46 })).toBeGreaterThan(0.25)
  }, 600_000)

  test.each([
    ['userName', 'ascending'],
    ['userName', 'descending'],
    [`${Odd.id}:ratio`, 'ascending'],
    [`${Odd.id}:ratio`, 'descending'],
    [`${Odd.id}:seen`, 'descending'],
  ] as const)('for the order by %s, %s', async (path, order) => {
    const attribute = attributeNamed(schema, path) as Attribute
    const key = sortKey(attribute)
    const sort = { attribute, order }
    const orderBy = prismaOrderBy(sort, mapping, database.provider)
    // The locale of PostgreSQL decides there.
    if (attribute.type === 'string' && database.provider === 'postgresql') return expect(orderBy).toBeUndefined()
    const wanted = resources.map((one) => ({ key: key(one), id: String(one.id) })).sort(compareEntries(sort))
    expect(await database.find({}, orderBy)).toEqual(wanted.map(({ id }) => id))
  })
}

/**
 * The resource as these models can hold it: instants in milliseconds, a name only with a part that has a field, numbers
 * of type Int.
 */
function asStored({ name, ...resource }: Stored): Stored {
  const { givenName } = (name ?? {}) as { readonly givenName?: string }
  const text = JSON.stringify({
    ...resource,
    ...(givenName !== undefined && { name: { ...(name as object), givenName } }),
  })
  return JSON.parse(
    text.replaceAll(/(?<=T\d\d:\d\d:\d\d\.\d{3})\d+/g, '').replaceAll(`"count":${2 ** 40}`, '"count":7'),
  )
}
