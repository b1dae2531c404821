import { ScimError } from '../../src/index.js'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { type Answer, detailOf } from '../support/client.js'
import { testDatabase } from '../support/postgres.js'

const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']

describe('what foreign keys and triggers of the application refuse', () => {
  const database = testDatabase()
  const reports: unknown[] = []
  let app: App

  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(`
      SET search_path TO "${schema}";
      CREATE TABLE orgs (id text PRIMARY KEY);
      INSERT INTO orgs VALUES ('acme');
      CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL REFERENCES orgs,
        email text NOT NULL UNIQUE, nick text, EXCLUDE (nick WITH =));
      CREATE TABLE emails (account bigint REFERENCES accounts, address text, kind text, label text UNIQUE, PRIMARY KEY (account, address));
      CREATE TABLE orders (account bigint REFERENCES accounts, email text REFERENCES accounts (email));
      CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, org text NOT NULL, name text NOT NULL);
      CREATE TABLE members (team bigint REFERENCES teams, account bigint REFERENCES accounts);
      CREATE TABLE rooms (team bigint REFERENCES teams ON DELETE RESTRICT);
      CREATE TABLE bills (account bigint REFERENCES accounts DEFERRABLE INITIALLY DEFERRED);
      CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
          IF OLD.email LIKE 'silent%' THEN RETURN NULL; END IF;
          IF OLD.email LIKE 'raise%' THEN RAISE EXCEPTION 'owner % must stay', OLD.email; END IF;
          RETURN OLD;
        END IF;
        IF NEW.email LIKE 'never%' THEN RETURN NULL; END IF;
        IF NEW.nick = 'coded' THEN RAISE EXCEPTION 'seats' USING ERRCODE = 'SEATS'; END IF;
        IF NEW.nick = 'raised' THEN RAISE EXCEPTION 'nick % is bad', NEW.nick; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION guard();
      RESET search_path`)
    const scope = { org: tenant } as const
    const id = { column: 'id', type: 'integer' } as const
    const mapError = (error: unknown): ScimError | undefined =>
      (error as { code?: unknown }).code === 'SEATS' ? new ScimError(403, 'All seats are taken.') : undefined
    const resources = mappedResources(
      { pool, mapError },
      {
        User: {
          table: `${schema}.accounts`,
          scope,
          attributes: {
            id,
            userName: 'email',
            nickName: 'nick',
            emails: {
              table: `${schema}.emails`,
              on: { account: 'id' },
              attributes: { value: 'address', type: 'kind', display: 'label' },
            },
          },
        },
        Group: {
          table: `${schema}.teams`,
          scope,
          attributes: {
            id,
            displayName: 'name',
            members: { table: `${schema}.members`, on: { team: 'id' }, references: { User: 'account' } },
          },
        },
      },
    )
    app = await startApp({
      authenticate: ({ headers }) => ({ tenant: headers['x-org'] === 'nobody' ? 'nobody' : 'acme' }),
      resources,
      on: { error: (report) => reports.push(report) },
    })
  })
  afterAll(() => app.close())
  afterEach(() => expect(reports).toEqual([]))

  const post = async (userName: string, more: object = {}): Promise<string> => {
    const { status, body } = await app.scim.post('/Users', { schemas, userName, ...more })
    expect(status).toBe(201)
    return body.id
  }
  const refer = (statement: string, id: string): Promise<unknown> =>
    database.pool.query(statement.replaceAll('%', `"${database.schema}"`), [id])
  const expectConflict = ({ status, body, text }: Answer, detail: string): void => {
    expect({ status, body: { ...body, detail: detailOf(body) } }).toEqual({
      status: 409,
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', detail },
    })
    expect(text).not.toContain('@')
  }

  const REFERRED = 'Other data refers to this resource, so it cannot be deleted.'
  const OTHERS = 'Other data does not permit this change.'
  const RULE = 'A rule of the database does not permit this change.'

  test('DELETE of a user that an order refers to is 409, and the user is still there', async () => {
    const id = await post('ordered@x')
    await refer('INSERT INTO %.orders (account) VALUES ($1)', id)
    expectConflict(await app.scim.delete(`/Users/${id}`), REFERRED)
    expect((await app.scim.get(`/Users/${id}`)).status).toBe(200)
  })

  test('so it is where the key is looked at when the transaction ends', async () => {
    const id = await post('billed@x')
    await refer('INSERT INTO %.bills (account) VALUES ($1)', id)
    expectConflict(await app.scim.delete(`/Users/${id}`), REFERRED)
    expect((await app.scim.get(`/Users/${id}`)).status).toBe(200)
  })

  test('DELETE of a user that is in a team of another organisation is 409, and takes it out of none', async () => {
    const id = await post('guest@x')
    await refer(
      `WITH t AS (INSERT INTO %.teams (org, name) VALUES ('other', 'Theirs') RETURNING id)
        INSERT INTO %.members SELECT t.id, $1 FROM t`,
      id,
    )
    expectConflict(await app.scim.delete(`/Users/${id}`), REFERRED)
  })

  test('DELETE of a group that a room refers to is 409, and its members stay', async () => {
    const member = await post('roomer@x')
    const { body } = await app.scim.post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Room',
      members: [{ value: member }],
    })
    await refer('INSERT INTO %.rooms VALUES ($1)', body.id)
    expectConflict(await app.scim.delete(`/Groups/${body.id}`), REFERRED)
    expect((await app.scim.get(`/Groups/${body.id}`)).body.members).toHaveLength(1)
  })

  test('a write that breaks a key of other data is 409', async () => {
    const id = await post('mailed@x')
    await refer('INSERT INTO %.orders (email) SELECT email FROM %.accounts WHERE id = $1', id)
    expectConflict(await app.scim.put(`/Users/${id}`, { schemas, userName: 'other@x' }), OTHERS)
    const headers = { 'X-Org': 'nobody' }
    expectConflict(await app.scim.post('/Users', { schemas, userName: 'lost@x' }, { headers }), OTHERS)
    await post('first@x', { nickName: 'only' })
    expectConflict(await app.scim.post('/Users', { schemas, userName: 'second@x', nickName: 'only' }), OTHERS)
  })

  test('what a trigger raises is 409, without the words of the trigger, which may hold values', async () => {
    const id = await post('raise@x')
    expectConflict(await app.scim.delete(`/Users/${id}`), RULE)
    expectConflict(await app.scim.post('/Users', { schemas, userName: 'a@x', nickName: 'raised' }), RULE)
    expectConflict(await app.scim.put(`/Users/${id}`, { schemas, userName: 'raise@x', nickName: 'raised' }), RULE)
  })

  test('so is what a trigger keeps from happening without a word', async () => {
    const id = await post('silent@x')
    expectConflict(await app.scim.delete(`/Users/${id}`), RULE)
    expect((await app.scim.get(`/Users/${id}`)).status).toBe(200)
    expectConflict(await app.scim.post('/Users', { schemas, userName: 'never@x' }), RULE)
  })

  test('two values of one resource that its table holds as one are 400, and a value of another resource is 409', async () => {
    const emails = [
      { value: 'same', type: 'work' },
      { value: 'same', type: 'home' },
    ]
    const twice = await app.scim.post('/Users', { schemas, userName: 'twice@x', emails })
    expect([twice.status, twice.body.scimType, detailOf(twice.body)]).toEqual([
      400,
      'invalidValue',
      'Attribute "emails" has two values that its table holds as one.',
    ])
    await post('one@x', { emails: [{ value: 'shared', display: 'L' }] })
    const taken = await app.scim.post('/Users', {
      schemas,
      userName: 'two@x',
      emails: [{ value: 'shared', display: 'L' }],
    })
    expect([taken.status, taken.body.scimType]).toEqual([409, 'uniqueness'])
    await post('three@x', { emails: [{ value: 'shared', display: 'M' }] })
  })

  test('mapError is asked first, and has words of the application for it', async () => {
    const { status, body } = await app.scim.post('/Users', { schemas, userName: 'coded@x', nickName: 'coded' })
    expect({ status, detail: detailOf(body) }).toEqual({ status: 403, detail: 'All seats are taken.' })
  })
})
