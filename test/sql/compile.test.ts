import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { type CompiledFilter, compileFilter, postgresql, type TableMapping } from '../../src/sql/index.js'

const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])

const accounts: TableMapping = {
  table: 'accounts',
  attributes: {
    id: { column: 'id', type: 'uuid' },
    userName: 'email',
    externalId: 'external_id',
    active: { column: 'disabled_at', read: (at) => at === null, expression: (column) => `${column} IS NULL` },
    'name.givenName': 'first_name',
    'meta.created': 'created_at',
    emails: { table: 'account_emails', on: { account_id: 'id' }, attributes: { value: 'address', primary: 'main' } },
    phoneNumbers: { table: 'phones', on: { account_id: 'id' }, attributes: { value: 'number', '*': { json: 'scim' } } },
    title: { column: 'title', read: (title) => title.trim() },
    '*': { json: 'scim' },
  },
}

function compile(filter: string, mapping: TableMapping = accounts): Pick<CompiledFilter, 'text' | 'values' | 'rest'> {
  const bound = resolveFilter(parseFilter(filter), schema)
  const { text, values, rest } = compileFilter(bound, mapping, postgresql, { alias: 'a' })
  return { text, values, rest }
}

describe('compileFilter', () => {
  test.each([
    ['userName eq "BJensen"', 'lower("a"."email") = $1', ['bjensen']],
    ['externalId eq "X1"', '"a"."external_id" = $1', ['X1']],
    ['userName ne "b"', '(lower("a"."email") IS NULL OR lower("a"."email") <> $1)', ['b']],
    ['userName co "50%_\\\\"', 'lower("a"."email") LIKE $1', ['%50\\%\\_\\\\%']],
    ['userName sw "b"', 'lower("a"."email") LIKE $1', ['b%']],
    ['userName ew "b"', 'lower("a"."email") LIKE $1', ['%b']],
    ['userName gt "b"', 'lower("a"."email") COLLATE "C" > $1', ['b']],
    ['userName eq null', 'lower("a"."email") IS NULL', []],
    ['userName pr', `lower("a"."email") <> ''`, []],
    ['active eq true', '("a"."disabled_at" IS NULL) = $1::boolean', [true]],
    ['id eq "2819c223-7f76-453a-919d-413861904646"', '"a"."id" = $1::uuid', ['2819c223-7f76-453a-919d-413861904646']],
    ['id eq "0"', 'FALSE', []],
    ['id sw "28"', '("a"."id")::text LIKE $1', ['28%']],
    ['meta.created ge "2020-01-01T00:00:00Z"', '"a"."created_at" >= $1::timestamptz', ['2020-01-01T00:00:00.000Z']],
    ['not (userName eq "b")', '(lower("a"."email") = $1) IS NOT TRUE', ['b']],
    [
      'userName eq "b" or active eq true and externalId pr',
      `(lower("a"."email") = $1 OR (("a"."disabled_at" IS NULL) = $2::boolean AND "a"."external_id" <> ''))`,
      ['b', true],
    ],
    [
      'emails[value eq "B@x" and primary eq true]',
      'EXISTS (SELECT 1 FROM "account_emails" AS "v1" WHERE "v1"."account_id" = "a"."id" AND (lower("v1"."address") = $1 AND "v1"."main" = $2::boolean))',
      ['b@x', true],
    ],
    [
      'phoneNumbers[value eq "1" and type eq "Work"]',
      `EXISTS (SELECT 1 FROM "phones" AS "v1" WHERE "v1"."account_id" = "a"."id" AND (lower("v1"."number") = $1 AND lower(("v1"."scim" ->> 'type')) = $2))`,
      ['1', 'work'],
    ],
    ['nickName eq "B"', `lower(("a"."scim" ->> 'nickName')) = $1`, ['b']],
    [
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "Id"',
      `("a"."scim" #>> ARRAY['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', 'manager', 'value']) = $1`,
      ['Id'],
    ],
    [
      'roles.value eq "Admin"',
      `EXISTS (SELECT 1 FROM (SELECT element FROM jsonb_array_elements(CASE WHEN jsonb_typeof(("a"."scim" -> 'roles')::jsonb) = 'array' THEN ("a"."scim" -> 'roles')::jsonb ELSE jsonb_build_array(("a"."scim" -> 'roles')::jsonb) END) AS "v1"(element) WHERE element <> 'null'::jsonb) AS "v1" WHERE lower(("v1".element ->> 'value')) = $1)`,
      ['admin'],
    ],
  ])('%s', (filter, text, values) => {
    expect(compile(filter)).toEqual({ text, values, rest: undefined })
  })

  test('leaves to the router what SQL cannot say', () => {
    const { text, values, rest } = compile('userName eq "b" and title eq "Boss" and active eq true')
    expect({ text, values }).toEqual({
      text: 'lower("a"."email") = $1 AND ("a"."disabled_at" IS NULL) = $2::boolean',
      values: ['b', true],
    })
    expect(rest).toMatchObject({ kind: 'compare', attribute: { path: 'title' } })
    expect(compile('userName eq "b" or title eq "Boss"')).toMatchObject({
      text: 'TRUE',
      values: [],
      rest: { kind: 'or' },
    })
    expect(compile('not (title eq "Boss")')).toMatchObject({ text: 'TRUE', rest: { kind: 'not' } })
  })

  test('leaves to the router a text that no database can hold', () => {
    expect(compile('userName eq "a\\u0000b"')).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
    expect(compile('userName eq "a\\ud800"')).toMatchObject({ text: 'TRUE', values: [], rest: { kind: 'compare' } })
  })

  test('numbers placeholders from where it is told, or writes them as a dialect wants them', () => {
    const filter = resolveFilter(parseFilter('userName eq "b" and externalId eq "x"'), schema)
    expect(compileFilter(filter, accounts, postgresql, { first: 3 }).text).toContain(
      '= $3 AND "accounts"."external_id" = $4',
    )
    const other = compileFilter(filter, accounts, { ...postgresql, parameter: () => '?' })
    expect(other.text).toBe('lower("accounts"."email") = ? AND "accounts"."external_id" = ?')
  })

  test('quotes names, whatever they are', () => {
    const odd: TableMapping = { table: 'a"b', attributes: { userName: 'c"d', '*': { json: 's' } } }
    const { text } = compileFilter(resolveFilter(parseFilter('userName eq "b"'), schema), odd)
    expect(text).toBe('lower("a""b"."c""d") = $1')
    // Quoting belongs to the dialect, also for the name that an expression is made of.
    const backticks = { ...postgresql, identifier: (name: string) => `\`${name.replaceAll('`', '``')}\`` }
    const filter = resolveFilter(parseFilter('userName eq "b" and active eq true'), schema)
    const expression = (column: string) => `${column} IS NULL`
    const active = { column: 'off', read: (value: unknown) => value === null, expression }
    const mapping = { table: 'crm.a`b', attributes: { userName: 'email', active } }
    expect(compileFilter(filter, mapping, backticks, { first: 3 })).toMatchObject({
      text: 'lower(`crm`.`a``b`.`email`) = $3 AND (`crm`.`a``b`.`off` IS NULL) = $4::boolean',
      values: ['b', true],
    })
  })
})
