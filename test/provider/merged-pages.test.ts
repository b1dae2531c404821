import { bearer, type ListQuery, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { callOf } from '../support/calls.js'
import { TOKEN } from '../support/token.js'

type Adapters = ReturnType<typeof memoryAdapters>

const service = ({ users, groups }: Adapters) =>
  scimRouter({
    authenticate: bearer(TOKEN),
    limits: { maxResults: 500 },
    resources: { User: { adapter: users }, Group: { adapter: groups } },
  }).as({ tenant: 'acme', actor: 'test' })

async function filled(users: number, groups: number): Promise<Adapters> {
  const adapters = memoryAdapters()
  const call = callOf()
  const key = (at: number, step: number) => `k${String((at * step) % 10_007).padStart(5, '0')}`
  for (let at = 0; at < users; at += 1) {
    await adapters.users.create({ userName: `u${at}`, displayName: key(at, 7_919) } as never, call)
  }
  for (let at = 0; at < groups; at += 1) {
    await adapters.groups.create({ displayName: key(at, 4_447) } as never, call)
  }
  return adapters
}

describe('a query on the root that sorts', () => {
  test.each([
    ['mostly users', 1_500, 40],
    ['mostly groups', 40, 1_500],
    ['as many users as groups', 900, 900],
    ['users alone', 1_300, 0],
  ])('shows each resource once and in order on deep pages, too: %s', async (_title, users, groups) => {
    const adapters = await filled(users, groups)
    const all = users + groups
    const names: string[] = []
    for (let startIndex = 1; startIndex <= all; startIndex += 300) {
      const path = `/?sortBy=displayName&sortOrder=descending&count=300&startIndex=${startIndex}`
      const { status, body } = await service(adapters).request({ method: 'GET', path })
      expect(status).toBe(200)
      const page = body as { totalResults: number; Resources: { id: string; displayName: string }[] }
      expect(page.totalResults).toBe(all)
      names.push(...page.Resources.map(({ id, displayName }) => `${displayName} ${id}`))
    }
    expect(new Set(names).size).toBe(all)
    const keys = names.map((name) => name.slice(0, 6))
    expect(keys).toEqual([...keys].sort().reverse())
  })

  test('reads of a deep page what may be on it, and no more than 20,000 resources', async () => {
    const asked: number[] = []
    const { users, groups } = memoryAdapters()
    const totals = { User: 90_000, Group: 10 }
    const counting = <Adapter extends Adapters['users'] | Adapters['groups']>(
      adapter: Adapter,
      type: 'User' | 'Group',
    ) => ({
      ...adapter,
      list: (query: ListQuery) => {
        if (query.pagination !== 'index') throw new Error('A query on the root pages by index.')
        const { startIndex, count } = query
        asked.push(count)
        const length = Math.max(0, Math.min(count, totals[type] - startIndex + 1))
        const resources = Array.from({ length }, (_, at) => ({
          id: `${type}${startIndex + at}`,
          displayName: `d${1_000_000 + startIndex + at}`,
          meta: { version: '1' },
        }))
        return { resources, totalResults: totals[type] }
      },
    })
    const root = service({ users: counting(users, 'User'), groups: counting(groups, 'Group') } as never)
    const deep = { method: 'GET', path: '/?sortBy=displayName&startIndex=80001&count=100' }
    const { status, body } = await root.request(deep)
    expect(status).toBe(200)
    // The ten groups lie before it.
    expect((body as { Resources: { id: string }[] }).Resources.map(({ id }) => id)).toEqual(
      Array.from({ length: 100 }, (_, at) => `User${79_991 + at}`),
    )
    expect(Math.max(...asked)).toBeLessThanOrEqual(110)

    totals.Group = 90_000
    asked.length = 0
    expect(await root.request(deep)).toMatchObject({ status: 400, body: { scimType: 'tooMany' } })
    expect(asked).toEqual([0, 0])
  })
})
