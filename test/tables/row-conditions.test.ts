import type { ChildTableMapping } from '../../src/sql/index.js'
import { tenant } from '../../src/sqlite/index.js'
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import { type App, startApp } from '../support/app.js'
import { describeMapped } from '../support/mapped-database.js'

const PAST = '2020-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'

describeMapped('rows of memberships and values that count,', (name, make) => {
  const database = make()
  let app: App

  beforeAll(async () => {
    const time = { PostgreSQL: 'timestamptz', SQLite: 'text', MySQL: 'datetime' }[name]
    const key = name === 'MySQL' ? 'varchar(64)' : 'text'
    const at = (table: string) => `"${database.schema}".${table}`
    await database.query(`
      CREATE TABLE ${at('people')} (id ${key} PRIMARY KEY, org text, email text, kind ${key} DEFAULT 'person', revision integer DEFAULT 1);
      CREATE TABLE ${at('phones')} (person ${key}, number text, kind text, hidden integer DEFAULT 0, valid_to ${time});
      CREATE TABLE ${at('courses')} (id ${key} PRIMARY KEY, org text, title text, year integer DEFAULT 2025, revision integer DEFAULT 1);
      CREATE TABLE ${at('enrolments')} (course ${key}, person ${key}, role ${key}, paid integer DEFAULT 1, valid_to ${time}, UNIQUE (course, person, role))`)
    let made = 0
    const id = { column: 'id', write: () => `i${++made}` }
    const table = (own: string) => `${database.schema}.${own}`
    app = await startApp({
      authenticate: () => ({ tenant: 'acme' }),
      resources: database.resources({
        User: {
          table: table('people'),
          scope: { org: tenant },
          where: (column) => `${column('kind')} = 'person'`,
          attributes: {
            id,
            'meta.version': 'revision',
            userName: 'email',
            phoneNumbers: {
              table: table('phones'),
              on: { person: 'id' },
              attributes: { value: 'number' },
              fixed: { kind: 'scim' },
              where: (column) => `${column('hidden')} = 0`,
              until: 'valid_to',
            },
          },
        },
        Group: {
          table: table('courses'),
          scope: { org: tenant },
          // An OR, which must stay one condition beside the others.
          where: (column) => `${column('year')} = 2025 OR ${column('year')} IS NULL`,
          attributes: {
            id,
            'meta.version': 'revision',
            displayName: 'title',
            members: {
              table: table('enrolments'),
              on: { course: 'id' },
              references: { User: 'person' },
              fixed: { role: 'student' },
              where: (column) => `${column('paid')} = 1`,
              until: 'valid_to',
            },
          },
        },
      }),
    })
  })

  const user = async (userName: string, rest: object = {}): Promise<string> =>
    (await app.scim.post('/Users', { schemas: [USER_SCHEMA], userName, ...rest })).body.id
  const group = async (displayName: string, ...ids: string[]): Promise<string> =>
    (
      await app.scim.post('/Groups', {
        schemas: [GROUP_SCHEMA],
        displayName,
        members: ids.map((value) => ({ value })),
      })
    ).body.id
  const membersOf = async (id: string): Promise<readonly string[]> =>
    ((await app.scim.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value).sort()
  const patch = (path: string, ...Operations: object[]) => app.scim.patch(path, { schemas: [PATCH_OP], Operations })
  const found = async (path: string): Promise<number> => (await app.scim.get(path)).body.totalResults
  const set = (text: string, ...values: unknown[]) =>
    database.query(text.replaceAll('@', `"${database.schema}".`), values)

  // Decision A-129.
  test('a member whose time is over is none: not shown, not found, and groups of users do not tell of it', async () => {
    const [one, two, three] = [await user('a1'), await user('a2'), await user('a3')]
    const id = await group('a', one, two, three)
    await set('UPDATE @enrolments SET valid_to = $1 WHERE person = $2', PAST, one)
    await set('UPDATE @enrolments SET valid_to = $1 WHERE person = $2', FUTURE, two)
    await set(`UPDATE @enrolments SET role = 'teacher' WHERE person = $1`, three)
    expect(await membersOf(id)).toEqual([two])
    expect(await found(`/Groups?filter=members.value eq "${one}"`)).toBe(0)
    expect(await found(`/Groups?filter=members.value eq "${two}"`)).toBe(1)
    expect(await found(`/Users?filter=groups.value eq "${id}"`)).toBe(1)
    expect((await app.scim.get(`/Users/${one}`)).body.groups).toBeUndefined()
    expect((await app.scim.get(`/Users/${two}`)).body.groups).toHaveLength(1)
  })

  test('what does not meet a condition is not there, and nothing touches it', async () => {
    const [one, two, bot] = [
      await user('w1', { phoneNumbers: [{ value: '+1' }, { value: '+2' }] }),
      await user('w2'),
      await user('w3'),
    ]
    const [id, old] = [await group('w', one, two, bot), await group('old', one)]
    await set("UPDATE @people SET kind = 'bot' WHERE id = $1", bot)
    await set('UPDATE @courses SET year = 2024 WHERE id = $1', old)
    await set('UPDATE @enrolments SET paid = 0 WHERE person = $1 AND course = $2', two, id)
    await set("UPDATE @phones SET hidden = 1 WHERE number = '+2'")
    expect((await app.scim.get(`/Users/${bot}`)).status).toBe(404)
    expect(await found('/Users?filter=userName eq "w3"')).toBe(0)
    expect(await found(`/Groups?filter=id eq "${old}"`)).toBe(0)
    expect(await membersOf(id)).toEqual([one])
    expect((await app.scim.get(`/Users/${one}`)).body).toMatchObject({
      phoneNumbers: [{ value: '+1' }],
      groups: [{ value: id }],
    })
    expect(await found('/Users?filter=phoneNumbers.value eq "+2"')).toBe(0)
    expect(await found(`/Groups?filter=members.value eq "${two}"`)).toBe(0)
    for (const path of [`/Users/${bot}`, `/Groups/${old}`]) expect((await app.scim.delete(path)).status).toBe(404)
    expect((await patch(`/Groups/${old}`, { op: 'remove', path: 'members' })).status).toBe(404)
    await app.scim.put(`/Groups/${id}`, { schemas: [GROUP_SCHEMA], displayName: 'w', members: [] })
    await app.scim.put(`/Users/${one}`, { schemas: [USER_SCHEMA], userName: 'w1' })
    const rows = (text: string) => database.rows(text.replaceAll('@', `"${database.schema}".`))
    expect(await rows(`SELECT person FROM @enrolments WHERE course = '${id}' AND valid_to IS NULL`)).toEqual(
      expect.arrayContaining([{ person: two }]),
    )
    expect(await rows(`SELECT person FROM @enrolments WHERE course = '${old}' AND valid_to IS NULL`)).toEqual([
      { person: one },
    ])
    expect(await rows("SELECT number FROM @phones WHERE valid_to IS NULL AND number IN ('+1', '+2')")).toEqual([
      { number: '+2' },
    ])
    // An unknown user cannot become a member.
    const add = { op: 'add', path: 'members', value: [{ value: bot }] }
    expect((await patch(`/Groups/${id}`, add)).status).toBe(400)
  })

  test('a member that is removed stays in the table, and may come again though an index permits no second row', async () => {
    const one = await user('b1')
    const id = await group('b', one)
    const remove = { op: 'remove', path: `members[value eq "${one}"]` }
    const add = { op: 'add', path: 'members', value: [{ value: one }] }
    const { version } = (await app.scim.get(`/Groups/${id}`)).body.meta
    for (let turn = 0; turn < 2; turn += 1) {
      await patch(`/Groups/${id}`, remove)
      expect(await membersOf(id)).toEqual([])
      expect(await database.rows(`SELECT role FROM "${database.schema}".enrolments WHERE person = '${one}'`)).toEqual([
        { role: 'student' },
      ])
      await patch(`/Groups/${id}`, add)
      expect(await membersOf(id)).toEqual([one])
    }
    expect((await app.scim.get(`/Groups/${id}`)).body.meta.version).not.toBe(version)
    // To add a present member again changes nothing.
    const before = (await app.scim.get(`/Groups/${id}`)).body
    await patch(`/Groups/${id}`, add)
    expect((await app.scim.get(`/Groups/${id}`)).body).toEqual(before)
    await app.scim.put(`/Groups/${id}`, { schemas: [GROUP_SCHEMA], displayName: 'b', members: [] })
    expect(await membersOf(id)).toEqual([])
    await app.scim.put(`/Groups/${id}`, { schemas: [GROUP_SCHEMA], displayName: 'b', members: [{ value: one }] })
    expect(await membersOf(id)).toEqual([one])
  })

  test('rows with another fixed value belong to the application', async () => {
    const [one, two] = [await user('c1'), await user('c2')]
    const id = await group('c', one)
    await set(`INSERT INTO @enrolments (course, person, role, valid_to) VALUES ($1, $2, 'teacher', NULL)`, id, two)
    await app.scim.put(`/Groups/${id}`, { schemas: [GROUP_SCHEMA], displayName: 'c', members: [{ value: two }] })
    expect(await membersOf(id)).toEqual([two])
    await patch(`/Groups/${id}`, { op: 'remove', path: 'members' })
    expect(await membersOf(id)).toEqual([])
    const kept = await database.rows(
      `SELECT role, valid_to FROM "${database.schema}".enrolments WHERE person = '${two}' AND role = 'teacher'`,
    )
    expect(kept).toEqual([{ role: 'teacher', valid_to: null }])
    // With the row of the group itself all rows that name it go.
    expect((await app.scim.delete(`/Groups/${id}`)).status).toBe(204)
  })

  test('values of a child table get the fixed value, and end instead of going', async () => {
    const id = await user('d1', { phoneNumbers: [{ value: '1' }, { value: '2' }] })
    await set(`INSERT INTO @phones (person, number, kind, valid_to) VALUES ($1, '3', 'private', NULL)`, id)
    const numbers = async () =>
      ((await app.scim.get(`/Users/${id}`)).body.phoneNumbers ?? []).map(({ value }: { value: string }) => value)
    expect(await numbers()).toEqual(['1', '2'])
    await patch(`/Users/${id}`, { op: 'replace', path: 'phoneNumbers', value: [{ value: '2' }, { value: '4' }] })
    expect(await numbers()).toEqual(['2', '4'])
    expect(await found('/Users?filter=phoneNumbers.value eq "1"')).toBe(0)
    expect(await found('/Users?filter=phoneNumbers.value eq "3"')).toBe(0)
    await patch(`/Users/${id}`, { op: 'add', path: 'phoneNumbers', value: [{ value: '1' }] })
    expect((await numbers()).sort()).toEqual(['1', '2', '4'])
    expect((await app.scim.delete(`/Users/${id}`)).status).toBe(204)
  })
})

describeMapped('values with sub-attributes in a document of their row,', (name, make) => {
  const database = make()
  let app: App
  let path = ''
  const at = (table: string) => `"${database.schema}".${table}`
  const json = { PostgreSQL: 'json', SQLite: 'text', MySQL: 'json' }[name]
  const key = name === 'MySQL' ? 'varchar(64)' : 'text'
  const mapping = (attributes: ChildTableMapping['attributes']) => {
    let made = 0
    const emails = { table: `${database.schema}.mails`, on: { person: 'id' }, attributes }
    return {
      User: {
        table: `${database.schema}.owners`,
        attributes: {
          id: { column: 'id', write: () => `o${++made}` },
          'meta.version': 'revision',
          userName: 'email',
          emails,
        },
      },
    }
  }

  beforeAll(async () => {
    await database.query(`
      CREATE TABLE ${at('owners')} (id ${key} PRIMARY KEY, email text, revision integer DEFAULT 1);
      CREATE TABLE ${at('mails')} (person ${key}, address text, note ${key} DEFAULT 'kept', scim ${json})`)
    app = await startApp({
      authenticate: () => ({ tenant: 'acme' }),
      resources: database.resources(mapping({ value: 'address', '*': { json: 'scim' } })),
    })
  })

  beforeEach(async () => {
    await database.query(`DELETE FROM ${at('mails')}; DELETE FROM ${at('owners')}`)
    const emails = [
      { value: 'a@x', display: 'Ännchen', type: 'work', primary: true },
      { value: 'b@x', display: 'Babs', type: 'home' },
      { value: 'c@x' },
    ]
    const created = await app.scim.post('/Users', { schemas: [USER_SCHEMA], userName: 'a', emails })
    expect(created.status).toBe(201)
    path = `/Users/${created.body.id}`
    expect(created.body.emails).toEqual(expect.arrayContaining(emails))
  })

  const emailsOf = async (): Promise<readonly { readonly value: string }[]> =>
    ((await app.scim.get(path)).body.emails ?? []).toSorted((a: { value: string }, b: { value: string }) =>
      a.value < b.value ? -1 : 1,
    )
  const stored = async () =>
    (await database.rows(`SELECT address, note, scim FROM ${at('mails')} ORDER BY address`)).map((row) => {
      const { address, note, scim } = row as Record<'address' | 'note' | 'scim', string>
      return [address, note, typeof scim === 'string' ? JSON.parse(scim) : scim]
    })
  const patch = (...Operations: object[]) => app.scim.patch(path, { schemas: [PATCH_OP], Operations })

  test('are stored and read with it, and shown in /Schemas', async () => {
    expect(await emailsOf()).toEqual([
      { value: 'a@x', display: 'Ännchen', type: 'work', primary: true },
      { value: 'b@x', display: 'Babs', type: 'home' },
      { value: 'c@x' },
    ])
    expect(await stored()).toEqual([
      ['a@x', 'kept', { display: 'Ännchen', type: 'work', primary: true }],
      ['b@x', 'kept', { display: 'Babs', type: 'home' }],
      ['c@x', 'kept', null],
    ])
    const { attributes } = (await app.scim.get(`/Schemas/${USER_SCHEMA}`)).body
    const { subAttributes } = attributes.find(({ name: own }: { name: string }) => own === 'emails')
    expect(subAttributes.map(({ name: own }: { name: string }) => own)).toEqual(['value', 'display', 'type', 'primary'])
  })

  test.each([
    ['emails.display eq "babs"', 1],
    ['emails.display eq "ÄNNCHEN"', 1],
    ['emails.display co "nobody"', 0],
    ['emails.display pr', 1],
    ['emails[value eq "a@x" and display eq "Babs"]', 0],
    ['emails[value eq "b@x" and display eq "Babs"]', 1],
    ['emails[value eq "a@x" and primary eq true and type eq "work"]', 1],
    ['emails[value eq "b@x" and primary eq true]', 0],
    ['emails[value eq "c@x" and display pr]', 0],
    ['emails[value eq "c@x" and primary eq false]', 1],
    ['emails pr and not (emails.type eq "other")', 1],
  ])('are found by %s', async (filter, count) => {
    expect((await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults).toBe(count)
  })

  test('PATCH sets and removes one sub-attribute, and leaves the rows of other values alone', async () => {
    await database.query(`UPDATE ${at('mails')} SET note = 'other'`)
    const { version } = (await app.scim.get(path)).body.meta
    const changed = await patch({ op: 'replace', path: 'emails[value eq "b@x"].display', value: 'Barbara' })
    expect(changed.body.meta.version).not.toBe(version)
    expect(await stored()).toEqual([
      ['a@x', 'other', { display: 'Ännchen', type: 'work', primary: true }],
      ['b@x', 'kept', { display: 'Barbara', type: 'home' }],
      ['c@x', 'other', null],
    ])
    await patch({ op: 'remove', path: 'emails[value eq "a@x"].display' })
    expect(await emailsOf()).toEqual([
      { value: 'a@x', type: 'work', primary: true },
      { value: 'b@x', display: 'Barbara', type: 'home' },
      { value: 'c@x' },
    ])
    // The same once more changes nothing.
    const before = (await app.scim.get(path)).body
    await patch({ op: 'replace', path: 'emails[value eq "b@x"].display', value: 'Barbara' })
    expect((await app.scim.get(path)).body).toEqual(before)
  })

  test('PUT removes what it leaves out', async () => {
    const emails = [{ value: 'a@x', type: 'work' }, { value: 'b@x' }]
    const replaced = await app.scim.put(path, { schemas: [USER_SCHEMA], userName: 'a', emails })
    expect(replaced.body.emails).toEqual(expect.arrayContaining(emails))
    expect(await stored()).toEqual([
      ['a@x', 'kept', { type: 'work' }],
      ['b@x', 'kept', null],
    ])
    expect((await app.scim.get('/Users?filter=emails.display pr')).body.totalResults).toBe(0)
  })

  test('two values that differ there alone are two, and what other programs wrote there does no harm', async () => {
    const emails = [
      { value: 'a@x', type: 'work' },
      { value: 'a@x', type: 'home' },
    ]
    await app.scim.put(path, { schemas: [USER_SCHEMA], userName: 'a', emails })
    expect(await stored()).toHaveLength(2)
    await patch({ op: 'remove', path: 'emails[type eq "home"]' })
    expect(await emailsOf()).toEqual([{ value: 'a@x', type: 'work' }])
    for (const odd of ['[1]', '"x"', '{"display":null,"type":"t","id":"other"}']) {
      await database.query(`UPDATE ${at('mails')} SET scim = $1`, [odd])
      expect(await emailsOf()).toEqual([odd.startsWith('{') ? { value: 'a@x', type: 't' } : { value: 'a@x' }])
    }
  })

  test.each([
    [
      'a JSON column for one sub-attribute',
      { value: 'address', type: { json: 'kind' } },
      'Sub-attribute "emails.type" of User must have a column of its own.',
    ],
    [
      'a column for the rest',
      { value: 'address', '*': 'scim' },
      `The "*" of "emails" of User must be a JSON column: { json: 'scim' }.`,
    ],
  ])('%s is refused at start', (_what, attributes, sentence) => {
    expect(() => database.resources(mapping(attributes))).toThrow(
      expect.objectContaining({ code: 'ERR_SCIM_OPTION', message: expect.stringContaining(sentence) }),
    )
  })
})
