import pg from 'pg'
import { bearer } from '../../src/index.js'
import { mappedResources, postgresAdapters, tenant } from '../../src/postgres/index.js'
import { type App, type AppOptions, startApp, TOKEN } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { scimClient } from '../support/client.js'
import { hooksCalled } from '../support/hooks.js'
import { IS_LONG } from '../support/length.js'
import { databaseUrl, type TestDatabase, testAdapters } from '../support/postgres.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
/** Whom `/Me` stands for. */
const me: { id?: string } = {}
const TENANTS: Readonly<Record<string, string>> = { [TOKEN]: 'acme', 'token-of-globex': 'globex' }

const TABLES = `
  CREATE SEQUENCE ids START 1000;
  CREATE TABLE accounts (tenant text, id bigint DEFAULT nextval('ids'), email text, active boolean DEFAULT true,
    external_id text, manager bigint, scim jsonb, PRIMARY KEY (tenant, id));
  CREATE UNIQUE INDEX ON accounts (tenant, lower(email));
  CREATE TABLE emails (tenant text, account bigint, address text);
  CREATE TABLE teams (tenant text, id bigint DEFAULT nextval('ids'), name text, PRIMARY KEY (tenant, id));
  CREATE TABLE members (tenant text, team bigint, account bigint, child bigint);
  CREATE UNIQUE INDEX ON members (tenant, team, account, child);`

type Make = (pool: pg.Pool, schema: string, prepare: boolean) => AppOptions['resources']

const documents: Make = (pool, schema, prepare) =>
  withPolicy(postgresAdapters({ pool, schema, prepare }).resources as never)

const mapped: Make = (pool, schema, prepare) => {
  const id = { column: 'id', type: 'integer' } as const
  return withPolicy(
    mappedResources(
      { pool, prepare },
      {
        User: {
          table: `${schema}.accounts`,
          scope: { tenant },
          attributes: {
            id,
            userName: 'email',
            active: 'active',
            externalId: 'external_id',
            [`${ENTERPRISE}:manager.value`]: { column: 'manager', type: 'integer' },
            emails: {
              table: `${schema}.emails`,
              on: { tenant: 'tenant', account: 'id' },
              attributes: { value: 'address' },
            },
            '*': { json: 'scim' },
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope: { tenant },
          attributes: {
            id,
            displayName: 'name',
            members: {
              table: `${schema}.members`,
              on: { tenant: 'tenant', team: 'id' },
              references: { User: 'account', Group: 'child' },
            },
          },
        },
      },
    ) as never,
  )
}

function withPolicy(resources: { readonly User: object; readonly Group: object }): AppOptions['resources'] {
  return { ...resources, User: { ...resources.User, onDuplicate: 'reactivate' } } as never
}

const KINDS: readonly (readonly [string, readonly string[], Make])[] = [
  ['documents', ['resource', 'reference', 'lookup'], documents],
  ['existing tables', ['accounts', 'emails', 'teams', 'members'], mapped],
]

const MANY = 2_500
/** Many users of each tenant, with the same ids for both. */
const FILL = (schema: string): string => `
  INSERT INTO "${schema}".resource (tenant, type, id, version, created, last_modified, display, data, keys)
    SELECT t, 'User', 50000 + i, 'v', now(), now(), 'Many ' || i, '{}', '{}'
    FROM unnest(ARRAY['acme', 'globex']) AS t, generate_series(1, ${MANY}) AS i;
  INSERT INTO "${schema}".accounts (tenant, id, email) SELECT t, 50000 + i, 'many ' || i
    FROM unnest(ARRAY['acme', 'globex']) AS t, generate_series(1, ${MANY}) AS i;
  ANALYZE "${schema}".resource, "${schema}".accounts;`

describe('row-level security by the transaction option', () => {
  const database: TestDatabase & { readonly postgres: { readonly resources: AppOptions['resources'] } } = testAdapters()
  let pool: pg.Pool
  let app: App | undefined

  beforeAll(async () => {
    const { schema } = database
    const role = `${schema}_role`
    await database.pool.query(`SET search_path TO "${schema}"; ${TABLES} RESET search_path`)
    await database.pool.query(
      `CREATE ROLE "${role}" LOGIN PASSWORD 'role';
       GRANT USAGE ON SCHEMA "${schema}" TO "${role}";
       GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO "${role}";
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO "${role}"`,
    )
    for (const table of KINDS.flatMap(([, tables]) => tables)) {
      await database.pool.query(
        `ALTER TABLE "${schema}".${table} ENABLE ROW LEVEL SECURITY;
         ALTER TABLE "${schema}".${table} FORCE ROW LEVEL SECURITY;
         CREATE POLICY own ON "${schema}".${table} USING (tenant = current_setting('app.tenant', true))`,
      )
    }
    const url = new URL(await databaseUrl())
    url.username = role
    url.password = 'role'
    pool = new pg.Pool({ connectionString: url.href, max: 3 })
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })
  afterAll(async () => {
    await pool.end()
    // The pool of the tests has ended by now.
    const client = new pg.Client({ connectionString: await databaseUrl() })
    await client.connect()
    await client.query(`DROP OWNED BY "${database.schema}_role"; DROP ROLE "${database.schema}_role"`)
    await client.end()
  })

  const transaction: NonNullable<AppOptions['transaction']> = async (work, { tenant }) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query("SELECT set_config('app.tenant', $1, true)", [tenant])
      const result = await work(client)
      const { command } = await client.query('COMMIT')
      if (command === 'ROLLBACK') throw new Error('A statement of the transaction has failed: nothing was written.')
      return result
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }

  describe.each(KINDS)('%s', (_kind, _tables, make) => {
    test.each([false, true])(
      'each of two tenants finds its own by every operation, prepared: %s',
      async (prepare) => {
        const errors: unknown[] = []
        const known: unknown[] = []
        app = await startApp({
          authenticate: bearer((token) => {
            const tenant = TENANTS[token]
            return tenant ? { tenant, me: { resourceType: 'User', id: me.id } } : null
          }),
          resources: make(pool, database.schema, prepare),
          transaction,
          readsInTransaction: true,
          tenants: 'required',
          cursor: { secrets: ['a secret of some length for cursors'] },
          validate: async (write) => {
            if (write.action !== 'create') known.push(await write.before())
          },
          on: {
            error: (error) => {
              errors.push(error)
            },
            'user.updated': ({ resource }) => {
              known.push(resource)
            },
            'group.member.added': ({ member }) => {
              known.push(member)
            },
          },
        })
        const clients = Object.keys(TENANTS).map((token) => scimClient(app?.base as string, token))
        for (const scim of clients) await everyOperation(scim)
        await hooksCalled()
        expect(errors).toEqual([])
        expect(known).not.toContain(undefined)
      },
      30_000,
    )
  })

  // The router goes on to read such a long list while it writes the answer, unless a transaction ends before that.
  describe.each(KINDS)('large groups, %s', (_kind, _tables, make) => {
    beforeAll(() => database.pool.query(FILL(database.schema)))
    afterAll(() =>
      database.pool.query(`DELETE FROM "${database.schema}".resource; DELETE FROM "${database.schema}".accounts`),
    )

    // The first reading brings 1,001 members: only beyond them a reading that comes too late would be seen.
    test.each(IS_LONG ? [101, 1_001, MANY] : [1_100])(
      'each of two tenants reads and writes all of %d members',
      async (size) => {
        const told = { errors: [] as unknown[], added: 0, removed: 0 }
        app = await startApp({
          authenticate: bearer((token) => {
            const tenant = TENANTS[token]
            return tenant ? { tenant } : null
          }),
          resources: make(pool, database.schema, false),
          transaction,
          readsInTransaction: true,
          tenants: 'required',
          outbox: async (events) => {
            for (const { name } of events) {
              if (name === 'group.member.added') told.added += 1
              if (name === 'group.member.removed') told.removed += 1
            }
          },
          on: {
            error: ({ error }) => {
              told.errors.push(error)
            },
          },
        })
        const ids = Array.from({ length: size }, (_, index) => `${50_001 + index}`)
        const clients = Object.keys(TENANTS).map((token) => scimClient(app?.base as string, token))
        const made: string[] = []
        for (const scim of clients) made.push(await membersOfMany(scim, ids, told))
        // Neither client finds the group of the other.
        for (const [index, id] of made.entries()) {
          const other = clients[1 - index] as ScimClient
          expect((await other.get(`/Groups/${id}`)).status).toBe(404)
          expect((await other.get('/Groups')).body.totalResults).toBe(1)
          const own = clients[index] as ScimClient
          expect((await own.get(`/Groups/${id}`)).body.members.length).toBe(size)
        }
        for (const [index, id] of made.entries()) {
          expect((await (clients[index] as ScimClient).delete(`/Groups/${id}`)).status).toBe(204)
        }
        await hooksCalled()
        expect(told.errors).toEqual([])
      },
    )
  })

  /** Every answer that shows the members of a group shows all of them. */
  async function membersOfMany(
    scim: ScimClient,
    ids: readonly string[],
    told: { added: number; removed: number },
  ): Promise<string> {
    const shown = (group: { readonly members?: readonly { readonly value: string }[] }): string[] =>
      (group.members ?? []).map(({ value }) => value).sort()
    const group = (displayName: string, members: readonly string[]) => ({
      schemas: [GROUP],
      displayName,
      members: members.map((value) => ({ value })),
    })
    const events = (): readonly [number, number] => {
      const counted = [told.added, told.removed] as const
      told.added = 0
      told.removed = 0
      return counted
    }
    const [first, ...rest] = ids as readonly [string, ...string[]]
    const all = [...ids].sort()

    const created = await scim.post('/Groups', group('many', ids))
    expect([created.status, shown(created.body)]).toEqual([201, all])
    expect(events()).toEqual([ids.length, 0])
    const path = `/Groups/${created.body.id}`
    expect(shown((await scim.get(path)).body)).toEqual(all)
    const lists = ['/Groups', '/Groups?filter=displayName eq "many"', `/Groups?filter=members.value eq "${first}"`]
    for (const list of [...lists, '/Groups?filter=members co "5"', '/?filter=meta.resourceType eq "Group"']) {
      const { body } = await scim.get(list)
      expect([list, body.Resources.map(shown)]).toEqual([list, [all]])
    }
    const searched = await scim.post('/.search', { schemas: [SEARCH], filter: 'displayName eq "many"', count: 10 })
    expect(searched.body.Resources.map(shown)).toEqual([all])

    const patch = async (...Operations: object[]) => {
      const answer = await scim.patch(`${path}?attributes=members`, { schemas: [PATCH], Operations })
      expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, ''])
      return shown(answer.body)
    }
    expect(await patch({ op: 'remove', path: `members[value eq "${first}"]` })).toEqual([...rest].sort())
    expect(events()).toEqual([0, 1])
    expect(await patch({ op: 'add', path: 'members', value: [{ value: first }] })).toEqual(all)
    expect(events()).toEqual([1, 0])
    expect(await patch({ op: 'replace', path: 'displayName', value: 'Many' })).toEqual(all)
    // Without a filter that a statement could carry out the adapter or the router reads all members.
    expect(await patch({ op: 'remove', path: `members[value eq "${first}" or display eq "nobody"]` })).toEqual(
      [...rest].sort(),
    )
    expect(events()).toEqual([0, 1])
    const put = await scim.put(path, group('many', ids.slice(1)))
    expect([put.status, shown(put.body)]).toEqual([200, [...rest].sort()])
    expect(events()).toEqual([0, 0])
    const back = await scim.put(path, group('many', ids))
    expect([back.status, shown(back.body)]).toEqual([200, all])
    expect(events()).toEqual([1, 0])
    return created.body.id
  }

  async function everyOperation(scim: ScimClient): Promise<void> {
    const ok = async (what: string, asked: Promise<Answer>, status = 200): Promise<any> => {
      const answer = await asked
      expect([what, answer.status, answer.status === status ? '' : answer.text]).toEqual([what, status, ''])
      return answer.body
    }
    const names = (body: { readonly Resources?: readonly { userName?: string; displayName?: string }[] }) =>
      (body.Resources ?? []).map(({ userName, displayName }) => userName ?? displayName).sort()
    const patch = (what: string, path: string, Operations: readonly object[], status = 200) =>
      ok(what, scim.patch(path, { schemas: [PATCH], Operations }), status)

    const ann = await ok(
      'POST',
      scim.post('/Users', { schemas: [USER], userName: 'ann', externalId: 'x1', emails: [{ value: 'ann@x' }] }),
      201,
    )
    me.id = ann.id
    expect((await ok('/Me', scim.get('/Me'))).userName).toBe('ann')
    const bob = await ok(
      'POST',
      scim.post('/Users', {
        schemas: [USER, ENTERPRISE],
        userName: 'bob',
        [ENTERPRISE]: { manager: { value: ann.id } },
      }),
      201,
    )
    await ok('a duplicate', scim.post('/Users', { schemas: [USER], userName: 'ANN' }), 409)
    const team = await ok(
      'POST',
      scim.post('/Groups', { schemas: [GROUP], displayName: 'team', members: [{ value: ann.id }] }),
      201,
    )
    const inner = await ok('POST', scim.post('/Groups', { schemas: [GROUP], displayName: 'inner' }), 201)
    const group = `/Groups/${team.id}`
    const user = `/Users/${ann.id}`

    await patch('a member is added', group, [{ op: 'add', path: 'members', value: [{ value: bob.id }] }], 204)
    await patch(
      'a group is added',
      group,
      [{ op: 'add', path: 'members', value: [{ value: inner.id, type: 'Group' }] }],
      204,
    )
    const shown = await ok('GET', scim.get(group))
    expect(shown.members.map(({ value }: { value: string }) => value).sort()).toEqual([ann.id, bob.id, inner.id].sort())
    await patch('a member is removed', group, [{ op: 'remove', path: `members[value eq "${bob.id}"]` }], 204)
    await patch(
      'a member is replaced',
      group,
      [{ op: 'replace', path: 'members', value: [{ value: ann.id }, { value: bob.id }] }],
      204,
    )
    await patch('a name', group, [{ op: 'replace', path: 'displayName', value: 'Team' }], 204)
    await patch('a simple value', user, [{ op: 'replace', path: 'title', value: 'x' }])
    await patch('values of a name', user, [{ op: 'add', value: { name: { givenName: 'A' }, displayName: 'Ann' } }])
    await patch('a list', user, [{ op: 'add', path: 'emails', value: [{ value: 'two@x' }] }])
    await patch('activation', user, [{ op: 'replace', path: 'active', value: false }])
    await ok(
      'a duplicate that is inactive',
      scim.post('/Users', { schemas: [USER], userName: 'ann', emails: [{ value: 'a@x' }] }),
      201,
    )
    const put = await ok(
      'PUT',
      scim.put(user, { schemas: [USER], userName: 'ann', active: true, emails: [{ value: 'a@x' }] }),
    )
    expect(put.id).toBe(ann.id)
    await ok(
      'PUT of a group',
      scim.put(group, { schemas: [GROUP], displayName: 'Team', members: [{ value: bob.id }, { value: ann.id }] }),
    )

    expect((await ok('groups', scim.get(user))).groups.map(({ value }: { value: string }) => value)).toEqual([team.id])
    await ok('HEAD', scim.send('HEAD', user))
    const lists: readonly (readonly [string, readonly string[]])[] = [
      ['/Users', ['ann', 'bob']],
      ['/Users?sortBy=userName&startIndex=2&count=1', ['bob']],
      ['/Users?filter=userName eq "ANN"', ['ann']],
      ['/Users?filter=userName co "n" and emails.value sw "a"', ['ann']],
      ['/Users?filter=groups.display ne "x"', ['ann', 'bob']],
      [`/Users?filter=groups.value eq "${team.id}"`, ['ann', 'bob']],
      [`/Users?filter=${ENTERPRISE}:manager.value eq "${ann.id}"`, ['bob']],
      [`/Groups?filter=members.value eq "${bob.id}"`, ['Team']],
      ['/Groups?filter=members pr', ['Team']],
      ['/Groups?excludedAttributes=members', ['Team', 'inner']],
      ['/?sortBy=id', ['Team', 'ann', 'bob', 'inner']],
      ['/', ['Team', 'ann', 'bob', 'inner']],
    ]
    for (const [path, expected] of lists) {
      const body = await ok(path, scim.get(path))
      expect([path, names(body), body.totalResults]).toEqual([
        path,
        expected,
        path.includes('startIndex') ? 2 : expected.length,
      ])
    }
    const first = await ok('cursor', scim.get('/Users?cursor&count=1'))
    const second = await ok('cursor', scim.get(`/Users?count=1&cursor=${encodeURIComponent(first.nextCursor)}`))
    expect([...names(first), ...names(second)].sort()).toEqual(['ann', 'bob'])
    for (const path of ['/.search', '/Users/.search']) {
      const found = await ok(path, scim.post(path, { schemas: [SEARCH], filter: 'id pr', count: 10 }))
      expect(names(found)).toEqual(path === '/.search' ? ['Team', 'ann', 'bob', 'inner'] : ['ann', 'bob'])
    }

    const bulk = await ok(
      'bulk',
      scim.post('/Bulk', {
        schemas: [BULK],
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'c', data: { schemas: [USER], userName: 'cid' } },
          {
            method: 'POST',
            path: '/Groups',
            bulkId: 'g',
            data: { schemas: [GROUP], displayName: 'bulk', members: [{ value: 'bulkId:c' }] },
          },
          {
            method: 'PATCH',
            path: user,
            data: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: 'b' }] },
          },
          { method: 'PUT', path: `/Users/${bob.id}`, data: { schemas: [USER], userName: 'bob' } },
          {
            method: 'PATCH',
            path: group,
            data: { schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:c' }] }] },
          },
          { method: 'DELETE', path: '/Groups/bulkId:g' },
          { method: 'DELETE', path: '/Users/bulkId:c' },
        ],
      }),
    )
    expect(bulk.Operations.map(({ status }: { status: string }) => status)).toEqual([
      '201',
      '201',
      '200',
      '200',
      '204',
      '204',
      '204',
    ])
    await ok('stale', scim.delete(user, { headers: { 'If-Match': 'W/"0"' } }), 412)
    expect((await ok('GET', scim.get(group))).members.length).toBe(2)
    await ok('DELETE', scim.delete(user), 204)
    expect((await ok('GET', scim.get(group))).members.length).toBe(1)
    for (const path of [group, `/Groups/${inner.id}`, `/Users/${bob.id}`]) await ok('DELETE', scim.delete(path), 204)
    await ok('GET', scim.get(user), 404)
  }

  test('needs the transaction', async () => {
    const { resources } = database.postgres
    await expect(startApp({ resources, readsInTransaction: true })).rejects.toThrow(
      /readsInTransaction must have option transaction, which is missing/,
    )
  })
})
