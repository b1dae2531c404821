import { sql as drizzle } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import type { ListQuery, Sort, Stored } from '../../src/adapter/contract.js'
import { compareSortKeys, sortKey } from '../../src/adapter/sort.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import {
  compileFilter,
  compileList,
  compilePage,
  compileSort,
  postgresql,
  sqlite,
  type TableMapping,
} from '../../src/sql/index.js'
import { testSqlite } from '../support/sqlite.js'

const schema = resourceSchema(User)
const accounts: TableMapping = {
  table: 'accounts',
  attributes: {
    id: 'id',
    userName: { column: 'email', folded: 'email_key' },
    title: 'title',
    active: 'active',
    'name.familyName': { column: 'last', folded: 'last' },
    'meta.created': 'created_at',
    emails: { table: 'account_emails', on: { account_id: 'id' }, attributes: { value: 'address' } },
  },
}
const filter = resolveFilter(parseFilter('userName eq "B" and (active eq true or emails.value co "x")'), schema)
const attributeOf = (name: string, sub?: string) => schema.find({ urn: undefined, name, sub }) as Sort['attribute']

describe('the forms of a condition', () => {
  test('pieces are what a tagged template gets', () => {
    const { pieces, values, text } = compileFilter(filter, accounts)
    expect(pieces).toHaveLength(values.length + 1)
    expect(pieces.raw).toEqual([...pieces])
    expect(pieces.map((piece, index) => (index === 0 ? '' : `$${index}`) + piece).join('')).toBe(text)
  })

  test('Drizzle makes the same query of them', () => {
    const { pieces, values, text } = compileFilter(filter, accounts, postgresql)
    const query = new PgDialect().sqlToQuery(drizzle(pieces, ...values))
    expect({ text: query.sql, values: query.params }).toEqual({ text, values })
  })

  test('named parameters', () => {
    const { named, values, text } = compileFilter(filter, accounts)
    const { text: own, parameters } = named('p')
    expect(own).toBe(text.replace(/\$(\d+)/g, ':p$1'))
    expect(Object.entries(parameters)).toEqual(values.map((value, index) => [`p${index + 1}`, value]))
    expect(Object.keys(named().parameters)[0]).toBe('scim1')
  })

  test('names are quoted as the dialect has them', () => {
    const dialect = { ...sqlite, identifier: (name: string) => `[${name}]` }
    const { pieces, text, named } = compileFilter(filter, accounts, dialect)
    for (const each of [pieces.join('?'), text, named().text]) expect(each).toContain('[accounts].[email_key] = ')
  })
})

describe('compileSort and compilePage', () => {
  const query = (sort: Sort | undefined, startIndex: number, count: number): ListQuery =>
    ({ filter: undefined, sort, pagination: 'index', startIndex, count, equals: () => undefined }) as ListQuery

  test('say the order, and the id behind it', () => {
    const sort: Sort = { attribute: attributeOf('title'), order: 'descending' }
    expect(compileSort(sort, accounts)?.text).toBe(
      '((lower("accounts"."title")) COLLATE "C") IS NULL DESC, (lower("accounts"."title")) COLLATE "C" DESC, "accounts"."id"',
    )
    expect(compilePage(query(undefined, 11, 10), accounts, postgresql, { alias: 'a' })?.text).toBe(
      'ORDER BY "a"."id" LIMIT 10 OFFSET 10',
    )
  })

  test.each([
    ['a multi-valued attribute', attributeOf('emails', 'value'), accounts],
    ['what is not mapped', attributeOf('nickName'), accounts],
    ['letters that SQLite does not fold', attributeOf('title'), accounts],
    ['a table without id', attributeOf('userName'), { ...accounts, attributes: { userName: 'email' } }],
  ])('leave %s to the router', (_title, attribute, mapping) => {
    expect(compileSort({ attribute, order: 'ascending' }, mapping, sqlite)).toBeUndefined()
  })

  test('compileList has the parts of a query: a page, or candidates in a fixed order', () => {
    const sort: Sort = { attribute: attributeOf('meta', 'created'), order: 'ascending' }
    const all = { ...query(sort, 11, 10), filter }
    const list = compileList(all, accounts, postgresql, { first: 2 })
    expect(list.where.text).toBe(compileFilter(filter, accounts, postgresql, { first: 2 }).text)
    expect(list.orderBy.text).toBe(compileSort(sort, accounts)?.text)
    expect(list.page).toEqual({ limit: 10, offset: 10 })
    expect(compileList(query(undefined, 1, 5), accounts).where).toMatchObject({ text: 'TRUE', values: [] })
    const unsaid = resolveFilter(parseFilter('userName eq "b" and nickName pr'), schema)
    const byCursor = { ...all, pagination: 'cursor' } as ListQuery
    const byTitle = query({ attribute: attributeOf('title'), order: 'ascending' }, 1, 5)
    for (const candidates of [{ ...all, filter: unsaid }, byCursor, byTitle]) {
      const { orderBy, page } = compileList(candidates, accounts, sqlite)
      expect({ order: orderBy.text, page }).toEqual({ order: '"accounts"."id"', page: undefined })
    }
    expect(() => compileList(all, { table: 'accounts', attributes: { userName: 'email' } })).toThrow(/no column for id/)
  })

  describe('on SQLite', () => {
    const database = testSqlite()
    const text = fc.constantFrom(null, '', 'a', 'A', 'b', 'Ä', 'z', '\u{1f600}', '\uffff')
    const rows: readonly Stored[] = fc
      .sample(fc.tuple(text, fc.constantFrom(true, false, null)), { numRuns: 40, seed: 3 })
      .map(([familyName, active], index) => ({
        id: `u${String(index).padStart(2, '0')}`,
        userName: `${'bAc'[index % 3]}${index}`,
        active,
        name: { familyName },
        meta: { created: new Date(1_600_000_000_000 + ((index * 7) % 11)) },
      }))

    beforeAll(() => {
      database.rows(
        'CREATE TABLE accounts (id TEXT, email TEXT, email_key TEXT, last TEXT, active INT, created_at TEXT)',
      )
      for (const { id, userName, active, name, meta } of rows as any[]) {
        const last = name.familyName?.toLowerCase() ?? null
        const values = [id, userName, userName.toLowerCase(), last, active === null ? null : Number(active)]
        database.rows('INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)', [...values, meta.created.toISOString()])
      }
    })

    test.each(['ascending', 'descending'] as const)('pages are in the order of the reference: %s', (order) => {
      const attributes = [
        attributeOf('userName'),
        attributeOf('name', 'familyName'),
        attributeOf('active'),
        attributeOf('meta', 'created'),
      ]
      for (const attribute of attributes) {
        const key = sortKey(attribute)
        const compare = compareSortKeys(order)
        const wanted = [...rows].sort((a, b) => compare(key(a), key(b)) || (String(a.id) < String(b.id) ? -1 : 1))
        const found = [1, 16, 31].flatMap((start) => {
          const page = compilePage(query({ attribute, order }, start, 15), accounts, sqlite)
          return database.rows(`SELECT id FROM accounts ${page?.text}`, page?.values).map(({ id }) => id)
        })
        expect(found).toEqual(wanted.map(({ id }) => id))
      }
    })
  })
})
