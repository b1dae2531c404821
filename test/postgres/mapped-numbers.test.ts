import type { CursorPage, ListQuery, Sort } from '../../src/adapter/contract.js'
import { User } from '../../src/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import type { ColumnMapping } from '../../src/sql/index.js'
import { callOf, queryOf } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'

const OWN = 'urn:example:Own'
const CALL = callOf()

const PLAIN = { column: 'rate' }
const AS_TEXT = { column: 'rate', expression: (column: string) => `${column}::text::numeric` }

describe.each([
  ['real', ['0.1', '1e-37', '0.3333333', '16777217', '1e30', '-0.1', '0.1', '3.4028235e38'], [AS_TEXT]],
  ['double precision', ['0.1', '1e-300', '0.30000000000000004', '1e300', '-0.1', '0.1', '5e-324'], [PLAIN, AS_TEXT]],
  ['numeric', ['0.1', '1e-40', '0.333333333333333333', '9007199254740993', '9007199254740995', '-0.1', '0.1'], [PLAIN]],
  ['bigint', ['1', '9007199254740993', '9007199254740995', '9223372036854775807', '-5', '1', '0'], [PLAIN]],
])('a column of type %s', (type, values, exact) => {
  const database = testDatabase()

  const setUp = (rate: ColumnMapping) => {
    const { User: users } = mappedResources(
      { pool: database.pool },
      {
        User: {
          table: `${database.schema}.accounts`,
          extensions: [{ id: OWN, attributes: [{ name: 'rate', type: 'decimal' }] }],
          attributes: { id: { column: 'id', type: 'integer' }, userName: 'email', [`${OWN}:rate`]: rate },
        },
      },
    )
    return { adapter: users.adapter, schema: resourceSchema(User, users.extensions) }
  }

  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(`CREATE TABLE "${schema}".accounts (id bigint PRIMARY KEY, email text NOT NULL, rate ${type})`)
    for (const [index, value] of [...values, null, null].entries()) {
      await pool.query(`INSERT INTO "${schema}".accounts VALUES ($1, $2, $3)`, [index, `user${index}`, value])
    }
  })

  test.each(['ascending', 'descending'] as const)('a walk meets everybody once, %s', async (order) => {
    const { adapter, schema } = setUp(PLAIN)
    const attribute = schema.find({ urn: OWN, name: 'rate', sub: undefined }) as Attribute
    const sort: Sort = { attribute, order }
    const { rows } = await database.pool.query(
      `SELECT id FROM "${database.schema}".accounts ORDER BY rate ${order === 'ascending' ? 'ASC' : 'DESC'}, id`,
    )
    const walk = async (direction: 'next' | 'previous'): Promise<unknown[]> => {
      const ids: unknown[] = []
      let position: unknown = direction === 'next' ? undefined : []
      for (let pages = 0; pages < 20 && (position !== undefined || pages === 0); pages++) {
        const at = direction === 'next' ? { after: position } : { before: position }
        const query = queryOf(schema, { sort, pagination: 'cursor', count: 1, ...at }) as ListQuery
        const page = (await adapter.list(query, CALL)) as CursorPage
        const found = [...page.resources].map(({ id }) => id)
        if (direction === 'next') ids.push(...found)
        else ids.unshift(...found)
        position = page[direction]
      }
      return ids
    }
    const wanted = rows.map(({ id }) => id)
    expect(await walk('next')).toEqual(wanted)
    expect(await walk('previous')).toEqual(wanted)
  })

  test.each(exact)('a filter finds what the answer shows: %#', async (rate) => {
    const { adapter, schema } = setUp(rate)
    const list = async (filter?: string) => {
      const page = (await adapter.list(queryOf(schema, filter === undefined ? {} : { filter }), CALL)) as CursorPage
      return [...page.resources] as any[]
    }
    // JSON of JavaScript has no place for all digits.
    const shown = (await list()).filter((one) => OWN in one && values.includes(String(one[OWN].rate)))
    expect(shown.length).toBeGreaterThan(3)
    for (const { [OWN]: own } of shown) {
      const same = shown.filter((one) => one[OWN].rate === own.rate)
      expect(await list(`${OWN}:rate eq ${own.rate}`)).toEqual(same)
    }
  })
})
