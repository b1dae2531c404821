import fc from 'fast-check'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import { compileFilter, type Dialect, mysql, postgresql, sql, sqlite, type TableMapping } from '../../src/sql/index.js'
import { runs } from '../support/length.js'
import { testSqlite } from '../support/sqlite.js'
import { tableMapping } from '../support/tables.js'
import { sqlArbitraries } from './sql-arbitraries.js'

const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const mapping = tableMapping('app').User as TableMapping

/** Texts that would do harm if they were part of a statement. */
const hostile = fc.oneof(
  fc.constantFrom(
    "'; DROP TABLE accounts; --",
    "' OR '1'='1",
    '$1',
    '$2::text',
    '\\',
    "\\'",
    '"',
    '/*',
    '*/',
    '--',
    '??',
    "E'\\x27'",
  ),
  fc.string({ unit: fc.constantFrom(...'\'"\\;-$*/()%_ab1 \n'), minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
)
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
const path = fc.constantFrom(
  'userName',
  'externalId',
  'displayName',
  'name.givenName',
  'title',
  'emails.value',
  'roles.display',
  'id',
)

const DIALECTS: readonly (readonly [name: string, dialect: Dialect, placeholder: RegExp])[] = [
  ['PostgreSQL', postgresql, /\$\d+/g],
  ['SQLite', sqlite, /\?/g],
  ['MySQL', mysql, /\?/g],
]

describe('what a client sends is bound, and never part of a statement', () => {
  describe.each(DIALECTS)('of %s', (_name, dialect, placeholder) => {
    const compile = (text: string) => compileFilter(resolveFilter(parseFilter(text), schema), mapping, dialect)
    /** The placeholders that a statement should have, in order. */
    const parameters = (values: readonly unknown[]): string[] => values.map((_, index) => dialect.parameter(index + 1))

    // A column with unchanged values is compared with all forms of a text, letter case aside.
    const HARMLESS = ['harmless', 'Innocent', 'o\u0308', 'Å', 'A\u030a\u212b']

    test('the text of a statement depends on how many forms a value has, and not on the value', () => {
      fc.assert(
        fc.property(path, operator, hostile, (name, op, value) => {
          const compiled = compile(`${name} ${op} ${JSON.stringify(value)}`)
          // The router handles values that no database can hold, with the same statement for all of them.
          if (compiled.rest) return expect(compiled).toMatchObject({ text: 'TRUE', values: [] })
          expect(HARMLESS.map((text) => compile(`${name} ${op} "${text}"`).text)).toContain(compiled.text)
          expect(compiled.text.match(placeholder) ?? []).toEqual(parameters(compiled.values))
        }),
        { numRuns: runs(400, 2_000) },
      )
    })

    test('there is a placeholder for each value of any filter, in order', () => {
      const { filterOf } = sqlArbitraries('unicode')
      fc.assert(
        fc.property(
          filterOf(schema, ({ path: name }) => name !== 'meta' && name !== 'groups' && name !== 'schemas'),
          (text) => {
            const compiled = compile(text)
            expect(compiled.text.match(placeholder) ?? []).toEqual(parameters(compiled.values))
          },
        ),
        { numRuns: runs(200, 1_000) },
      )
    })
  })

  describe('in a database', () => {
    const database = testSqlite()
    const notes: TableMapping = { table: 'notes', attributes: { externalId: 'text', '*': { json: 'more' } } }

    beforeAll(() => {
      database.rows('CREATE TABLE notes (text TEXT, more TEXT)')
      database.rows("INSERT INTO notes VALUES ('other', NULL)")
    })

    test('whatever is looked for is found, and nothing else', () => {
      fc.assert(
        fc.property(hostile, fc.constantFrom('eq', 'co', 'sw', 'ew', 'ge', 'le'), (given, op) => {
          const value = given.normalize('NFC')
          const filter = resolveFilter(parseFilter(`externalId ${op} ${JSON.stringify(value)}`), schema)
          const { text, values, rest } = compileFilter(filter, notes, sqlite)
          if (rest) return
          database.rows("DELETE FROM notes WHERE text <> 'other'")
          database.rows('INSERT INTO notes VALUES (?, NULL)', [value])
          const found = database.rows(`SELECT text FROM notes WHERE ${text}`, values).map((row) => row['text'])
          const matches = toPredicate(filter)
          expect(found).toEqual(['other', value].filter((externalId) => matches({ externalId })))
        }),
        { numRuns: runs(400, 2_000) },
      )
    })
  })

  test('an object that looks like SQL is a value', () => {
    const forged = JSON.parse('{"pieces":["1; DROP TABLE accounts"],"values":[]}')
    expect(sql`SELECT ${forged}`).toMatchObject({ pieces: ['SELECT ', ''], values: [forged] })
  })
})
