import fc from 'fast-check'
import { finishCandidates } from '../../src/adapter/candidates.js'
import type { Candidates, ListQuery, Page, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { mappedResources } from '../../src/postgres/index.js'
import type { ResourceSchema } from '../../src/schema/define/schema.js'
import { callOf, GROUP_TYPE, queryOf, USER_TYPE } from '../support/calls.js'
import { runs } from '../support/length.js'
import { testAdapters, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

const CALL = callOf()
const RUNS = runs(80, 400)

interface Adapters {
  readonly users: ResourceAdapter
  readonly groups: ResourceAdapter
}

describe('filters on members and groups mean the same in memory and in SQL', () => {
  describe('on documents', () => {
    const database = testAdapters()
    check(() => database.postgres as never)
  })

  describe('on existing tables', () => {
    const database = testDatabase()
    beforeAll(() => database.pool.query(tableStatements(database.schema)))
    check(() => {
      const { User, Group } = mappedResources({ pool: database.pool }, tableMapping(database.schema))
      return { users: User.adapter as never, groups: Group.adapter as never }
    })
  })
})

function check(open: () => Adapters): void {
  let adapters: Adapters
  let literals: readonly string[]

  beforeAll(async () => {
    adapters = open()
    const { users, groups } = adapters
    const ids: string[] = []
    for (let index = 0; index < 8; index++) {
      const made = await users.create({ userName: `User${index}`, displayName: `name ${index % 3}` } as never, CALL)
      ids.push(String(made.id))
    }
    const groupIds: string[] = []
    // Some in others, some empty, users in several.
    for (let index = 0; index < 6; index++) {
      const members = [
        ...ids.filter((_, user) => (user + index) % 4 === 0),
        ...groupIds.filter((_, at) => at % 2 === 1),
      ]
      const draft = {
        displayName: `Team ${index % 2}`,
        members: index === 3 ? [] : members.map((value) => ({ value })),
      }
      groupIds.push(String((await groups.create(draft as never, CALL)).id))
    }
    literals = [...ids.slice(0, 3), ...groupIds, ...ids.slice(0, 2).map((id) => id.toUpperCase()), '', 'x', "'"]
  })

  test.each(['groups', 'members'] as const)(`for ${RUNS} random filters on %s`, async (list) => {
    const [adapter, schema] = list === 'groups' ? [adapters.users, USER_TYPE] : [adapters.groups, GROUP_TYPE]
    const resources = await all((await adapter.list(queryOf(schema), CALL)) as never, schema)
    expect(resources.some((one) => list in one) && resources.some((one) => !(list in one))).toBe(true)
    await fc.assert(
      fc.asyncProperty(filterOf(list, literals), async (text) => {
        const filter = resolveFilter(parseFilter(text), schema)
        const matches = toPredicate(filter)
        const wanted = resources.filter((one) => matches({ ...one, schemas: [] })).map(({ id }) => id)
        const query = { ...queryOf(schema), filter } as ListQuery
        const found = await all((await adapter.list(query, CALL)) as never, schema, query)
        expect(found.map(({ id }) => id).sort()).toEqual([...wanted].sort())
      }),
      { numRuns: RUNS, seed: 44 },
    )
  })
}

async function all(
  answer: Page | Candidates,
  schema: ResourceSchema,
  query: ListQuery = queryOf(schema),
): Promise<readonly Stored[]> {
  const page = 'resources' in answer ? answer : await finishCandidates(answer, query, { schema } as never)
  return [...page.resources]
}

function filterOf(list: 'groups' | 'members', ids: readonly string[]): fc.Arbitrary<string> {
  const operator = fc.constantFrom('eq', 'eq', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'le')
  const types = list === 'groups' ? ['direct', 'INDIRECT'] : ['User', 'group']
  const values: Readonly<Record<string, readonly string[]>> = {
    value: ids,
    type: types,
    display: ['team 0', 'Team 1', 'NAME 1', 'user1', ''],
  }
  const compare = fc.constantFrom('value', 'value', 'value', 'type', 'display').chain((sub) =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .tuple(operator, fc.constantFrom(...(values[sub] ?? [])))
          .map(([op, value]) => `${sub} ${op} ${JSON.stringify(value)}`),
      },
      { weight: 1, arbitrary: fc.constantFrom(`${sub} pr`, `${sub} eq null`, `${sub} ne null`) },
    ),
  )
  const inner = fc.oneof(
    compare,
    fc.tuple(compare, fc.constantFrom('and', 'or'), compare).map((parts) => parts.join(' ')),
    compare.map((one) => `not (${one})`),
  )
  const leaf = fc.oneof(
    compare.map((one) => `${list}.${one}`),
    inner.map((one) => `${list}[${one}]`),
    fc.constantFrom(...ids).map((id) => `${list} eq ${JSON.stringify(id)}`),
    fc.constantFrom(`${list} pr`, 'displayName sw "name"'),
  )
  return fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      leaf,
      fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('filter').map((one) => `not (${one})`),
    ),
  })).filter
}
