import { EnterpriseUser } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { testAdapters } from '../support/postgres.js'

const MANAGER = `${EnterpriseUser.id}:manager`

/** The managers of users, by userName. */
const MANAGERS: Readonly<Record<string, object | undefined>> = {
  none: undefined,
  small: { manager: { value: 'boss' } },
  large: { manager: { value: 'BOSS' } },
  other: { manager: { value: 'Chief' } },
  only: { manager: { displayName: 'Boss' } },
  empty: { manager: { value: '' } },
  department: { department: 'boss' },
}

describe('filters and sorting by the manager, whose key has a column', () => {
  const database = testAdapters()
  let inMemory: App
  let inPostgres: App

  beforeAll(async () => {
    const { User } = database.postgres.resources
    inMemory = await startApp({ resources: { User: { ...User, adapter: memoryAdapters().users } } })
    inPostgres = await startApp({ resources: { User } })
    for (const { scim } of [inMemory, inPostgres])
      for (const [userName, enterprise] of Object.entries(MANAGERS)) {
        const { status } = await scim.post('/Users', {
          schemas: [USER_SCHEMA],
          userName,
          ...(enterprise && { [EnterpriseUser.id]: enterprise }),
        })
        expect(status).toBe(201)
      }
  })

  async function both(query: string, isOrdered = false): Promise<readonly (readonly string[])[]> {
    return Promise.all(
      [inMemory, inPostgres].map(async ({ scim }) => {
        const { status, body } = await scim.get(`/Users?${query}`)
        expect([query, status]).toEqual([query, 200])
        const names: string[] = body.Resources.map(({ userName }: { userName: string }) => userName)
        return isOrdered ? names : names.sort()
      }),
    )
  }

  test.each([
    `${MANAGER}.value eq "boss"`,
    `${MANAGER}.value eq "BOSS"`,
    `${MANAGER}.value ne "Boss"`,
    `${MANAGER}.value eq null`,
    `${MANAGER}.value ne null`,
    `${MANAGER}.value eq ""`,
    `${MANAGER}.value pr`,
    `${MANAGER} pr`,
    `${MANAGER}.value co "OS"`,
    `${MANAGER}.value sw "b"`,
    `${MANAGER}.value ew "F"`,
    `${MANAGER}.value gt "C"`,
    `${MANAGER}.value le "boss"`,
    `not (${MANAGER}.value eq "boss")`,
    `not (${MANAGER}.value pr)`,
    `${MANAGER}[value eq "boss"]`,
    `${MANAGER}[not (value eq "boss")]`,
    `${MANAGER}[value eq "boss" or displayName pr]`,
  ])('%s', async (filter) => {
    const [expected, found] = await both(`filter=${encodeURIComponent(filter)}`)
    expect(found).toEqual(expected)
  })

  test.each(['ascending', 'descending'])('sorted %s', async (order) => {
    // Without a manager they are in the order of ids, which are random in memory.
    const path = encodeURIComponent(`${MANAGER}.value`)
    const [expected, found] = await both(`filter=${path} pr&sortBy=${path}&sortOrder=${order}`, true)
    expect(found).toHaveLength(3)
    expect(found).toEqual(expected)
  })
})
