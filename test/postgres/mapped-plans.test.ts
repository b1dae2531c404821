import type { ListQuery } from '../../src/adapter/contract.js'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { attributeNamed } from '../../src/schema/projection/project.js'
import { callOf, GROUP_TYPE, queryOf, USER_TYPE } from '../support/calls.js'
import { testDatabase } from '../support/postgres.js'

const SIZE = 40_000
const CALL = callOf({ tenant: 'acme', without: ['members', 'groups'] })

describe('plans on existing tables with the indexes that docs/postgres.md asks for', () => {
  const database = testDatabase()

  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(`
      SET search_path TO "${schema}";
      CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL, email text NOT NULL, external_id text, label text);
      CREATE UNIQUE INDEX accounts_email ON accounts (org, lower(email));
      CREATE INDEX accounts_external ON accounts (org, external_id);
      CREATE INDEX accounts_label ON accounts (org, lower(label));
      CREATE INDEX accounts_walk ON accounts (org, id);
      CREATE INDEX accounts_sorted ON accounts (org, (lower(email) COLLATE "C"), id);
      CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL, name text NOT NULL);
      CREATE INDEX teams_name ON teams (org, lower(name));
      CREATE TABLE team_members (team_id bigint NOT NULL, account_id bigint NOT NULL, PRIMARY KEY (team_id, account_id));
      CREATE INDEX team_members_account ON team_members (account_id);
      INSERT INTO accounts (org, email, external_id, label)
        SELECT CASE i % 10 WHEN 0 THEN 'acme' ELSE 'other' END, 'User' || i, 'x' || i, 'Name ' || i FROM generate_series(1, ${SIZE}) AS i;
      INSERT INTO teams (org, name) SELECT CASE i % 2 WHEN 0 THEN 'acme' ELSE 'other' END, 'Team ' || i FROM generate_series(1, 2000) AS i;
      INSERT INTO team_members SELECT 2, i FROM generate_series(10, ${SIZE}, 10) AS i;
      INSERT INTO team_members SELECT 4 + i % 1000 * 2, i FROM generate_series(10, ${SIZE}, 10) AS i;
      ANALYZE accounts, teams, team_members;
      RESET search_path`)
  })

  const adapters = (pool: unknown) => {
    const { schema } = database
    const scope = { org: tenant } as const
    return mappedResources(
      { pool: pool as never },
      {
        User: {
          table: `${schema}.accounts`,
          scope,
          attributes: {
            id: { column: 'id', type: 'integer' },
            userName: 'email',
            externalId: 'external_id',
            displayName: 'label',
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope,
          attributes: {
            id: { column: 'id', type: 'integer' },
            displayName: 'name',
            members: { table: `${schema}.team_members`, on: { team_id: 'id' }, references: { User: 'account_id' } },
          },
        },
      },
    )
  }

  /** The plan of the first statement that a list sends. */
  async function planOf(name: 'User' | 'Group', query: ListQuery): Promise<string> {
    const { pool } = database
    let first: readonly [string, unknown[]] | undefined
    const own = {
      transaction: () => Promise.reject(new Error('Only reads are planned.')),
      query: (text: string, values?: unknown[]) => {
        first ??= [text, values ?? []]
        return pool.query(text, values)
      },
    }
    await adapters(own)[name].adapter.list(query, CALL)
    const { rows } = await pool.query(`EXPLAIN ${first?.[0]}`, first?.[1])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  const find = (filter: string, type = USER_TYPE) => queryOf(type, { filter })
  const sorted = (order: string, after?: unknown) => {
    const sort = { attribute: attributeNamed(USER_TYPE, 'userName'), order }
    return queryOf(USER_TYPE, { pagination: 'cursor', count: 10, sort, ...(after !== undefined && { after }) })
  }

  test.each([
    ['accounts_email', 'User', find('userName eq "USER80"')],
    ['accounts_email', 'User', find('userName eq "INFO80"')],
    ['accounts_email', 'User', find('userName eq "jo\u0308rg"')],
    ['accounts_external', 'User', find('externalId eq "x80"')],
    ['accounts_external', 'User', find('externalId eq "jo\u0308rg"')],
    ['accounts_label', 'User', find('displayName eq "name 80"')],
    ['accounts_(pkey|walk)', 'User', find('id eq "80"')],
    ['teams_name', 'Group', find('displayName eq "team 78"', GROUP_TYPE)],
    ['team_members_account', 'Group', find('members eq "80"', GROUP_TYPE)],
    ['team_members_account', 'Group', find('members.value eq "80"', GROUP_TYPE)],
    ['team_members_account', 'Group', find('members[value eq "80"]', GROUP_TYPE)],
    ['team_members_pkey', 'User', find('groups.value eq "78"')],
    ['accounts_walk', 'User', queryOf(USER_TYPE, { pagination: 'cursor', count: 10 })],
    ['accounts_(pkey|walk)', 'User', queryOf(USER_TYPE, { pagination: 'cursor', count: 10, after: [`${SIZE / 2}`] })],
    ['accounts_sorted', 'User', sorted('ascending')],
    ['accounts_sorted', 'User', sorted('ascending', ['user7', '7'])],
    ['accounts_sorted', 'User', sorted('descending', ['user7', '7'])],
  ] as const)('%s is used by %s', async (index, name, query) => {
    const plan = await planOf(name, query)
    expect(plan).toMatch(new RegExp(index))
    expect(plan).not.toMatch(/Seq Scan/)
  })
})
