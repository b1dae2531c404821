import type { Sort } from '../../src/adapter/contract.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import {
  type CompiledFilter,
  compileFilter,
  compilePage,
  compileSort,
  mysql,
  type TableMapping,
} from '../../src/sql/index.js'
import { describeMysql, testMysql } from '../support/mysql.js'

const users = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const groups = resourceSchema(Group, [])

const accounts: TableMapping = {
  table: 'accounts',
  attributes: {
    id: { column: 'id', type: 'uuid' },
    userName: { column: 'email', folded: true },
    externalId: 'external_id',
    displayName: { column: 'label', folded: 'label_key' },
    active: { column: 'disabled_at', read: (at) => at === null, expression: (column) => `${column} IS NULL` },
    'name.givenName': 'first_name',
    'meta.created': 'created_at',
    'meta.lastModified': 'updated_at',
    emails: { table: 'account_emails', on: { account_id: 'id' }, attributes: { value: 'address', primary: 'main' } },
    title: { column: 'title', read: (title) => title.trim() },
    '*': { json: 'scim' },
  },
}

const teams: TableMapping = {
  table: 'teams',
  attributes: {
    id: { column: 'id', type: 'integer' },
    displayName: 'name',
    members: {
      table: 'team_members',
      on: { team_id: 'id' },
      references: { User: 'account_id', Group: { column: 'child_id', type: 'integer' } },
    },
  },
}

const [A, B, C] = ['a', 'b', 'c'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`)
const STATEMENTS = [
  `CREATE TABLE accounts (id CHAR(36) PRIMARY KEY, email VARCHAR(100), external_id VARCHAR(100),
    label VARCHAR(100), label_key VARCHAR(100), first_name VARCHAR(100) CHARACTER SET latin1, disabled_at DATETIME,
    created_at DATETIME(6), updated_at TIMESTAMP(3) NULL, title TEXT, scim JSON,
    UNIQUE KEY accounts_email (email), KEY accounts_label (label_key), KEY accounts_external (external_id))`,
  'CREATE TABLE account_emails (account_id CHAR(36), address VARCHAR(100), main BIT(1), KEY account_emails_account (account_id))',
  'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE team_members (team_id INTEGER, account_id CHAR(36), child_id INTEGER)',
  // A program whose connection is in UTC fills the tables, and one in another time zone reads them.
  "SET time_zone = '+00:00'",
  `INSERT INTO accounts VALUES
    ('${A}', 'BJensen', 'X1', 'Babs', 'babs', 'Bärbel', NULL, '2020-01-01 05:30:00', '2020-01-01 00:00:00', 'Boss',
      '{"nickName":"B","roles":["x",{"value":"Admin"},null],"photos":"none","name":{"familyName":"50%_"}}'),
    ('${B}', 'jorg', 'x1', 'ÄB', 'äb', NULL, '2021-01-01', '2020-01-01 05:30:00.5', '2020-01-01 00:00:00.001', NULL,
      '{"nickName":7,"roles":null,"name":null}'),
    ('${C}', NULL, ' ', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  `INSERT INTO account_emails VALUES ('${A}', 'b@X', 1), ('${A}', 'c@x', 0), ('${B}', 'b@x', 0)`,
  "INSERT INTO teams VALUES (1, 'All'), (12, 'Some')",
  `INSERT INTO team_members VALUES (1, '${A}', NULL), (1, NULL, 12), (12, '${B}', NULL)`,
]

type Compiled = Pick<CompiledFilter, 'text' | 'values' | 'rest'>

/** A text as it is compared. */
const exact = (text: string): string => `CAST(convert(${text} USING utf8mb4) AS BINARY)`
const folded = (text: string): string => `lower(replace(convert(${text} USING utf8mb4), 'İ', 'i\u0307'))`

describeMysql('compileFilter for MySQL', () => {
  const database = testMysql()
  beforeAll(async () => {
    const connection = await database.pool.getConnection()
    for (const statement of STATEMENTS) await connection.query(statement)
    // A connection that is closed does not come back in UTC.
    connection.destroy()
  })

  function compile(filter: string): Compiled {
    const bound = resolveFilter(parseFilter(filter, { limits: { length: 32_768 } }), users)
    const { text, values, rest } = compileFilter(bound, accounts, mysql, { alias: 'a' })
    return { text, values, rest }
  }

  /** The first letters of the ids that a filter finds. */
  async function find({ text, values }: Compiled): Promise<string> {
    const rows = await database.rows(`SELECT id FROM accounts AS a WHERE ${text} ORDER BY id`, values)
    return rows.map(({ id }) => String(id)[0]).join('')
  }

  test.each([
    [
      'userName eq "BJENSEN"',
      `(\`a\`.\`email\` = ? AND ${exact(folded('`a`.`email`'))} = ${exact('?')})`,
      ['bjensen', 'bjensen'],
      'a',
    ],
    [
      'externalId eq "X1"',
      `(\`a\`.\`external_id\` = ? AND ${exact('`a`.`external_id`')} = ${exact('?')})`,
      ['X1', 'X1'],
      'a',
    ],
    [
      'externalId ne "x1"',
      `(\`a\`.\`external_id\` IS NULL OR ${exact('`a`.`external_id`')} <> ${exact('?')})`,
      ['x1'],
      'ac',
    ],
    [
      'userName ew "EN"',
      `right(${exact(folded('`a`.`email`'))}, length(${exact('?')})) = ${exact('?')}`,
      ['en', 'en'],
      'a',
    ],
    ['externalId pr', `${exact('`a`.`external_id`')} <> ''`, [], 'abc'],
    ['externalId gt "X"', `${exact('`a`.`external_id`')} > ${exact('?')}`, ['X'], 'ab'],
    ['active eq true', '(`a`.`disabled_at` IS NULL) = ?', [1], 'ac'],
    [`id eq "${B}"`, '`a`.`id` = ?', [B], 'b'],
    [
      'meta.created ge "2020-01-01T00:00:00.5Z"',
      "`a`.`created_at` >= convert_tz(CAST(? AS DATETIME(3)), '+00:00', @@session.time_zone)",
      ['2020-01-01 00:00:00.500'],
      'b',
    ],
  ])('%s', async (filter, text, values, ids) => {
    const compiled = compile(filter)
    expect(compiled).toEqual({ text, values, rest: undefined })
    expect(await find(compiled)).toBe(ids)
  })

  test.each([
    // Collations take these for equal.
    ['userName eq "jörg"', ''],
    ['userName eq "jorg "', ''],
    ['userName eq "JORG"', 'b'],
    ['externalId eq "x1"', 'b'],
    ['externalId eq ""', ''],
    ['externalId co "1"', 'ab'],
    ['externalId sw "x"', 'b'],
    ['externalId ew ""', 'abc'],
    ['displayName eq "ÄB"', 'b'],
    ['displayName co "ab"', 'a'],
    // A column of another character set.
    ['name.givenName eq "BÄRBEL"', 'a'],
    ['name.givenName co "ä"', 'a'],
    ['meta.lastModified gt "2020-01-01T00:00:00Z"', 'b'],
    ['meta.lastModified le "2020-01-01T00:00:00Z"', 'a'],
    ['meta.created eq "2020-01-01T01:00:00+01:00"', 'a'],
    ['name.familyName co "%"', 'a'],
    ['name.familyName eq "50%_" or name.familyName co "\\\\"', 'a'],
    ['name[not (givenName eq "x")]', 'a'],
    ['nickName eq "b"', 'a'],
    ['nickName eq "7"', 'b'],
    ['roles.value eq "Admin"', 'a'],
    ['roles ne null', 'a'],
    ['roles.value ne "admin"', 'abc'],
    ['photos.value eq "none"', ''],
    ['emails[value eq "B@x" and primary eq true]', 'a'],
    ['emails[primary eq false]', 'ab'],
    ['not (userName eq "jorg")', 'ac'],
    ['userName eq null', 'c'],
  ])('finds by %s', async (filter, ids) => {
    const compiled = compile(filter)
    expect(compiled.rest).toBeUndefined()
    expect(await find(compiled)).toBe(ids)
  })

  test.each([
    ['members.value eq "12"', [1]],
    [`members.value eq "${B}"`, [12]],
    ['members[type eq "Group"]', [1]],
    ['members[type eq "user" and value sw "b"]', [12]],
    ['id eq "12"', [12]],
    ['id eq "012"', []],
    ['id ne "12"', [1]],
    ['id sw "1"', [1, 12]],
    ['members.value pr', [1, 12]],
  ])('of groups: %s', async (filter, ids) => {
    const { text, values, rest } = compileFilter(resolveFilter(parseFilter(filter), groups), teams, mysql)
    expect(rest).toBeUndefined()
    expect(await database.rows(`SELECT id FROM teams WHERE ${text} ORDER BY id`, values)).toEqual(
      ids.map((id) => ({ id })),
    )
  })

  test('letters whose small form depends on who makes it are left to the router, but for a folded column', () => {
    expect(compile('userName eq "JÖRG"').rest).toBeUndefined()
    expect(compile('userName eq "ЖЁ 張 😀"').rest).toBeUndefined()
    for (const text of ['STRAßE', 'ΣΑΣ', 'Ⴀ', '𐐀']) {
      expect(compile(`userName eq "${text}"`)).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
      expect(compile(`displayName eq "${text}"`).rest).toBeUndefined()
    }
  })

  test('a dotted capital I is no i', async () => {
    await database.rows(`UPDATE accounts SET email = 'İ' WHERE id = '${C}'`)
    expect(await find(compile('userName eq "i"'))).toBe('')
    expect(await find(compile('userName eq "İ"'))).toBe('c')
    await database.rows(`UPDATE accounts SET email = NULL WHERE id = '${C}'`)
  })

  test('order and pages', async () => {
    const attribute = users.find({ urn: undefined, name: 'externalId', sub: undefined }) as Sort['attribute']
    const order = async (direction: Sort['order']): Promise<string> => {
      const sort = { attribute, order: direction }
      const by = compileSort(sort, accounts, mysql)?.text
      const rows = await database.rows(`SELECT id FROM accounts ORDER BY ${by}`)
      return rows.map(({ id }) => String(id)[0]).join('')
    }
    // X before x, which the collation takes for the same.
    expect(await order('ascending')).toBe('cab')
    expect(await order('descending')).toBe('bac')
    const query = { filter: undefined, sort: undefined, pagination: 'index', startIndex: 2, count: 1 } as const
    const page = compilePage({ ...query, equals: () => undefined }, accounts, mysql)
    expect(await database.rows(`SELECT id FROM accounts ${page?.text}`)).toEqual([{ id: B }])
  })

  test('a filter of as many expressions as a router accepts is run', async () => {
    const any = Array.from({ length: 498 }, (_, index) => `externalId ne "${index}"`).join(' or ')
    expect(await find(compile(`not (${any})`))).toBe('')
    expect(await find(compile(any))).toBe('abc')
  })

  describe('in tables of some size', () => {
    beforeAll(async () => {
      const many = 'SELECT uuid(), uuid(), uuid(), uuid() FROM information_schema.columns LIMIT 500'
      await database.rows(`INSERT INTO accounts (id, email, label_key, external_id) ${many}`)
      await database.rows('INSERT INTO account_emails SELECT id, email, 0 FROM accounts WHERE email IS NOT NULL')
      await database.pool.query('ANALYZE TABLE accounts, account_emails')
    })

    test.each([
      ['a folded column', 'displayName eq "b"', 'accounts_label'],
      ['a column whose collation knows no letter case', 'userName eq "bjensen"', 'accounts_email'],
      ['a column that is compared letter by letter', 'externalId eq "b"', 'accounts_external'],
      ['an identifier', `id eq "${A}"`, 'PRIMARY'],
      ['the rows of a list', `id eq "${A}" and emails.value eq "b@x"`, 'account_emails_account'],
    ])('an index on %s is used', async (_title, filter, index) => {
      const { text, values } = compile(filter)
      const steps = await database.rows(`EXPLAIN SELECT * FROM accounts AS a WHERE ${text}`, values)
      expect(steps.map(({ key }) => key)).toContain(index)
    })
  })
})
