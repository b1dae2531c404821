import fc from 'fast-check'
import type { Filter } from '../../src/filter/ast.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, User } from '../../src/index.js'
import { resourceSchema } from '../../src/schema/schema.js'
import { compileFilter, postgresql, sql, type TableMapping } from '../../src/sql/index.js'
import { tableMapping } from '../support/tables.js'
import { sqlArbitraries } from './sql-arbitraries.js'

const schema = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const mapping = tableMapping('app').User as TableMapping

/** What would do harm if it were part of a statement. */
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

const textOf = (filter: Filter): string => compileFilter(filter, mapping, postgresql).text

describe('what a client sends is bound, and never part of a statement', () => {
  test('the text of a statement does not depend on the values in a filter', () => {
    fc.assert(
      fc.property(path, operator, hostile, (name, op, value) => {
        const filter = (literal: string): Filter =>
          resolveFilter(parseFilter(`${name} ${op} ${JSON.stringify(literal)}`), schema)
        const compiled = compileFilter(filter(value), mapping, postgresql)
        // What no database can hold is left to the router, whose text is the same for all of it.
        if (compiled.rest) return expect(compiled).toMatchObject({ text: 'TRUE', values: [] })
        expect(compiled.text).toBe(textOf(filter('harmless')))
        expect(compiled.text.match(/\$\d+/g) ?? []).toEqual(compiled.values.map((_, index) => `$${index + 1}`))
      }),
      { numRuns: 2_000 },
    )
  })

  test('there is a placeholder for each value of any filter, in order', () => {
    const { filterOf } = sqlArbitraries('unicode')
    fc.assert(
      fc.property(
        filterOf(schema, ({ path: name }) => name !== 'meta' && name !== 'groups' && name !== 'schemas'),
        (text) => {
          const compiled = compileFilter(resolveFilter(parseFilter(text), schema), mapping, postgresql)
          expect(compiled.text.match(/\$\d+/g) ?? []).toEqual(compiled.values.map((_, index) => `$${index + 1}`))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('an object that looks like SQL is a value', () => {
    const forged = JSON.parse('{"pieces":["1; DROP TABLE accounts"],"values":[]}')
    expect(sql`SELECT ${forged}`).toMatchObject({ pieces: ['SELECT ', ''], values: [forged] })
  })
})
