import fc from 'fast-check'
import type { Stored } from '../../src/adapter/contract.js'
import type { Filter } from '../../src/filter/ast.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { compileFilter, type TableMapping } from '../../src/sql/index.js'
import { filledTables } from '../support/filled-tables.js'
import { FILTER_DATABASES, type FilterDatabase } from '../support/filter-databases.js'
import { assertAgreement, NAMES, Odd, RUNS } from './sql-agreement.js'
import { sqlArbitraries, type Texts } from './sql-arbitraries.js'

const schema = resourceSchema(
  User,
  [EnterpriseUser, Odd].map((one) => ({ schema: one, required: false })),
)
const emails = { table: 'account_emails', on: { account_id: 'id' } }

/** Columns of keys lie beside the values, as the library would compare them in memory. */
const WITH_KEYS: TableMapping = {
  table: 'accounts',
  attributes: {
    id: 'id',
    userName: { column: 'email', folded: 'email_key' },
    displayName: { column: 'label', folded: 'label_key' },
    'name.givenName': { column: 'first_name', folded: 'first_name_key' },
    active: 'enabled',
    [`${Odd.id}:count`]: 'login_count',
    [`${Odd.id}:ratio`]: 'ratio',
    emails: {
      ...emails,
      attributes: {
        value: { column: 'address', folded: 'address_key' },
        type: { column: 'kind', folded: 'kind_key' },
        '*': { json: 'more', keys: 'more_keys' },
      },
    },
    '*': { json: 'scim', keys: 'scim_keys' },
  },
}

/** There is nothing but the values. */
const WITHOUT_KEYS: TableMapping = {
  table: 'accounts',
  attributes: {
    id: 'id',
    userName: 'email',
    externalId: 'external_id',
    displayName: 'label',
    'name.givenName': 'first_name',
    active: 'enabled',
    [`${Odd.id}:count`]: 'login_count',
    [`${Odd.id}:seen`]: 'seen_at',
    emails: { ...emails, attributes: { value: 'address', type: 'kind', '*': { json: 'more' } } },
    '*': { json: 'scim' },
  },
}

for (const [name, describeThere, make] of FILTER_DATABASES) {
  describeThere(`filters mean the same in memory and in ${name}`, () => filtersIn(make))
}

function filtersIn(make: () => FilterDatabase): void {
  describe('beside what values are compared by', () => {
    const agreement = randomUsers(make, WITH_KEYS, 'unicode', (draft) => draft)
    test(`for ${RUNS} random filters`, async () => {
      expect(await agreement(RUNS, 44)).toBeGreaterThan(0.98)
    }, 600_000)
  })

  describe('with the values alone', () => {
    const agreement = randomUsers(make, WITHOUT_KEYS, 'latin', asForeign)
    test(`for ${RUNS} random filters`, async () => {
      // Left to the router: dates and binaries in JSON, and letters beyond ASCII where case does not count.
      expect(await agreement(RUNS, 45)).toBeGreaterThan(0.65)
    }, 600_000)
  })
}

/** Random users in tables, and the comparison of random filters on them. */
function randomUsers(
  make: () => FilterDatabase,
  mapping: TableMapping,
  texts: Texts,
  change: (draft: Stored) => Stored,
): (runs: number, seed: number) => Promise<number> {
  const { filterOf, objectOf } = sqlArbitraries(texts)
  const database = make()
  const isUsed = (attribute: Attribute): boolean =>
    attribute.path !== 'meta' && (NAMES.has(attribute.name) || attribute.extension !== undefined)
  let resources: readonly Stored[] = []

  beforeAll(async () => {
    const written = schema.root.subAttributes.filter(
      (one) => one.isExtension || (NAMES.has(one.name) && one.name !== 'meta' && one.name !== 'userName'),
    )
    resources = fc.sample(objectOf(written), { numRuns: 60, seed: 7 }).map((draft, index) => {
      // A name without parts has no columns to show it.
      const { name, ...others } = draft
      const named = typeof name === 'object' && name !== null && Object.keys(name).length > 0
      return change({ id: `u${index}`, userName: `${'aAäb%'[index % 5]}${index}`, ...others, ...(named && { name }) })
    })
    await database.fill(filledTables(mapping, schema, resources as never))
  })

  const list = async (filter: Filter) => {
    const { text, values, rest } = compileFilter(filter, mapping, database.dialect)
    const matches = await database.rows(`SELECT id FROM accounts WHERE ${text}`, values)
    const ids = new Set(matches.map(({ id }) => id))
    const found = resources.filter(({ id }) => ids.has(id))
    return rest ? found : { resources: found, totalResults: found.length }
  }
  return (runs, seed) => assertAgreement({ filters: filterOf(schema, isUsed), schema, resources, list, runs, seed })
}

/**
 * The resource as other programs write it: null for no value, which RFC 7643 section 2.5 takes for unassigned, also in
 * lists. A column of instants has milliseconds.
 */
function asForeign(draft: Stored): Stored {
  const written = withNulls(schema.root, draft as JsonObject)
  return JSON.parse(JSON.stringify(written).replaceAll(/(?<="seen":"[^"]*\.\d{3})\d+/g, ''))
}

function withNulls(holder: Attribute, object: JsonObject): JsonObject {
  const members = holder.subAttributes.map((attribute) => {
    const value = object[attribute.name] ?? null
    if (attribute.isExtension && value !== null) return [attribute.name, withNulls(attribute, value as JsonObject)]
    return [attribute.name, Array.isArray(value) && attribute.name !== 'emails' ? [...value, null] : value]
  })
  return Object.fromEntries(members)
}
