import fc from 'fast-check'
import type { Call, ListQuery, ResourceAdapter, Sort, Stored, WriteCall } from '../../src/adapter/contract.js'
import { compareEntries } from '../../src/adapter/entry.js'
import { EVERYTHING } from '../../src/adapter/selections.js'
import { sortKey } from '../../src/adapter/sort.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { sample } from '../support/length.js'
import { testAdapters, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'
import { all, assertAgreement, listQuery, NAMES, Odd, RUNS, SEED } from './sql-agreement.js'
import { sqlArbitraries } from './sql-arbitraries.js'

describe('filters mean the same in memory and in SQL', () => {
  const { filterOf, objectOf } = sqlArbitraries('unicode')
  const extensions = [EnterpriseUser, Odd]
  const schema = resourceSchema(
    User,
    extensions.map((one) => ({ schema: one, required: false })),
  )
  const database = testAdapters({ users: { extensions, indexes: ['emails.value', `${Odd.id}:tags`] } })
  const isUsed = (attribute: Attribute): boolean =>
    attribute.path !== 'meta' &&
    (NAMES.has(attribute.name) || attribute.extension !== undefined || attribute.keys.length > 1)
  let resources: readonly Stored[]

  beforeAll(async () => {
    const written = schema.root.subAttributes.filter(
      (one) => NAMES.has(one.name) && one.name !== 'meta' && one.name !== 'userName',
    )
    const drafts = fc.sample(objectOf([...written, ...schema.extensionAttributes]), { numRuns: 60, seed: 7 + SEED })
    const { users } = database.postgres
    for (const [index, draft] of drafts.entries()) {
      await users.create({ ...draft, userName: `${'aAäΣ%'[index % 5]}${index}` } as never, CALL)
    }
    resources = await all((await database.postgres.users.list(listQuery(undefined, undefined), CALL)) as never, schema)
    expect(resources.length).toBe(60)
  })

  test(`for ${RUNS} random filters`, async () => {
    const said = await assertAgreement({
      filters: filterOf(schema, isUsed),
      schema,
      resources,
      list: (filter) => database.postgres.users.list(listQuery(filter, undefined), CALL) as never,
      runs: RUNS,
      seed: 42,
    })
    // SQL must express nearly all filters: the rest would be read row by row.
    expect(said).toBeGreaterThan(0.98)
  }, 600_000)

  test('for random orders, page by page both ways', () => {
    const lists = ['emails.value', `${Odd.id}:tags`, `${Odd.id}:places`]
    return checkOrders(database.postgres.users as never, schema, resources, [...SINGULAR, ...lists])
  })
})

describe('filters mean the same in memory and on existing tables', () => {
  const { filterOf, objectOf } = sqlArbitraries('ascii')
  const database = testDatabase()
  const extensions = [EnterpriseUser, Odd]
  const NAMED = new Set([...NAMES].filter((name) => name !== 'x509Certificates' && name !== 'photos'))
  let resources: readonly Stored[]
  let schema: ResourceSchema
  let adapter: ResourceAdapter

  beforeAll(async () => {
    const { pool, schema: name } = database
    await pool.query(tableStatements(name))
    const { User: users } = mappedResources({ pool }, tableMapping(name, extensions))
    adapter = users.adapter as never
    schema = resourceSchema(users.schema, users.extensions)
    const written = [...schema.root.subAttributes, ...schema.extensionAttributes].filter(
      (one) => one.isExtension || (NAMED.has(one.name) && one.name !== 'meta' && one.name !== 'userName'),
    )
    for (const [index, draft] of fc.sample(objectOf(written), { numRuns: 40, seed: 11 + SEED }).entries()) {
      await adapter.create({ ...draft, userName: `${'aAbB%'[index % 5]}${index}` } as never, CALL)
    }
    resources = await all((await adapter.list(listQuery(undefined, undefined), CALL)) as never, schema)
    expect(resources.length).toBe(40)
  })

  test(`for ${RUNS / 4} random filters`, async () => {
    const isUsed = (attribute: Attribute): boolean =>
      attribute.path !== 'meta' && (NAMED.has(attribute.name) || attribute.extension !== undefined)
    const said = await assertAgreement({
      filters: filterOf(schema, isUsed),
      schema,
      resources,
      list: (filter) => adapter.list(listQuery(filter, undefined), CALL) as never,
      runs: RUNS / 4,
      seed: 43,
    })
    expect(said).toBeGreaterThan(0.9)
  }, 600_000)

  test('for random orders, page by page both ways', () =>
    checkOrders(adapter, schema, resources, [...SINGULAR, 'displayName', 'name.givenName', 'meta.lastModified']))
})

const SINGULAR = [
  'userName',
  'externalId',
  'title',
  'active',
  'meta.created',
  'id',
  `${Odd.id}:ratio`,
  `${Odd.id}:seen`,
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
]

/** An order in SQL is that in memory: on one page, from the first page on, and from the last one back. */
async function checkOrders(
  adapter: ResourceAdapter,
  schema: ResourceSchema,
  resources: readonly Stored[],
  paths: readonly string[],
): Promise<void> {
  for (const path of sample(paths, 2)) {
    for (const order of ['ascending', 'descending'] as const) {
      const named = attributeNamed(schema, path) as Attribute
      const attribute = named.type === 'complex' ? (named.subAttribute('value') as Attribute) : named
      const sort: Sort = { attribute, order }
      const key = sortKey(attribute)
      const entries = resources.map((one) => ({ key: key(one), id: String(one.id) }))
      const wanted = entries.sort(compareEntries(sort)).map(({ id }) => id)
      const index = await adapter.list(listQuery(undefined, sort), CALL)
      expect({ path, order, ids: idsOf(index) }).toEqual({ path, order, ids: wanted })
      expect({ path, order, ids: await walk(adapter, sort, 'next') }).toEqual({ path, order, ids: wanted })
      expect({ path, order, ids: await walk(adapter, sort, 'previous') }).toEqual({ path, order, ids: wanted })
    }
  }
  expect(await walk(adapter, undefined, 'next')).toEqual(resources.map(({ id }) => id))
  expect(await walk(adapter, undefined, 'previous')).toEqual(resources.map(({ id }) => id))
}

/** The ids on all pages by cursor, from the first on or from the last back. */
async function walk(
  adapter: ResourceAdapter,
  sort: Sort | undefined,
  direction: 'next' | 'previous',
): Promise<unknown[]> {
  const ids: unknown[] = []
  let position: unknown = direction === 'next' ? undefined : []
  for (let pages = 0; pages < 40; pages++) {
    const at = direction === 'next' ? { after: position } : { before: position }
    const query = { ...listQuery(undefined, sort), pagination: 'cursor', count: 7, ...at } as unknown as ListQuery
    const page = (await adapter.list(query, CALL)) as { resources: Stored[]; next?: unknown; previous?: unknown }
    const found = page.resources.map(({ id }) => id)
    if (direction === 'next') ids.push(...found)
    else ids.unshift(...found)
    position = page[direction]
    if (position === undefined) return ids
  }
  throw new Error('The pages do not end.')
}

const CALL = {
  auth: {},
  tenant: 'a',
  select: EVERYTHING,
  signal: new AbortController().signal,
  limits: { groupLinks: 100_000, scanResources: 100_000, scanTime: 2_000, memberEvents: 0 },
  transaction: undefined,
  params: {},
  request: undefined,
  ifMatch: undefined,
} as unknown as Call & WriteCall

function idsOf(answer: unknown): unknown[] {
  return (answer as { resources: Stored[] }).resources.map(({ id }) => id)
}
