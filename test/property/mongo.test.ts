import fc from 'fast-check'
import type { Stored } from '../../src/adapter/contract.js'
import { compareEntries } from '../../src/adapter/entry.js'
import { sortKey } from '../../src/adapter/sort.js'
import type { Filter } from '../../src/filter/ast.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { mongoFilter, mongoSort } from '../../src/mongo/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { accounts, documentOf } from '../mongo/documents.js'
import { MONGO_DATABASES, type MongoDatabase } from '../support/mongo-databases.js'
import { assertAgreement, NAMES, Odd, RUNS } from './sql-agreement.js'
import { sqlArbitraries } from './sql-arbitraries.js'

const schema = resourceSchema(
  User,
  [EnterpriseUser, Odd].map((one) => ({ schema: one, required: false })),
)
const mapping = accounts(Odd.id)

for (const [name, describeThere, make] of MONGO_DATABASES) {
  describeThere(`filters mean the same in memory and in ${name}`, () => filtersIn(make, name === 'mingo'))
}

// MongoDB compares texts by code points, as the engine does. mingo compares UTF-16 code units, in whose order these
// stand behind the surrogates of larger code points.
const BEHIND_SURROGATES = /[\uE000-\uFFFF]/

function filtersIn(make: () => MongoDatabase, isMingo: boolean): void {
  const database = make()
  const { filterOf, objectOf } = sqlArbitraries('latin')
  const isUsed = (attribute: Attribute): boolean =>
    attribute.path !== 'meta' && (NAMES.has(attribute.name) || attribute.extension !== undefined)
  let resources: readonly Stored[] = []

  beforeAll(async () => {
    const written = schema.root.subAttributes.filter(
      (one) => one.isExtension || (NAMES.has(one.name) && one.name !== 'meta' && one.name !== 'userName'),
    )
    resources = fc
      .sample(objectOf(written), { numRuns: 60, seed: 7 })
      .map((draft, index) => inMilliseconds({ id: `u${index}`, userName: `${'aAäb%'[index % 5]}${index}`, ...draft }))
    await database.fill(resources.map((one) => documentOf(one, Odd.id)))
  })

  test(`for ${RUNS} random filters`, async () => {
    const list = async (filter: Filter) => {
      const { query, rest } = mongoFilter(filter, mapping)
      const ids = new Set(await database.find(query))
      const found = resources.filter(({ id }) => ids.has(id))
      return rest ? found : { resources: found, totalResults: found.length }
    }
    const said = await assertAgreement({
      filters: filterOf(schema, isUsed).filter((one) => !isMingo || !BEHIND_SURROGATES.test(one)),
      schema,
      resources,
      list,
      runs: RUNS,
      seed: 45,
    })
    expect(said).toBeGreaterThan(0.5)
  }, 600_000)

  test.each(['ascending', 'descending'] as const)('for the order by userName, %s', async (order) => {
    const attribute = attributeNamed(schema, 'userName') as Attribute
    const key = sortKey(attribute)
    const sort = { attribute, order }
    const wanted = resources.map((one) => ({ key: key(one), id: String(one.id) })).sort(compareEntries(sort))
    expect(await database.find({}, mongoSort(sort, mapping))).toEqual(wanted.map(({ id }) => id))
  })
}

/** A Date has no more. */
function inMilliseconds(resource: Stored): Stored {
  return JSON.parse(JSON.stringify(resource).replaceAll(/(?<=T\d\d:\d\d:\d\d\.\d{3})\d+/g, ''))
}
