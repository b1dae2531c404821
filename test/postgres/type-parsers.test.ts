import pg from 'pg'
import type { CursorPage, IndexPage, ResourceAdapter } from '../../src/adapter/contract.js'
import { mappedResources, postgresAdapters } from '../../src/postgres/index.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { callOf, GROUP_TYPE, patchFor, queryOf, USER_TYPE } from '../support/calls.js'
import { databaseUrl, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

const CALL = callOf()

// Parsers are of the whole process: any module may have set them.
describe('type parsers of the host', () => {
  const database = testDatabase()
  const odd = new pg.TypeOverrides()
  // boolean, int8, int4, json, float8, timestamp, timestamptz, numeric, jsonb
  for (const type of [16, 20, 23, 114, 701, 1114, 1184, 1700, 3802]) {
    odd.setTypeParser(type, (text: string) => `parsed by the host: ${text}`)
  }

  test('change nothing of what is stored, answered, counted, sorted and told', async () => {
    const pool = new pg.Pool({ connectionString: await databaseUrl(), max: 4, types: odd })
    const outcome = async (one: pg.Pool, tenant: string): Promise<unknown> => {
      const call = callOf({ tenant })
      const postgres = postgresAdapters({ pool: one, schema: database.schema, users: { indexes: ['emails.value'] } })
      await postgres.migrate({ reindex: true })
      const users = postgres.users as unknown as ResourceAdapter
      const groups = postgres.groups as unknown as ResourceAdapter
      const made = await users.create(
        { userName: 'Ann', active: true, emails: [{ value: 'ann@x', primary: true }], password: 'secret' } as never,
        call,
      )
      const id = String(made.id)
      await users.create({ userName: 'Ben', active: false } as never, call)
      const title = patchFor(USER_TYPE, { op: 'add', path: 'title', value: 'Boss' })
      const patched = await users.patch?.(id, title, call)
      const group = await groups.create({ displayName: 'Crew', members: [{ value: id }] } as never, call)
      const again = patchFor(GROUP_TYPE, { op: 'add', path: 'members', value: [{ value: id }] })
      const same = await groups.patch?.(String(group.id), again, call)
      const put = await groups.replace(
        String(group.id),
        { displayName: 'Crew', members: [{ value: id }] } as never,
        call,
      )
      const page = (await users.list(queryOf(USER_TYPE, { filter: 'emails.value eq "ANN@x"' }), call)) as IndexPage
      const counted = (await users.list(queryOf(USER_TYPE, { count: 0 }), call)) as IndexPage
      const sort = { attribute: attributeNamed(USER_TYPE, 'active'), order: 'ascending' }
      const walk: unknown[] = []
      for (let after: unknown, turn = 0; turn < 5; turn += 1) {
        const next = (await users.list(
          queryOf(USER_TYPE, { pagination: 'cursor', count: 1, after, sort }),
          call,
        )) as CursorPage
        walk.push(...[...next.resources].map((resource) => resource['userName']))
        if (next.next === undefined) break
        after = next.next
      }
      return [made, patched, same, put, [...page.resources], counted.totalResults, await users.get(id, call), walk]
    }
    // Ids, versions and times are new each time, and of their types.
    const shape = (value: unknown): unknown =>
      value instanceof Date
        ? `date of ${value.getUTCFullYear()}`
        : Array.isArray(value)
          ? value.map(shape)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(
                Object.entries(value).map(([name, one]) => [
                  name,
                  name === 'id' || name === 'version' || (name === 'value' && !String(one).includes('@'))
                    ? typeof one
                    : shape(one),
                ]),
              )
            : value
    try {
      const plain = shape(await outcome(database.pool, 'plain'))
      expect(shape(await outcome(pool, 'odd'))).toEqual(plain)
      expect(JSON.stringify(plain)).toContain('Boss')
    } finally {
      await pool.end()
    }
    const { rows } = await database.pool.query(
      `SELECT data FROM "${database.schema}".resource WHERE tenant = 'odd' AND unique_key = 'ann'`,
    )
    expect(rows[0].data).toMatchObject({ userName: 'Ann', title: 'Boss', active: true })
    expect(
      await postgresAdapters({ pool: database.pool, schema: database.schema }).users.list(queryOf(USER_TYPE), CALL),
    ).toMatchObject({ totalResults: 0 })
  })

  test('change nothing of JSON in existing tables', async () => {
    const { pool, schema } = database
    await pool.query(tableStatements(schema))
    const json = new pg.TypeOverrides()
    for (const type of [114, 3802]) json.setTypeParser(type, (text: string) => `parsed by the host: ${text}`)
    const other = new pg.Pool({ connectionString: await databaseUrl(), max: 2, types: json })
    const { User, Group } = mappedResources({ pool: other }, tableMapping(schema))
    try {
      const draft = { userName: 'Ann', title: 'Boss', emails: [{ value: 'ann@x', type: 'work' }] }
      const made = await User.adapter.create(draft as never, CALL)
      const id = String(made.id)
      await User.adapter.patch?.(id, patchFor(USER_TYPE, { op: 'add', path: 'nickName', value: 'A' }), CALL)
      const group = await Group.adapter.create({ displayName: 'Crew', members: [{ value: id }] } as never, CALL)
      expect(await User.adapter.get(id, CALL)).toMatchObject({ ...draft, nickName: 'A', groups: [{ value: group.id }] })
      expect(await Group.adapter.get(String(group.id), CALL)).toMatchObject({ members: [{ value: id }] })
      const page = (await User.adapter.list(queryOf(USER_TYPE), CALL)) as unknown as IndexPage
      expect([...page.resources]).toMatchObject([{ ...draft, nickName: 'A', groups: [{ value: group.id }] }])
    } finally {
      await other.end()
    }
  })
})
