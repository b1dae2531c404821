import { format } from 'node:util'
import createDebug from 'debug'
import express from 'express'
import { bearer, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { bulkOf } from '../rfc7644/bulk-service.js'
import { closedAfterEach, expectError, memoryOptions, user } from '../rfc7644/service.js'
import { serve, startApp, TOKEN } from '../support/app.js'
import { sendRaw } from '../support/raw.js'

const closed = closedAfterEach()
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

function host(before: readonly any[] = [], options: object = {}) {
  const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions(), ...options } as ScimRouterOptions)
  const app = express().set('trust proxy', true)
  for (const each of before) app.use(each)
  return closed(serve(app.use('/scim/v2', scim, scim.errors)))
}

test('names of attributes that a client sends make no line of a log, and no escape', async () => {
  const lines: string[] = []
  const log = jest.spyOn(createDebug, 'log').mockImplementation((...line: unknown[]) => lines.push(format(...line)))
  createDebug.enable('scim:compat')
  try {
    const { scim } = await closed(startApp({ ...memoryOptions(), compatibility: 'tolerant' }))
    const name = 'evil\nscim:error FAKE\r\u001b[31m\u2028\u009b Ünï 😀'
    expect((await scim.post('/Users', user('ann', { [name]: 1 }))).status).toBe(201)
  } finally {
    createDebug.disable()
    log.mockRestore()
  }
  const line = lines.find((one) => one.includes('unknownAttribute'))
  expect(line).toContain('evil\\u000ascim:error FAKE\\u000d\\u001b[31m\\u2028\\u009b Ünï 😀')
  expect(lines.filter((one) => /^scim:error/m.test(one))).toEqual([])
})

test.each(['evil://attacker/?', 'javascript', 'ftp', ''])('X-Forwarded-Proto %j is not heeded', async (protocol) => {
  const app = await host()
  const sent = { ...headers, 'x-forwarded-proto': protocol }
  const { status, body } = await sendRaw(app.base, {
    method: 'POST',
    path: '/scim/v2/Users',
    headers: sent,
    body: JSON.stringify(user('ann')),
  })
  expect([status, body.meta.location]).toEqual([201, expect.stringMatching(/^http:\/\/127\.0\.0\.1/)])
  const secure = await sendRaw(app.base, {
    path: `/scim/v2/Users/${body.id}`,
    headers: { ...headers, 'x-forwarded-proto': 'https' },
  })
  expect(secure.body.meta.location).toMatch(/^https:/)
})

test('a deep body in chunks behind express.json() is 400', async () => {
  // The router's own limit of depth would refuse it before its length is looked at.
  const app = await host([express.json({ limit: '1mb' })], { limits: { jsonDepth: 100_000 } })
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  const answer = await sendRaw(app.base, {
    method: 'POST',
    path: '/scim/v2/Users',
    headers,
    body: [deep.slice(0, 9_000), deep.slice(9_000)],
  })
  // Node 26 writes any depth as JSON, so there the length can be looked at, and then the value is wrong.
  const isWritten = canWrite(JSON.parse(deep))
  expectError({ ...answer, headers: answer.headers }, 400, isWritten ? 'invalidValue' : 'invalidSyntax')
})

test('the result of a bulk operation repeats no long method or bulkId', async () => {
  const app = await closed(startApp(memoryOptions()))
  const long = 'x'.repeat(100_000)
  const { text } = await app.scim.post(
    '/Bulk',
    bulkOf([{ method: long, bulkId: long, path: '/Users', data: user('ann') }]),
  )
  expect(text.length).toBeLessThan(3_000)
})

function canWrite(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}
