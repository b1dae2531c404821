import type { Stored } from '../../src/adapter/contract.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser } from '../../src/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { all, listQuery, Odd } from '../property/sql-agreement.js'
import { callOf } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'

/** Values that other programs may have left in the columns. */
const NAMES = [undefined, null, {}, { familyName: null }, { givenName: 'Ann', familyName: '' }, 'Ann', 7]
const LISTS = [
  undefined,
  null,
  [],
  [null],
  {},
  'x',
  0,
  { value: 'a@x' },
  ['x', null],
  [null, { value: 'A@x', primary: true }],
  [{ value: 'a@x', primary: null }, { type: null }],
]
const NUMBERS = [undefined, null, 0, 2.5, '2.5', 'many', true, {}]
/** Values of a wrong kind: a query for them must not fail, but may have any answer. */
const MISFITS = [
  { name: [], emails: [{ value: {}, primary: 'yes' }, [[]]], rest: [] },
  { name: [{ familyName: 'x' }], emails: [7], rest: { active: [], [Odd.id]: { ratio: [2.5], places: [[1]] } } },
  { name: true, emails: true, rest: 'x' },
]

describe.each(['json', 'jsonb'])('columns of type %s that other programs have written', (type) => {
  const database = testDatabase()
  const rows = [
    ...NAMES.map((name) => ({ name, emails: undefined, rest: { name: undefined } })),
    ...LISTS.map((list) => ({
      name: undefined,
      emails: list,
      rest: { roles: list, [Odd.id]: { tags: list, numbers: list, places: [{ labels: list }] } },
    })),
    ...NUMBERS.map((number) => ({
      name: undefined,
      emails: undefined,
      rest: { active: number, [Odd.id]: { count: number, ratio: number, numbers: [number ?? null] } },
    })),
    { name: undefined, emails: undefined, rest: null },
    { name: undefined, emails: undefined, rest: { [Odd.id]: null, addresses: null } },
  ]
  let users: ReturnType<typeof setUp>

  function setUp() {
    const { pool, schema } = database
    return mappedResources(
      { pool },
      {
        User: {
          table: `${schema}.accounts`,
          extensions: [EnterpriseUser, Odd],
          attributes: {
            id: { column: 'id', type: 'integer' },
            userName: 'email',
            name: { json: 'name' },
            emails: { json: 'emails' },
            '*': { json: 'scim' },
          },
        },
      },
    ).User
  }

  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(
      `CREATE TABLE "${schema}".accounts (id bigint PRIMARY KEY, email text NOT NULL, name ${type}, emails ${type}, scim ${type})`,
    )
    for (const [index, { name, emails, rest }] of [...rows, ...MISFITS].entries()) {
      await pool.query(`INSERT INTO "${schema}".accounts VALUES ($1, $2, $3, $4, $5)`, [
        index,
        `user${index}`,
        ...[name, emails, rest].map((value) => (value === undefined ? null : JSON.stringify(value))),
      ])
    }
    users = setUp()
  })

  const tenant = callOf({ tenant: 'acme' })

  test.each([
    'name[not (familyName pr)]',
    'name[not (givenName eq "x")]',
    'name[familyName eq null]',
    'name.givenName eq "ann"',
    'name.familyName ne "x"',
    'emails eq "a@x"',
    'emails ne "a@x"',
    'emails.value eq "a@x"',
    'emails.value ne "a@x"',
    'emails.value eq null',
    'emails.value ne null',
    'emails[primary eq false]',
    'emails[primary eq true]',
    'emails[not (value pr)]',
    'not (emails[value pr])',
    'roles.value eq "a@x"',
    'roles.type ne "work"',
    'roles[not (value pr)]',
    'addresses[not (country pr)]',
    'active eq true',
    'active ne true',
    `${Odd.id}:tags eq "x"`,
    `${Odd.id}:tags ne "x"`,
    `${Odd.id}:tags eq null`,
    `${Odd.id}:count eq 0`,
    `${Odd.id}:ratio gt 1`,
    `${Odd.id}:ratio ne 2.5`,
    `${Odd.id}:numbers eq 2.5`,
    `${Odd.id}:numbers ge 0`,
    `${Odd.id}:places.labels eq "x"`,
    `${Odd.id}:places[not (labels eq "x")]`,
  ])('%s', async (text) => {
    const { adapter, schema: base, extensions } = users
    const schema = resourceSchema(base, extensions)
    const filter = resolveFilter(parseFilter(text), schema)
    const matches = toPredicate(filter)
    const documents = rows.map(({ name, emails, rest }, id) => ({ ...rest, name, emails, id: String(id) }))
    const wanted = documents.filter(matches).map(({ id }) => id)
    const answer = await adapter.list(listQuery(filter, undefined), tenant)
    expect('resources' in answer).toBe(true)
    const found = (await all(answer as never, schema)) as readonly Stored[]
    expect(found.map(({ id }) => id).filter((id) => Number(id) < rows.length)).toEqual(wanted)
  })
})
