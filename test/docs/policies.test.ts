import { randomBytes } from 'node:crypto'
import { transformSync } from '@swc/core'
import express from 'express'
import pg from 'pg'
import * as library from '../../src/index.js'
import * as memory from '../../src/memory/index.js'
import * as postgres from '../../src/postgres/index.js'
import { createUsers, group, user } from '../rfc7644/service.js'
import { type App, serve } from '../support/app.js'
import { detailOf } from '../support/client.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'
import { TOKEN } from '../support/token.js'
import { codeBlocks } from './code-blocks.js'

const blocks = codeBlocks('docs/policies.md').filter(({ language }) => language === 'ts')

/** Runs a block of the page as it stands, and serves the router that it makes. */
async function appOf(mark: string, modules: Readonly<Record<string, unknown>> = {}) {
  const found = blocks.filter(({ code }) => code.includes(mark))
  expect(found).toHaveLength(1)
  const { code } = transformSync(found[0]?.code ?? '', {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const exported = {} as { scim: library.ScimRouter; refused: string[] }
  const known = {
    'express-scim': library,
    'express-scim/memory': memory,
    'express-scim/postgres': postgres,
    ...modules,
  }
  const load = (name: string): unknown => (known as Record<string, unknown>)[name]
  const host = Object.assign(Object.create(process), { env: { SCIM_TOKEN: TOKEN } })
  new Function('require', 'exports', 'process', code)(load, exported, host)
  const app: App = await serve(express().use('/scim/v2', exported.scim))
  return { ...app, exported }
}

const replacing = (path: string, value: unknown) => ({ Operations: [{ op: 'replace', path, value }] })

test('each block of the page is run here', () => {
  expect(blocks).toHaveLength(5)
})

test('the first rule refuses a title', async () => {
  const { scim } = await appOf("'Owner'")
  const [{ id }] = await createUsers(scim, user('a', { title: 'Chief' }))
  const answer = await scim.patch(`/Users/${id}`, replacing('title', 'Owner'))
  expect([answer.status, detailOf(answer.body)]).toEqual([403, 'The title Owner is given in the application.'])
})

test('domains: names and addresses of others are refused, people who are there can be deactivated', async () => {
  const { scim } = await appOf('domains')
  const [{ id }] = await createUsers(scim, user('a@acme.example', { emails: [{ value: 'a@acme.co.example' }] }))
  expect((await scim.post('/Users', user('b@ACME.example'))).status).toBe(201)
  expect((await scim.post('/Users', user('a@acme.example.evil.example'))).body).toMatchObject({
    scimType: 'invalidValue',
  })
  expect((await scim.patch(`/Users/${id}`, replacing('userName', 'b@other.example'))).status).toBe(400)
  const other = [{ value: 'a@other.example' }]
  expect((await scim.put(`/Users/${id}`, user('a@acme.example', { emails: other }))).status).toBe(400)
  expect((await scim.patch(`/Users/${id}`, replacing('active', false))).status).toBe(200)
  expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
})

describe('seats', () => {
  const database = testDatabase()

  test('are taken in the transaction of the write, one by one', async () => {
    const schema = `seats_${randomBytes(4).toString('hex')}`
    await database.pool.query(`CREATE SCHEMA ${schema}`)
    // The page has its tables where the connection looks for them.
    class Pool extends pg.Pool {
      constructor() {
        super({ ...database.pool.options, options: `-c search_path=${schema}` })
      }
    }
    const pool = new Pool()
    try {
      await pool.query('CREATE TABLE plan (tenant text PRIMARY KEY, seats int, taken int)')
      await pool.query("INSERT INTO plan VALUES ('acme', 2, 0)")
      const adapters = postgres.postgresAdapters({ pool, schema })
      await adapters.migrate()
      const { scim } = await appOf('FOR UPDATE', {
        pg: {
          default: {
            Pool: class {
              readonly query = pool.query.bind(pool)
            },
          },
          __esModule: true,
        },
        'express-scim/postgres': { postgresAdapters: () => adapters },
      })
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => scim.post('/Users', user(name, { active: true }))),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 403, 403])
      const inactive = await scim.post('/Users', user('e', { active: false }))
      expect(inactive.status).toBe(201)
      const refused = await scim.patch(`/Users/${inactive.body.id}`, replacing('active', true))
      expect(detailOf(refused.body)).toMatch(/^All seats of the plan are taken/)
      expect((await pool.query('SELECT taken FROM plan')).rows).toEqual([{ taken: 2 }])
    } finally {
      await pool.end()
      await database.pool.query(`DROP SCHEMA ${schema} CASCADE`)
    }
  })
})

test('the last administrator stays, also when two requests come at one time', async () => {
  const { scim } = await appOf('lastAdministrator')
  const people = await createUsers(scim, user('a'), user('b'))
  const { body } = await scim.post('/Groups', group('Administrators', ...people.map(({ id }) => id)))
  const leave = (id: string) =>
    scim.patch(`/Groups/${body.id}`, { Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }] })
  const answers = await Promise.all(people.map(({ id }) => leave(id)))
  expect(answers.map(({ status }) => status < 300).sort()).toEqual([false, true])
  expect(answers.find(({ status }) => status === 409)?.body.detail).toMatch(/^The group Administrators must keep/)
  expect((await scim.patch(`/Groups/${body.id}`, replacing('displayName', 'Others'))).status).toBe(409)
  expect((await scim.delete(`/Groups/${body.id}`)).status).toBe(409)
  expect((await scim.get(`/Groups/${body.id}`)).body.members).toHaveLength(1)
})

test('what the administrator reads is the text of the rule, and the report has its code', async () => {
  const { scim, exported } = await appOf('keepPeople')
  const [{ id }] = await createUsers(scim, user('a'))
  const { status, body, headers } = await scim.delete(`/Users/${id}`)
  expect([status, detailOf(body)]).toEqual([403, 'People are deactivated, not deleted. Set "active" to false.'])
  await hooksCalled()
  expect(exported.refused).toEqual([`403 keepPeople ${headers.get('x-request-id')}`])
})
