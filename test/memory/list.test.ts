import { finishCandidates } from '../../src/adapter/candidates.js'
import type { CursorPage, IndexPage, ListQuery, Stored, WriteCall } from '../../src/adapter/contract.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { RowList } from '../../src/memory/row-list.js'
import { defineSchema } from '../../src/schema/define/define-schema.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Json } from '../../src/schema/model/definition.js'
import { callWith, cursorQueryOf, groupSchema, queryOf, userSchema } from './calls.js'

const call = callWith()
let { users, groups } = memoryAdapters()
beforeEach(() => {
  ;({ users, groups } = memoryAdapters({ users: { indexes: ['emails.value', 'meta.lastModified'] } }))
})
afterEach(() => jest.restoreAllMocks())

interface Lister {
  readonly list: (query: ListQuery, call: WriteCall) => unknown
}

/** The page that the router makes of the answer. */
async function pageOf<P = IndexPage>(adapter: Lister, query: ListQuery, given = call): Promise<P> {
  const answer = (await adapter.list(query, given)) as P | Iterable<Stored>
  return answer !== null && typeof answer === 'object' && 'resources' in answer
    ? (answer as P)
    : ((await finishCandidates(answer as Iterable<Stored>, query)) as P)
}

const namesOf = ({ resources }: { readonly resources: Iterable<Stored> }): unknown[] =>
  Array.from(resources, (resource) => (resource as Stored & { userName?: string }).userName)

async function createUsers(count: number, more: (index: number) => object = () => ({})): Promise<string[]> {
  const ids: string[] = []
  for (let index = 1; index <= count; index += 1) {
    const draft = { userName: `user${index}`, ...more(index) }
    ids.push(String((await users.create(draft, call)).id))
  }
  return ids
}

describe('list by index', () => {
  test('[P-3.4.2.4-11] pages follow each other in an order that stays', async () => {
    const ids = await createUsers(7)
    await users.replace(ids[0] as string, { userName: 'user1', title: 'x' }, call)
    const pages = [1, 4, 7, 10].map((startIndex) => pageOf(users, queryOf(userSchema, { count: 3, startIndex })))
    const found = await Promise.all(pages)
    expect(found.map(namesOf)).toEqual([['user1', 'user2', 'user3'], ['user4', 'user5', 'user6'], ['user7'], []])
    expect(found.map(({ totalResults }) => totalResults)).toEqual([7, 7, 7, 7])
  })

  test('[P-3.4.2.4-04] count 0 gives the total alone', async () => {
    await createUsers(3)
    for (const filter of [undefined, 'userName eq "user1"', 'title eq "x"']) {
      const page = await pageOf(users, queryOf(userSchema, { count: 0, ...(filter && { filter }) }))
      expect(Array.from(page.resources)).toEqual([])
      expect(page.totalResults).toBe({ undefined: 3, 'userName eq "user1"': 1, 'title eq "x"': 0 }[String(filter)])
    }
  })

  test('[P-3.6-03] what was deleted is gone from every answer', async () => {
    const [first] = await createUsers(2)
    await users.delete(first as string, call)
    expect(namesOf(await pageOf(users, queryOf(userSchema)))).toEqual(['user2'])
    expect(namesOf(await pageOf(users, queryOf(userSchema, { filter: 'userName eq "user1"' })))).toEqual([])
    expect(namesOf(await pageOf(users, queryOf(userSchema, { sortBy: 'userName' })))).toEqual(['user2'])
  })
})

describe('equality filters', () => {
  const filters = [
    'userName eq "USER7"',
    'externalId eq "x7"',
    'displayName eq "user 7"',
    'emails.value eq "U7@example.com"',
    'emails[value eq "u7@example.com"]',
  ]

  test.each(filters)('%s is answered by an index', async (filter) => {
    await createUsers(20, (n) => ({
      externalId: `x${n}`,
      displayName: `User ${n}`,
      emails: [{ value: `u${n}@example.com` }],
    }))
    const walked = jest.spyOn(RowList.prototype, Symbol.iterator)
    const page = (await users.list(queryOf(userSchema, { filter }), call)) as IndexPage
    // There by now: nothing is waited for.
    expect(users.list(queryOf(userSchema, { filter }), call)).toEqual(page)
    expect(namesOf(page)).toEqual(['user7'])
    expect(page.totalResults).toBe(1)
    expect(walked).not.toHaveBeenCalled()
  })

  test('are answered by an index that is made meanwhile, whoever comes and goes', async () => {
    const ids = await createUsers(400, (n) => ({ externalId: n % 2 === 0 ? 'even' : 'odd' }))
    // The first delete makes the index of managers, in turns as well.
    await users.delete('nobody', call)
    // Time is over at each look: it rests after every row.
    let now = 0
    jest.spyOn(performance, 'now').mockImplementation(() => {
      now += 10
      return now
    })
    const query = queryOf(userSchema, { filter: 'externalId eq "even"', count: 1000 })
    const asked = [pageOf(users, query), pageOf(users, query)]
    const turns = async (count: number) => {
      for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    await turns(100)
    await users.delete(ids[1] as string, call)
    await users.delete(ids[399] as string, call)
    await users.replace(ids[3] as string, { userName: 'user4', externalId: 'odd' }, call)
    await users.replace(ids[397] as string, { userName: 'user398', externalId: 'odd' }, call)
    await users.replace(ids[0] as string, { userName: 'user1', externalId: 'even' }, call)
    await users.replace(ids[398] as string, { userName: 'user399', externalId: 'even' }, call)
    await users.create({ userName: 'new', externalId: 'even' }, call)
    const first = await asked[0]
    expect(namesOf(first as IndexPage)).toHaveLength(200 - 4 + 3)
    expect(await asked[1]).toEqual(first)
    expect(await pageOf(users, query)).toEqual(first)
    expect(namesOf(first as IndexPage)).toEqual(expect.arrayContaining(['user1', 'user399', 'new']))
    await users.delete(ids[0] as string, call)
    expect((await pageOf(users, query)).totalResults).toBe(198)
  })

  test('what the store assigns cannot be looked up, and is found all the same', async () => {
    await createUsers(3)
    const [stored] = [...(await pageOf(users, queryOf(userSchema))).resources] as Stored[]
    const filter = `meta.lastModified eq "${stored?.meta?.lastModified}"`
    expect(namesOf(await pageOf(users, queryOf(userSchema, { filter })))).toContain('user1')
  })

  test('id is looked up too', async () => {
    const ids = await createUsers(3)
    const walked = jest.spyOn(RowList.prototype, Symbol.iterator)
    const page = (await users.list(queryOf(userSchema, { filter: `id eq "${ids[1]}"` }), call)) as IndexPage
    expect(namesOf(page)).toEqual(['user2'])
    expect(walked).not.toHaveBeenCalled()
  })

  test.each(['members.value eq', 'members[value eq', 'members eq'])('%s finds groups by an index', async (start) => {
    const [ann, bob] = await createUsers(2)
    for (const member of [ann, bob, ann, bob]) {
      await groups.create({ displayName: 'G', members: [{ value: String(member) }] }, call)
    }
    const filter = start.includes('[') ? `${start} "${ann}"]` : `${start} "${ann}"`
    const walked = jest.spyOn(RowList.prototype, Symbol.iterator)
    const page = (await groups.list(queryOf(groupSchema, { filter }), callWith({ select: [] }))) as IndexPage
    expect(page.totalResults).toBe(2)
    expect(walked).not.toHaveBeenCalled()
    expect([...page.resources][0]).not.toHaveProperty('members')
  })

  test('with more beside it, the index gives the candidates', async () => {
    await createUsers(20, (n) => ({ active: n % 2 === 0 }))
    const query = queryOf(userSchema, { filter: 'active eq true and userName eq "user8"' })
    const withoutGroups = callWith({ select: ['userName', 'active'] })
    expect([...((await users.list(query, withoutGroups)) as Iterable<Stored>)]).toHaveLength(1)
    expect(namesOf(await pageOf(users, query))).toEqual(['user8'])
    const none = queryOf(userSchema, { filter: 'active eq true and userName eq "user7"' })
    expect((await pageOf(users, none)).totalResults).toBe(0)
  })

  test('an alternative or a negation is no demand', async () => {
    await createUsers(4)
    const filter = 'userName eq "user1" or userName eq "user2" or not (userName eq "user3")'
    expect((await pageOf(users, queryOf(userSchema, { filter }))).totalResults).toBe(3)
  })

  test('follow every change of the value', async () => {
    const [id] = await createUsers(1, () => ({ emails: [{ value: 'a' }, { value: 'b' }] }))
    const totals = async () => {
      const filters = ['a', 'b', 'c'].map((value) => queryOf(userSchema, { filter: `emails.value eq "${value}"` }))
      return (await Promise.all(filters.map((query) => pageOf(users, query)))).map(({ totalResults }) => totalResults)
    }
    expect(await totals()).toEqual([1, 1, 0])
    await users.replace(id as string, { userName: 'user1', emails: [{ value: 'b' }, { value: 'c' }] }, call)
    expect(await totals()).toEqual([0, 1, 1])
    await users.delete(id as string, call)
    expect(await totals()).toEqual([0, 0, 0])
  })

  test('several matches come in the order of the list, and page', async () => {
    const ids = await createUsers(5, () => ({ displayName: 'Same' }))
    await users.replace(ids[0] as string, { userName: 'user1' }, call)
    await users.replace(ids[0] as string, { userName: 'user1', displayName: 'same' }, call)
    const filter = 'displayName eq "SAME"'
    expect(namesOf(await pageOf(users, queryOf(userSchema, { filter })))).toEqual([
      'user1',
      'user2',
      'user3',
      'user4',
      'user5',
    ])
    expect(namesOf(await pageOf(users, queryOf(userSchema, { filter, count: 2, startIndex: 3 })))).toEqual([
      'user3',
      'user4',
    ])
  })

  test('numbers and times are compared as such', async () => {
    const Seat = defineSchema({
      id: 'urn:test:Seat',
      attributes: [{ name: 'number', type: 'integer' }, { name: 'since', type: 'dateTime' }, { name: 'row' }],
    })
    const schema = resourceSchema(Seat)
    const seats = memoryAdapter({ schema: Seat, indexes: ['number', 'since'] })
    await seats.create({ number: 5, since: '2020-01-01T00:00:00Z', row: 'a' }, call)
    await seats.create({ number: 6, since: '2021-01-01T00:00:00Z', row: 'a' }, call)
    const filters = ['number eq 5', 'number eq 5 and row eq "a"', 'since eq "2020-01-01T01:00:00+01:00" and row eq "a"']
    for (const filter of filters) expect((await pageOf(seats, queryOf(schema, { filter }))).totalResults).toBe(1)
  })
})

describe('what filter and order look at', () => {
  test('is there though the answer does not show it', async () => {
    const [ann, bob] = await createUsers(2)
    const { id } = await groups.create({ displayName: 'G', members: [{ value: String(bob) }] }, call)
    const few = callWith({ select: ['userName'] })
    const inGroup = queryOf(userSchema, { filter: `groups.value eq "${id}"` })
    expect(namesOf(await pageOf(users, inGroup, few))).toEqual(['user2'])
    const sorted = queryOf(userSchema, { sortBy: 'groups.display' })
    expect(namesOf(await pageOf(users, sorted, few))).toEqual(['user2', 'user1'])
    const sw = queryOf(groupSchema, { filter: `members.value sw "${bob?.slice(0, 20)}"` })
    expect((await pageOf(groups, sw, callWith({ select: [] }))).totalResults).toBe(1)
    expect(ann).toBeDefined()
  })
})

describe('list by cursor', () => {
  const walk = async (options: object, turn: () => Promise<unknown> = async () => undefined): Promise<unknown[]> => {
    const seen: unknown[] = []
    let after: Json | undefined
    do {
      const page: CursorPage = await pageOf<CursorPage>(
        users,
        cursorQueryOf(userSchema, { count: 3, after, ...options }),
      )
      seen.push(...namesOf(page))
      after = page.next === undefined ? undefined : (JSON.parse(JSON.stringify(page.next)) as Json)
      await turn()
    } while (after !== undefined)
    return seen
  }

  test('[C-2-03] [C-2-04] goes to the end and back', async () => {
    await createUsers(7)
    const page = (options: object) => pageOf<CursorPage>(users, cursorQueryOf(userSchema, { count: 3, ...options }))
    const first = await page({})
    const second = await page({ after: first.next })
    const third = await page({ after: second.next })
    expect([first, second, third].map(namesOf)).toEqual([
      ['user1', 'user2', 'user3'],
      ['user4', 'user5', 'user6'],
      ['user7'],
    ])
    expect(third).not.toHaveProperty('next')
    expect(first).not.toHaveProperty('previous')
    expect(second.totalResults).toBe(7)
    const back = await page({ before: third.previous })
    expect(back).toEqual(second)
    expect(await page({ before: back.previous })).toEqual(first)
  })

  test.each([
    {},
    { sortBy: 'title' },
    { sortBy: 'title', sortOrder: 'descending' },
    { filter: 'title pr or active pr' },
  ])('[C-2-03] nothing is skipped or repeated while others insert and delete, %j', async (options) => {
    const ids = await createUsers(30, (n) => ({ title: n % 4 === 0 ? undefined : `t${n % 5}`, active: true }))
    let turns = 0
    const seen = await walk(options, async () => {
      turns += 1
      if (turns > 5) return
      await users.create({ userName: `new${turns}`, title: `t${turns}` }, call)
      await users.delete(ids[turns * 3] as string, call)
    })
    const lasting = ids.flatMap((_, index) => (index % 3 === 0 && index > 0 && index <= 15 ? [] : [`user${index + 1}`]))
    expect(seen.filter((name) => lasting.includes(String(name))).toSorted()).toEqual(lasting.toSorted())
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('a page that has lost its resources still leads on and back', async () => {
    const ids = await createUsers(6)
    const page = (options: object) => pageOf<CursorPage>(users, cursorQueryOf(userSchema, { count: 3, ...options }))
    const first = await page({})
    const second = await page({ after: first.next })
    for (const id of ids.slice(0, 3)) await users.delete(id, call)
    const gone = await page({ before: second.previous })
    expect(namesOf(gone)).toEqual([])
    expect(gone).not.toHaveProperty('previous')
    expect(namesOf(await page({ after: gone.next }))).toEqual(['user4', 'user5', 'user6'])

    for (const id of ids.slice(5)) await users.delete(id, call)
    const end = await page({ after: 6 })
    expect(end).not.toHaveProperty('next')
    expect(namesOf(await page({ before: end.previous }))).toEqual(['user4', 'user5'])
  })

  test('[C-2-05] count 0 gives the total alone', async () => {
    await createUsers(2)
    expect(await pageOf(users, cursorQueryOf(userSchema, { count: 0 }))).toEqual({ resources: [], totalResults: 2 })
  })

  test.each(['1', null, [], 0.5])('%j is no position', async (after) => {
    await createUsers(1)
    const list = async () => users.list(cursorQueryOf(userSchema, { after: after as Json }), call)
    await expect(list()).rejects.toMatchObject({ status: 400, scimType: 'invalidCursor' })
  })
})
