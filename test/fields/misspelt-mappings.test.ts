import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { type ListQuery, User } from '../../src/index.js'
import { mongoFilter, mongoSort } from '../../src/mongo/index.js'
import { prismaOrderBy, prismaWhere } from '../../src/prisma/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { compileFilter, compileList, compilePage, compileSort, mysql } from '../../src/sql/index.js'

const filter = resolveFilter(parseFilter('userName eq "a"'), resourceSchema(User, []))
const query = { pagination: 'index', count: 10, startIndex: 1 } as ListQuery

type Compile = (mapping: never) => unknown

const SQL: readonly (readonly [string, Compile])[] = [
  ['compileFilter', (mapping) => compileFilter(filter, mapping)],
  ['compileFilter of MySQL', (mapping) => compileFilter(filter, mapping, mysql)],
  ['compileList', (mapping) => compileList(query, mapping)],
  ['compilePage', (mapping) => compilePage(query, mapping)],
  ['compileSort', (mapping) => compileSort(undefined, mapping)],
]
const MONGO: readonly (readonly [string, Compile])[] = [
  ['mongoFilter', (mapping) => mongoFilter(filter, mapping)],
  ['mongoSort', (mapping) => mongoSort(undefined, mapping)],
]
const PRISMA: readonly (readonly [string, Compile])[] = [
  ['prismaWhere', (mapping) => prismaWhere(filter, mapping)],
  ['prismaOrderBy', (mapping) => prismaOrderBy(undefined, mapping)],
]

const UNKNOWN = (key: string, place: string, meant: string): string =>
  `Unknown key "${key}" in option attributes${place} of the mapping. Did you mean "${meant}"?`
const MUST = (place: string, kinds: string): string => `Option attributes${place} of the mapping must be ${kinds}, got `
const table = (attributes: unknown): object => ({ table: 'accounts', attributes })
const fields = (attributes: unknown): object => ({ attributes })

const CASES: readonly (readonly [string, readonly (readonly [string, Compile])[], object, string])[] = [
  ['a column', SQL, table({ userName: { column: 'email', folde: true } }), UNKNOWN('folde', '["userName"]', 'folded')],
  [
    'the fixed columns of a table of values',
    SQL,
    table({ emails: { table: 'emails', on: { account: 'id' }, fixd: { kind: 'work' }, attributes: { value: 'at' } } }),
    UNKNOWN('fixd', '["emails"]', 'fixed'),
  ],
  ['the attributes', SQL, { table: 'accounts', atributes: {} }, 'Option attributes of the mapping is missing.'],
  ['the table', SQL, { tabel: 'accounts', attributes: {} }, 'Option table of the mapping is missing.'],
  ['a field', MONGO, fields({ userName: { feild: 'email' } }), UNKNOWN('feild', '["userName"]', 'field')],
  [
    'an array',
    MONGO,
    fields({ emails: { array: 'addresses', attributes: { value: { field: 'address', requird: true } } } }),
    UNKNOWN('requird', '["emails"].attributes["value"]', 'required'),
  ],
  [
    'a number for a field',
    MONGO,
    fields({ userName: 1 }),
    `${MUST('["userName"]', 'the name of a field, or an object with field, array or constant')}number.`,
  ],
  // Without `where` the records of all kinds would count.
  [
    'the condition of a relation',
    PRISMA,
    fields({ members: { relation: 'memberships', were: { role: 'member' }, attributes: { value: 'userId' } } }),
    UNKNOWN('were', '["members"]', 'where'),
  ],
  [
    'a condition that is a text',
    PRISMA,
    fields({ members: { relation: 'memberships', where: 'member', attributes: { value: 'userId' } } }),
    `${MUST('["members"].where', 'an object')}string.`,
  ],
]

describe.each(CASES)('a mistake in %s', (_title, compilers, mapping, message) => {
  test.each(compilers)('is refused by %s', (_name, compile) => {
    const mistake = expect.objectContaining({
      code: 'ERR_SCIM_OPTION',
      message: expect.stringMatching(/^.* \(ERR_SCIM_OPTION, see node_modules\/express-scim\/docs\/\w+\.md.*\)$/),
    })
    expect(() => compile(mapping as never)).toThrow(mistake)
    expect(() => compile(mapping as never)).toThrow(message)
  })
})

test.each([...SQL, ...MONGO, ...PRISMA])('%s refuses a mapping without its parts', (_name, compile) => {
  const missing = /^Option (?:table|attributes) of the mapping is missing\. /
  expect(() => compile(new Map([['attributes', {}]]) as never)).toThrow(missing)
  expect(() => compile([] as never)).toThrow('The mapping must be an object, got array.')
})

test.each<[string, (provider: never) => unknown]>([
  ['prismaWhere', (provider) => prismaWhere(filter, { attributes: { userName: 'email' } }, provider)],
  ['prismaOrderBy', (provider) => prismaOrderBy(undefined, { attributes: { id: 'id' } }, provider)],
])('%s refuses a database whose LIKE it does not know', (_name, compile) => {
  expect(() => compile('sqlit' as never)).toThrow(
    `must be 'postgresql', 'cockroachdb' or 'sqlite', got another string. Did you mean "sqlite"?`,
  )
  expect(() => compile('mysql' as never)).toThrow('Option provider of prismaWhere and prismaOrderBy must be')
})
