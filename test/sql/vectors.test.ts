import type { ListQuery, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject, Resource } from '../../src/schema/model/resource.js'
import { compileFilter, type TableMapping } from '../../src/sql/index.js'
import { filledTables } from '../support/filled-tables.js'
import { FILTER_DATABASES, type FilterDatabase } from '../support/filter-databases.js'
import { type FixtureAdapter, fixtureAdapter } from '../support/fixture-adapter.js'
import { vectorServers } from '../vectors/exceptions.js'
import { askFilter, filterCases, filterDifferences, filterVectors } from '../vectors/filter-vectors.js'
import type { VectorService } from '../vectors/service.js'

const [extension] = filterVectors.schemas.extension
const meta = { 'meta.created': 'created_at', 'meta.lastModified': 'updated_at' }
const rest = { json: 'scim', keys: 'scim_keys' }

const users: TableMapping = {
  table: 'accounts',
  attributes: {
    id: 'id',
    ...meta,
    userName: { column: 'email', folded: 'email_key' },
    displayName: { column: 'label', folded: 'label_key' },
    'name.familyName': { column: 'last_name', folded: 'last_name_key' },
    active: 'enabled',
    emails: {
      table: 'account_emails',
      on: { account_id: 'id' },
      attributes: {
        value: { column: 'address', folded: 'address_key' },
        type: { column: 'kind', folded: 'kind_key' },
        primary: 'main',
        '*': rest,
      },
    },
    '*': rest,
  },
}
const groups: TableMapping = {
  table: 'teams',
  attributes: { id: 'id', ...meta, displayName: { column: 'name', folded: 'name_key' }, '*': rest },
}

for (const [name, describeThere, make] of FILTER_DATABASES) describeThere(`vectors on ${name}`, () => vectorsOn(make))

function vectorsOn(make: () => FilterDatabase): void {
  const database = make()
  const ofType = (schema: string): FixtureAdapter =>
    fixtureAdapter(filterVectors.resources.filter(({ schemas }) => String(schemas).includes(schema)))
  const stored = { users: ofType(User.id), groups: ofType(Group.id) }
  const service: VectorService = {
    options: (compatibility) => ({
      compatibility,
      baseUrl: 'https://example.com/v2',
      resources: {
        User: { extensions: [EnterpriseUser, extension], adapter: inDatabase(database, stored.users, users) },
        Group: { adapter: inDatabase(database, stored.groups, groups) },
      },
    }),
    reset: (ids) => {
      stored.users.reset(ids)
      stored.groups.reset(ids)
    },
  }
  const servers = vectorServers(service)

  beforeAll(async () => {
    const extensions = [EnterpriseUser, extension].map((schema) => ({ schema, required: false }))
    await fill(stored.users, users, resourceSchema(User, extensions))
    await fill(stored.groups, groups, resourceSchema(Group, []))
  })
  afterAll(() => servers.close())

  function fill(adapter: FixtureAdapter, mapping: TableMapping, schema: ResourceSchema): Promise<void> {
    return database.fill(filledTables(mapping, schema, rowsOf(adapter) as readonly JsonObject[]))
  }

  test.each(filterCases)('%s', async (_title, vector) => {
    expect(filterDifferences(vector, await askFilter(vector, service, (await servers.with('strict')).scim))).toEqual([])
  })
}

/** An adapter whose lists are found by SQL: a page when SQL could say all of the filter. */
function inDatabase(
  database: FilterDatabase,
  adapter: FixtureAdapter,
  mapping: TableMapping,
): ResourceAdapter<Resource> {
  return {
    ...adapter,
    list: async ({ filter, sort, ...query }) => {
      const rows = rowsOf(adapter)
      if (!filter) return rows
      const { text, values, rest } = compileFilter(filter, mapping, database.dialect)
      const matches = await database.rows(`SELECT id FROM ${mapping.table} WHERE ${text}`, values)
      const ids = new Set(matches.map(({ id }) => id))
      const found = rows.filter(({ id }) => ids.has(id))
      if (rest || sort) return found
      return { resources: found.slice(0, query.count), totalResults: found.length }
    },
  }
}

function rowsOf(adapter: FixtureAdapter): readonly Stored[] {
  return adapter.list({} as ListQuery, {} as never) as readonly Stored[]
}
