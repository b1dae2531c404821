import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { type CompiledFilter, compileFilter, type SqlFragment, sqlite, type TableMapping } from '../../src/sql/index.js'
import { testSqlite } from '../support/sqlite.js'

const users = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const groups = resourceSchema(Group, [])

const accounts: TableMapping = {
  table: 'accounts',
  attributes: {
    id: { column: 'id', type: 'uuid' },
    userName: 'email',
    externalId: 'external_id',
    displayName: { column: 'label', folded: 'label_key' },
    active: { column: 'disabled_at', read: (at) => at === null, expression: (column) => `${column} IS NULL` },
    'name.givenName': 'first_name',
    'meta.created': 'created_at',
    'meta.lastModified': {
      column: 'updated_ms',
      expression: (column) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch')`,
    },
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
  `CREATE TABLE accounts (id TEXT PRIMARY KEY, email TEXT COLLATE NOCASE, external_id TEXT COLLATE NOCASE, label TEXT,
    label_key TEXT, first_name TEXT, disabled_at TEXT, created_at TEXT, updated_ms INTEGER, title TEXT, scim TEXT)`,
  'CREATE TABLE account_emails (account_id TEXT, address TEXT, main INTEGER)',
  'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)',
  'CREATE TABLE team_members (team_id INTEGER, account_id TEXT, child_id INTEGER)',
  'CREATE INDEX accounts_email ON accounts (lower(email))',
  'CREATE INDEX accounts_label ON accounts (label_key)',
  'CREATE INDEX accounts_created ON accounts (created_at)',
  `CREATE INDEX accounts_nick ON accounts (lower(CAST(json_extract(scim, '$."nickName"') AS TEXT)))`,
  'CREATE INDEX account_emails_account ON account_emails (account_id)',
  `INSERT INTO accounts VALUES
    ('${A}', 'BJensen', 'X1', 'Babs', 'babs', 'Barbara', NULL, '2020-01-01 00:00:00', 1577836800000, 'Boss',
      '{"nickName":"B","roles":["x",{"value":"Admin"},null],"photos":"none","name":{"familyName":"50%_"}}'),
    ('${B}', 'mandy', 'x1', 'ÄB', 'äb', NULL, '2021-01-01', '2020-01-01T01:00:00.5+01:00', 1577836800001, NULL,
      '{"nickName":7,"roles":null,"name":null}'),
    ('${C}', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  `INSERT INTO account_emails VALUES ('${A}', 'b@X', 1), ('${A}', 'c@x', 0), ('${B}', 'b@x', 0)`,
  "INSERT INTO teams VALUES (1, 'All'), (12, 'Some')",
  `INSERT INTO team_members VALUES (1, '${A}', NULL), (1, NULL, 12), (12, '${B}', NULL)`,
]

type Compiled = Pick<CompiledFilter, 'text' | 'values' | 'rest'>

describe('compileFilter for SQLite', () => {
  const database = testSqlite()
  beforeAll(() => {
    for (const statement of STATEMENTS) database.rows(statement)
  })

  // The limits of a router for `.search`.
  const LIMITS = { length: 32_768 }

  function compile(filter: string): Compiled {
    const bound = resolveFilter(parseFilter(filter, { limits: LIMITS }), users)
    const { text, values, rest } = compileFilter(bound, accounts, sqlite, { alias: 'a' })
    return { text, values, rest }
  }

  /** The first letters of the ids that a filter finds. */
  function find({ text, values }: Compiled): string {
    const rows = database.rows(`SELECT id FROM accounts AS a WHERE ${text} ORDER BY id`, values)
    return rows.map(({ id }) => String(id)[0]).join('')
  }

  test.each([
    ['userName eq "BJENSEN"', 'lower("a"."email") = ? COLLATE BINARY', ['bjensen'], 'a'],
    ['externalId eq "X1"', '"a"."external_id" = ? COLLATE BINARY', ['X1'], 'a'],
    ['displayName eq "äb"', '"a"."label_key" = ? COLLATE BINARY', ['äb'], 'b'],
    ['userName ne "mandy"', '(lower("a"."email") IS NULL OR lower("a"."email") <> ? COLLATE BINARY)', ['mandy'], 'ac'],
    ['userName co "jen"', 'instr(lower("a"."email"), ?) > 0', ['jen'], 'a'],
    ['userName sw "bj"', 'instr(lower("a"."email"), ?) = 1', ['bj'], 'a'],
    ['userName ew "EN"', 'substr(lower("a"."email"), -length(?)) = ?', ['en', 'en'], 'a'],
    ['externalId ew ""', '"a"."external_id" IS NOT NULL', [], 'abc'],
    ['externalId ew "zzX1"', 'substr("a"."external_id", -length(?)) = ?', ['zzX1', 'zzX1'], ''],
    [
      'name.familyName co "%"',
      `instr(lower(CAST(json_extract("a"."scim", '$."name"."familyName"') AS TEXT)), ?) > 0`,
      ['%'],
      'a',
    ],
    ['externalId gt "X"', '"a"."external_id" COLLATE BINARY > ?', ['X'], 'ab'],
    ['externalId gt "a"', '"a"."external_id" COLLATE BINARY > ?', ['a'], 'b'],
    ['userName eq null', 'lower("a"."email") IS NULL', [], 'c'],
    ['externalId pr', `"a"."external_id" <> ''`, [], 'ab'],
    ['active eq true', '("a"."disabled_at" IS NULL) = ?', [1], 'ac'],
    ['active ne true', '(("a"."disabled_at" IS NULL) IS NULL OR ("a"."disabled_at" IS NULL) <> ?)', [1], 'b'],
    [`id eq "${B}"`, '"a"."id" = ? COLLATE BINARY', [B], 'b'],
    ['id eq "0"', 'FALSE', [], ''],
    ['id sw "cc"', 'instr(CAST("a"."id" AS TEXT), ?) = 1', ['cc'], 'c'],
    [
      'meta.created ge "2020-01-01T00:00:00.5Z"',
      `strftime('%Y-%m-%dT%H:%M:%fZ', "a"."created_at") >= ?`,
      ['2020-01-01T00:00:00.500Z'],
      'b',
    ],
    [
      'meta.created eq "2019-12-31T23:00:00-01:00"',
      `(strftime('%Y-%m-%dT%H:%M:%fZ', "a"."created_at") >= ? AND strftime('%Y-%m-%dT%H:%M:%fZ', "a"."created_at") < ?)`,
      ['2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.001Z'],
      'a',
    ],
    ['not (userName eq "mandy")', '(lower("a"."email") = ? COLLATE BINARY) IS NOT TRUE', ['mandy'], 'ac'],
    [
      'emails[value eq "B@x" and primary eq true]',
      'EXISTS (SELECT 1 FROM "account_emails" AS "v1" WHERE "v1"."account_id" = "a"."id" AND (lower("v1"."address") = ? COLLATE BINARY AND "v1"."main" = ?))',
      ['b@x', 1],
      'a',
    ],
    ['nickName eq "b"', `lower(CAST(json_extract("a"."scim", '$."nickName"') AS TEXT)) = ? COLLATE BINARY`, ['b'], 'a'],
    ['nickName eq "7"', `lower(CAST(json_extract("a"."scim", '$."nickName"') AS TEXT)) = ? COLLATE BINARY`, ['7'], 'b'],
    [
      'roles.value eq "Admin"',
      `EXISTS (SELECT 1 FROM (SELECT atom, CASE type WHEN 'object' THEN value END AS object FROM json_each("a"."scim", '$."roles"') WHERE type <> 'null') AS "v1" WHERE lower(CAST(json_extract("v1".object, '$."value"') AS TEXT)) = ? COLLATE BINARY)`,
      ['admin'],
      'a',
    ],
  ])('%s', (filter, text, values, ids) => {
    const compiled = compile(filter)
    expect(compiled).toEqual({ text, values, rest: undefined })
    expect(find(compiled)).toBe(ids)
  })

  test.each([
    ['meta.lastModified gt "2020-01-01T00:00:00Z"', 'b'],
    ['meta.lastModified le "2020-01-01T00:00:00Z"', 'a'],
    ['name[not (givenName pr)]', ''],
    ['name[not (givenName eq "x")]', 'a'],
    ['roles ne null', 'a'],
    ['roles.value ne "admin"', 'abc'],
    ['photos.value eq "none"', ''],
    ['emails[primary eq false]', 'ab'],
    ['name.familyName eq "50%_" or name.familyName co "\\\\"', 'a'],
  ])('%s', (filter, ids) => {
    const compiled = compile(filter)
    expect(compiled.rest).toBeUndefined()
    expect(find(compiled)).toBe(ids)
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
  ])('of groups: %s', (filter, ids) => {
    const { text, values, rest } = compileFilter(resolveFilter(parseFilter(filter), groups), teams, sqlite)
    expect(rest).toBeUndefined()
    expect(database.rows(`SELECT id FROM teams WHERE ${text} ORDER BY id`, values)).toEqual(ids.map((id) => ({ id })))
  })

  test('leaves letters that lower() does not know to the router, but for a folded column', () => {
    expect(compile('userName eq "JÖRG"')).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
    expect(compile('nickName co "ö" and userName eq "j"')).toMatchObject({ values: ['j'], rest: { kind: 'compare' } })
    expect(compile('displayName eq "JÖRG" and externalId eq "JÖRG"')).toMatchObject({
      // An unfolded text may be in either normal form.
      values: ['jörg', 'JÖRG', 'JO\u0308RG'],
      rest: undefined,
    })
  })

  test('a JSON column that holds null holds no value', () => {
    const documents: TableMapping = { table: 'documents', attributes: { id: 'id', name: { json: 'name' } } }
    const { text, values } = compileFilter(
      resolveFilter(parseFilter('name[not (familyName pr)]'), users),
      documents,
      sqlite,
    )
    database.rows('CREATE TABLE documents (id INTEGER, name TEXT)')
    database.rows(`INSERT INTO documents VALUES (1, NULL), (2, 'null'), (3, '{}'), (4, '{"familyName":"x"}')`)
    expect(database.rows(`SELECT id FROM documents WHERE ${text}`, values)).toEqual([{ id: 3 }])
  })

  test('says more for a database whose lower() knows all letters, or whose instants are all written alike', () => {
    const filter = (text: string) => resolveFilter(parseFilter(text), users)
    const wide = compileFilter(filter('userName eq "JÖRG"'), accounts, { ...sqlite, folds: () => true })
    expect(wide).toMatchObject({ values: ['jörg', 'JÖRG', 'JO\u0308RG'], rest: undefined })
    const plain = { ...sqlite, timestamp: (column: SqlFragment) => column }
    const { text, values } = compileFilter(filter('meta.created gt "2020-01-01T00:00:00Z"'), accounts, plain)
    expect(text).toBe('"accounts"."created_at" >= ?')
    expect(values).toEqual(['2020-01-01T00:00:00.001Z'])
    const [step] = database.rows(`EXPLAIN QUERY PLAN SELECT * FROM accounts WHERE ${text}`, values)
    expect(step).toMatchObject({ detail: 'SEARCH accounts USING INDEX accounts_created (created_at>?)' })
  })

  test('leaves to the router what SQL cannot say', () => {
    expect(compile('title eq "Boss" and userName eq "b"')).toMatchObject({ values: ['b'], rest: { kind: 'compare' } })
    expect(compile('userName eq "a\\u0000b"')).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
    expect(compile('photos.value eq "a\\ud800"')).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
  })

  test.each([
    ['lower(email)', 'userName eq "b"', 'INDEX accounts_email (<expr>=?)'],
    ['a folded column', 'displayName eq "b"', 'INDEX accounts_label (label_key=?)'],
    ['a member of JSON', 'nickName eq "b"', 'INDEX accounts_nick (<expr>=?)'],
    ['an identifier', `id eq "${A}"`, 'INDEX sqlite_autoindex_accounts_1 (id=?)'],
    ['the rows of a list', 'emails.value eq "b"', 'INDEX account_emails_account (account_id=?)'],
  ])('an index on %s is used', (_title, filter, index) => {
    const { text, values } = compile(filter)
    const steps = database.rows(`EXPLAIN QUERY PLAN SELECT * FROM accounts AS a WHERE ${text}`, values)
    expect(steps.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^SEARCH/))
    expect(steps.map(({ detail }) => detail).join()).toContain(index)
  })

  test('a filter of as many expressions as a router accepts is run', () => {
    const any = Array.from({ length: 498 }, (_, index) => `externalId ne "${index}"`).join(' or ')
    expect(find(compile(`not (${any})`))).toBe('')
    expect(find(compile(any))).toBe('abc')
  })
})
