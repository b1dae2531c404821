import fc from 'fast-check'
import { finishCandidates } from '../../src/adapter/candidates.js'
import type { CursorPage, IndexPage, ListQuery, Stored } from '../../src/adapter/contract.js'
import type { Json } from '../../src/schema/model/definition.js'
import { cursorQueryOf, queryOf, userSchema } from '../memory/calls.js'

type Query = Parameters<typeof queryOf>[1]

const user = (id: string, more: object = {}): Stored => ({ id, userName: `user-${id}`, ...more })
const idsOf = ({ resources }: { readonly resources: Iterable<Stored> }): unknown[] =>
  Array.from(resources, ({ id }) => id)

async function byIndex(candidates: readonly Stored[], query: Query): Promise<IndexPage> {
  return (await finishCandidates(candidates, queryOf(userSchema, query))) as IndexPage
}

async function byCursor(candidates: Iterable<Stored>, query: ListQuery): Promise<CursorPage> {
  return (await finishCandidates(candidates, query)) as CursorPage
}

describe('finishCandidates by index', () => {
  const users = ['d', 'b', 'e', 'a', 'c'].map((id) => user(id, { active: id !== 'e' }))

  test('[P-3.4.2.4-01] pages by a startIndex from 1, ordered by id unless sorted', async () => {
    expect(idsOf(await byIndex(users, { count: 2 }))).toEqual(['a', 'b'])
    expect(idsOf(await byIndex(users, { count: 2, startIndex: 3 }))).toEqual(['c', 'd'])
    expect(idsOf(await byIndex(users, { count: 2, startIndex: 5 }))).toEqual(['e'])
  })

  test('[P-3.4.2.4-09] totalResults counts every match, on every page', async () => {
    for (const startIndex of [1, 4, 100]) {
      expect((await byIndex(users, { filter: 'active eq true', count: 2, startIndex })).totalResults).toBe(4)
    }
  })

  test('[P-3.4.2.4-04] count 0 gives the total alone', async () => {
    const page = await byIndex(users, { filter: 'active eq true', count: 0 })
    expect(page.totalResults).toBe(4)
    expect(idsOf(page)).toEqual([])
  })

  test('[P-3.4.2.4-07] a startIndex past the end gives no resources', async () => {
    expect(idsOf(await byIndex(users, { count: 2, startIndex: 6 }))).toEqual([])
  })

  test('candidates that do not match are left out', async () => {
    expect(idsOf(await byIndex(users, { filter: 'userName eq "USER-C"' }))).toEqual(['c'])
  })

  test('[P-3.4.2.3-02] sorts by the attribute, [P-3.4.2.3-09] and equal values by id', async () => {
    const titled = [user('3', { title: 'b' }), user('2', { title: 'a' }), user('1', { title: 'b' }), user('4')]
    expect(idsOf(await byIndex(titled, { sortBy: 'title' }))).toEqual(['2', '1', '3', '4'])
    expect(idsOf(await byIndex(titled, { sortBy: 'title', sortOrder: 'descending' }))).toEqual(['4', '1', '3', '2'])
  })

  test('a resource with very many values, or a long text, is not looked at to the end when nobody waits any more', async () => {
    const long = 'x'.repeat(10_000)
    for (const { filter, resource } of [
      { filter: 'emails.value eq "a"', resource: { emails: Array.from({ length: 2_000 }, () => ({ value: 'b' })) } },
      { filter: 'title co "a"', resource: { title: long } },
      { filter: 'emails[value co "a"]', resource: { emails: [{ value: long }] } },
    ]) {
      const abort = new AbortController()
      let read = 0
      const watched = new Proxy(user('1', resource), {
        get: (target, name) => {
          if (name !== 'id') read += 1
          if (read === 3) abort.abort(new Error('gone'))
          return Reflect.get(target, name)
        },
      })
      const query = queryOf(userSchema, { filter: Array.from({ length: 100 }, () => filter).join(' or ') })
      await expect(finishCandidates([watched], query, { signal: abort.signal })).rejects.toThrow('gone')
      expect(read).toBeLessThan(5)
    }
  })

  test('nor when it takes too long', async () => {
    const slow = new Proxy(user('1', { title: 'x'.repeat(10_000) }), {
      get: (target, name) => {
        const end = performance.now() + 10
        while (performance.now() < end);
        return Reflect.get(target, name)
      },
    })
    const query = queryOf(userSchema, { filter: Array.from({ length: 100 }, () => 'title co "a"').join(' or ') })
    const budget = { resources: 10, milliseconds: 15 }
    await expect(finishCandidates([slow], query, { budget })).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
    })
  })

  test('ids may be numbers', async () => {
    expect(idsOf(await byIndex([{ id: 2 }, { id: 1 }], {}))).toEqual([1, 2])
  })

  test('candidates may come bit by bit', async () => {
    async function* later(): AsyncGenerator<Stored> {
      yield* users
    }
    const page = await finishCandidates(later(), queryOf(userSchema, { count: 2 }))
    expect(idsOf(page)).toEqual(['a', 'b'])
    expect(page.totalResults).toBe(5)
  })

  test('beyond the budget it is 400 tooMany', async () => {
    const budget = { resources: 4, milliseconds: 1_000 }
    await expect(finishCandidates(users, queryOf(userSchema), { budget })).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
    })
  })

  test('is what filtering, sorting and cutting an array would give', async () => {
    const resource = fc.record({ title: fc.option(fc.constantFrom('a', 'B', 'b', 'c'), { nil: undefined }) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(resource, { maxLength: 30 }),
        fc.constantFrom('ascending' as const, 'descending' as const),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(12),
        async (resources, sortOrder, startIndex, count) => {
          const all = resources.map((each, index) => user(String.fromCharCode(65 + index), each))
          const rank = ({ title }: { title?: string }) => title?.toLowerCase() ?? '~'
          const sign = sortOrder === 'ascending' ? 1 : -1
          const expected = (all as { id: string; title?: string }[])
            .toSorted((a, b) => {
              if (rank(a) !== rank(b)) return rank(a) < rank(b) ? -sign : sign
              return a.id < b.id ? -1 : 1
            })
            .slice(startIndex - 1, startIndex - 1 + count)
          const page = await byIndex(all.toReversed(), { sortBy: 'title', sortOrder, startIndex, count })
          expect(idsOf(page)).toEqual(expected.map(({ id }) => id))
        },
      ),
    )
  })
})

describe('finishCandidates by cursor', () => {
  const users = ['d', 'b', 'e', 'a', 'c'].map((id) => user(id, { title: id < 'c' ? 'x' : id < 'e' ? 'y' : undefined }))
  const orders: readonly Query[] = [{}, { sortBy: 'title' }, { sortBy: 'title', sortOrder: 'descending' }]

  test.each(orders)('[C-2-03] walks to the end and back, %j', async (order) => {
    const whole = idsOf(await byIndex(users, { ...order }))
    const query = (position: { after?: Json | undefined; before?: Json | undefined }) =>
      byCursor(users, cursorQueryOf(userSchema, { ...order, ...position, count: 2 }))
    // Positions go to the client and come back as JSON.
    const sent = (position: Json | undefined): Json | undefined =>
      position === undefined ? undefined : (JSON.parse(JSON.stringify(position)) as Json)

    const first = await query({})
    const second = await query({ after: sent(first.next) })
    const third = await query({ after: sent(second.next) })
    expect([first, second, third].map(idsOf)).toEqual([whole.slice(0, 2), whole.slice(2, 4), whole.slice(4)])
    expect(third).not.toHaveProperty('next')

    const back = await query({ before: sent(third.previous) })
    expect(idsOf(back)).toEqual(idsOf(second))
    const start = await query({ before: sent(back.previous) })
    expect(idsOf(start)).toEqual(idsOf(first))
    expect(idsOf(await query({ after: sent(start.next) }))).toEqual(idsOf(second))
  })

  test('[C-2-04] the first page has no previous one, from whichever side it is reached', async () => {
    const first = await byCursor(users, cursorQueryOf(userSchema, { count: 2 }))
    expect(first).not.toHaveProperty('previous')
    expect(await byCursor(users, cursorQueryOf(userSchema, { count: 2, before: ['c'] }))).not.toHaveProperty('previous')
  })

  test('[C-2-05] count 0 gives the total alone', async () => {
    expect(await byCursor(users, cursorQueryOf(userSchema, { count: 0, after: ['b'] }))).toEqual({
      resources: [],
      totalResults: 5,
    })
  })

  test('[C-2-09] the total stays the same on every page', async () => {
    const page = await byCursor(users, cursorQueryOf(userSchema, { filter: 'title pr', count: 2, after: ['b'] }))
    expect(page.totalResults).toBe(4)
  })

  test.each([['text'], [1], [{}], [[7]], [[{}, 'a']], [null]] as const)('%j is no position', async (after) => {
    const finished = byCursor(users, cursorQueryOf(userSchema, { after }))
    await expect(finished).rejects.toMatchObject({ status: 400, scimType: 'invalidCursor' })
  })

  test('a page that has lost its resources still leads on and back', async () => {
    const gone = await byCursor([user('x')], cursorQueryOf(userSchema, { before: ['m'] }))
    expect(idsOf(gone)).toEqual([])
    expect(idsOf(await byCursor([user('x')], cursorQueryOf(userSchema, { after: gone.next })))).toEqual(['x'])

    const end = await byCursor([user('a')], cursorQueryOf(userSchema, { after: ['m'] }))
    expect(idsOf(end)).toEqual([])
    expect(end).not.toHaveProperty('next')
    expect(idsOf(await byCursor([user('a')], cursorQueryOf(userSchema, { before: end.previous })))).toEqual(['a'])
  })

  test('[C-2-03] nothing is skipped or repeated while others insert and delete', async () => {
    const id = fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('0', '5', 'a', 'f') })
    const title = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(id, title), { selector: ([name]) => name, minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.tuple(id, title)),
        fc.constantFrom(...orders),
        fc.boolean(),
        async (initial, changes, order, backwards) => {
          const lasting = new Map(initial.map(([name, value]) => [`${name}L`, user(`${name}L`, { title: value })]))
          const passing = new Map<string, Stored>()
          const seen: unknown[] = []
          let position: Json | undefined = backwards ? [] : undefined
          do {
            const walk = backwards ? { before: position } : { after: position }
            const now = [...lasting.values(), ...passing.values()]
            const page: CursorPage = await byCursor(now, cursorQueryOf(userSchema, { ...order, ...walk, count: 3 }))
            seen.push(...idsOf(page))
            position = backwards ? page.previous : page.next
            for (const [name, value] of changes.take(2)) {
              if (!passing.delete(name)) passing.set(name, user(name, { title: value }))
            }
          } while (position !== undefined && seen.length < 200)
          expect(seen.filter((each) => lasting.has(String(each))).toSorted()).toEqual([...lasting.keys()].toSorted())
        },
      ),
    )
  })
})
