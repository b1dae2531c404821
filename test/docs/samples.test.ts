// Outputs on the pages of the documentation, against the outputs of the library.
import { inspect } from 'node:util'
import express from 'express'
import { bearer, type ScimRouter, scimRouter } from '../../src/index.js'
import { explain, type Journal, journal, memoryLog } from '../../src/journal/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { type App, serve } from '../support/app.js'
import { lasting, sample } from './sample.js'

const BABS = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'babs@example.com' }

let app: App
let scim: ScimRouter
let log: Journal
let told: unknown[]

beforeEach(async () => {
  told = []
  log = journal({ store: memoryLog(), secret: 'a secret of the samples that is long enough' })
  const { users, groups } = memoryAdapters()
  scim = scimRouter({
    authenticate: bearer(() => ({ tenant: 'acme', subject: 'okta' })),
    resources: { User: { adapter: users }, Group: { adapter: groups } },
    on: [log, { 'user.deactivated': (event) => void told.push(event) }],
  })
  app = await serve(express().use('/scim/v2', scim))
})
afterEach(() => app.close())

test('the answer to the first request of getting-started.md', async () => {
  const { status, body } = await app.scim.post('/Users', BABS)
  expect(status).toBe(201)
  expect(lasting(`${JSON.stringify(body)}\n`)).toBe(
    lasting(`${JSON.stringify(JSON.parse(sample('getting-started.md', 'user')))}\n`),
  )
})

test('the event of events.md', async () => {
  const { body } = await app.scim.post('/Users', { ...BABS, title: 'Chief' })
  const Operations = [{ op: 'replace', path: 'active', value: false }]
  await app.scim.patch(`/Users/${body.id}`, { schemas: [PATCH_OP], Operations })
  await scim.settled()
  expect(told).toHaveLength(1)
  expect(lasting(`${inspect(told[0], { depth: 3 })}\n`)).toBe(lasting(sample('events.md', 'event')))
})

test('the entry of journal.md, and its explanation', async () => {
  await app.scim.post('/Users', BABS)
  await app.scim.post('/Users', BABS)
  // Hooks are called after the answer.
  await scim.settled()
  await log.flush()
  const { entries } = await log.page({ tenant: 'acme', status: { min: 400, max: 499 } })
  expect(entries).toHaveLength(1)
  const printed = inspect(entries[0]).replace(/userAgent: .*,/, "userAgent: 'node',")
  expect(lasting(`${printed}\n`)).toBe(lasting(sample('journal.md', 'entry')))
  const { sentence, hint } = explain(entries[0] as never)
  expect(`${sentence} ${hint}`).toMatch(/^There is another User with the same userName\. If it is the same person, /)
})
