import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { mappedResources, tenant } from '../../src/postgres/index.js'
import { type App, startApp } from '../support/app.js'
import { sample } from '../support/length.js'
import { databaseUrl } from '../support/postgres.js'

/** Databases that make small letters in other ways each. */
const LOCALES = {
  C: "LOCALE 'C' LOCALE_PROVIDER libc",
  'C.UTF-8': "LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'",
  ICU: "LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'und'",
  'ICU, Turkish': "LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'tr'",
}

const SPELLINGS = [
  'plain@x',
  'Info@x',
  'INFO@x',
  'info@x',
  'ÖZ@x',
  'jörg@x',
  'jo\u0308rg@x',
  'JO\u0308RG@x',
  'İstanbul@x',
  'ılık@x',
  'ΟΔΟΣ@x',
  'Straße@x',
  'ｆｕｌｌ@x',
  '\u212bngstro\u0308m@x',
  '조직@x',
  '\u1112\u1161\u11ab@x',
  '100%_\\@x',
]

describe.each(sample(Object.entries(LOCALES), 3))(
  'texts in existing tables of a database with locale %s',
  (_name, locale) => {
    const name = `locale_${randomBytes(6).toString('hex')}`
    let admin: pg.Client
    let pool: pg.Pool
    let app: App

    beforeAll(async () => {
      const url = new URL(await databaseUrl())
      admin = new pg.Client(url.href)
      await admin.connect()
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${locale}`)
      url.pathname = `/${name}`
      pool = new pg.Pool({ connectionString: url.href, max: 4 })
      await pool.query(`
      CREATE TABLE accounts (id text PRIMARY KEY DEFAULT gen_random_uuid()::text, org text, email text, external_id text, nick varchar(50) COLLATE "C", scim jsonb);
      CREATE UNIQUE INDEX ON accounts (org, lower(email));
      CREATE TABLE emails (account_id text, address text);
      CREATE TABLE teams (id text PRIMARY KEY DEFAULT 'T-I-' || gen_random_uuid()::text, org text, name text);
      CREATE TABLE members (team_id text, account_id text)`)
      const scope = { org: tenant } as const
      app = await startApp({
        authenticate: ({ headers }) => ({ tenant: String(headers['x-org'] ?? 'a') }),
        resources: mappedResources(
          { pool },
          {
            User: {
              table: 'accounts',
              scope,
              attributes: {
                id: 'id',
                userName: 'email',
                externalId: 'external_id',
                nickName: 'nick',
                emails: { table: 'emails', on: { account_id: 'id' }, attributes: { value: 'address' } },
                '*': { json: 'scim' },
              },
            },
            Group: {
              table: 'teams',
              scope,
              attributes: {
                id: 'id',
                displayName: 'name',
                members: { table: 'members', on: { team_id: 'id' }, references: { User: 'account_id' } },
              },
            },
          },
        ),
      })
    })
    afterAll(async () => {
      await app?.close()
      await pool?.end()
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.end()
    })

    const find = async (org: string, path: string, filter: string): Promise<readonly string[]> => {
      const { status, body } = await app.scim.get(`${path}?filter=${encodeURIComponent(filter)}`, {
        headers: { 'X-Org': org },
      })
      expect({ filter, status }).toEqual({ filter, status: 200 })
      return body.Resources.map(({ id }: { id: string }) => id)
    }

    test.each(SPELLINGS)('%j is found by what was sent, and by its other normal form', async (text) => {
      const org = randomBytes(4).toString('hex')
      const headers = { 'X-Org': org }
      const user = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: text,
        externalId: text,
        nickName: text,
        title: text,
        profileUrl: `https://x/${encodeURIComponent(text)}/I`,
        emails: [{ value: text }],
        addresses: [{ type: 'work', locality: text }],
      }
      const made = await app.scim.post('/Users', user, { headers })
      expect(made.status).toBe(201)
      const { id } = made.body
      const team = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: text,
        members: [{ value: id }],
      }
      const group = (await app.scim.post('/Groups', team, { headers })).body.id
      const [composed, decomposed] = [text.normalize('NFC'), text.normalize('NFD')]
      // A stored text that is in no normal form is found only as it is.
      const others = text === composed || text === decomposed ? [composed, decomposed] : []
      for (const literal of new Set([text, ...others].map((one) => JSON.stringify(one)))) {
        for (const filter of [
          `userName eq ${literal}`,
          `userName sw ${literal}`,
          `externalId eq ${literal}`,
          `nickName eq ${literal}`,
          `title eq ${literal}`,
          `title co ${literal}`,
          `title ew ${literal}`,
          `emails.value eq ${literal}`,
          `addresses.locality eq ${literal}`,
          `userName eq "nobody" or not (userName ne ${literal})`,
        ]) {
          expect({ filter, found: await find(org, '/Users', filter) }).toEqual({ filter, found: [id] })
        }
        expect(await find(org, '/Users', `userName ne ${literal} or title ne ${literal}`)).toEqual([])
        expect(await find(org, '/Groups', `displayName eq ${literal}`)).toEqual([group])
      }
      expect(await find(org, '/Users', `profileUrl eq ${JSON.stringify(user.profileUrl)}`)).toEqual([id])
      expect(await find(org, '/Users', `groups.value eq "${group}"`)).toEqual([id])
      expect(await find(org, '/Groups', `members.value eq "${id}"`)).toEqual([group])
      // A look-up and a creation must agree.
      expect((await app.scim.post('/Users', user, { headers })).status).toBe(409)
    })

    test('wildcards are letters', async () => {
      const headers = { 'X-Org': 'wild' }
      const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] }
      await app.scim.post('/Users', { ...user, userName: 'Ixxy@x', title: 'IxxY' }, { headers })
      for (const filter of ['userName sw "I%"', 'userName co "I_x"', 'title ew "I__y"', 'title co "\\\\I"']) {
        expect({ filter, found: await find('wild', '/Users', filter) }).toEqual({ filter, found: [] })
      }
    })
  },
)
