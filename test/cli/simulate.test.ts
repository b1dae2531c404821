import { memoryAdapters } from '../../src/memory/index.js'
import { type App, startApp, TOKEN } from '../support/app.js'
import { type Ended, express, type Terminal } from './terminal.js'
import { startWrong, type Wrong } from './wrong-server.js'

const env = { SCIM_TOKEN: TOKEN }
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'

let app: App
const closers: (() => Promise<void>)[] = []
beforeEach(async () => {
  const { users, groups } = memoryAdapters()
  app = await startApp({ resources: { User: { adapter: users }, Group: { adapter: groups } } })
})
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
  await app.close()
})

async function wrong(how: Wrong): Promise<string> {
  const server = await startWrong(app.base, how)
  closers.push(server.close)
  return server.url
}

function simulate(id: string, url: string, line: readonly string[] = [], terminal: Terminal = {}): Promise<Ended> {
  const small = ['--people', '25', '--days', '70', '--synchronise', '30']
  return express(['simulate', id, url, '--yes', ...small, ...line], { env, ...terminal })
}

async function totals(): Promise<readonly number[]> {
  const read = async (path: string) => (await app.scim.get(`${path}?count=0`)).body.totalResults
  return [await read('/Users'), await read('/Groups')]
}

test('a company lives through a bad connection, and nobody else is touched', async () => {
  await app.scim.post('/Users', { schemas: [USER], userName: 'a-real-person' })
  const { code, out } = await simulate('entra', app.base, ['--fault', 'lost,duplicate,forget'])
  expect(out).toContain('The server has exactly what the company has.')
  expect(code).toBe(0)
  expect(await totals()).toEqual([1, 0])
})

test('a server that empties a group has differences', async () => {
  const url = await wrong({
    request: ({ method, body }) => {
      if (method !== 'PATCH') return
      for (const operation of body.Operations) if (operation.op === 'Remove') delete operation.value
    },
  })
  const { code, out } = await simulate('entra', url, ['--people', '60'])
  expect(out).toMatch(/Group \d+ lacks \d+ of \d+ members/)
  expect(code).toBe(1)
})

test('429 and 503 are waited for', async () => {
  let number = 0
  const url = await wrong({
    request: () => {
      number += 1
      if (number % 40 !== 0) return undefined
      return { status: number % 80 === 0 ? 429 : 503, headers: { 'retry-after': '0' }, body: undefined }
    },
  })
  const { code, out } = await simulate('entra', url, ['--json'])
  const { waits, differences } = JSON.parse(out)
  expect([code, differences]).toEqual([0, []])
  expect(waits).toBeGreaterThan(3)
})

test('it asks first, and knows its providers', async () => {
  expect(await express(['simulate', 'entra', app.base], { env, answer: 'n' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('This creates about 200 users'),
  })
  expect(await express(['simulate', 'entra', app.base], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('add --yes'),
  })
  expect(await totals()).toEqual([0, 0])
  expect(await express(['simulate', 'entre', app.base], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean entra?'),
  })
  expect(await simulate('entra', app.base, ['--people', '0'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--people must be a whole number'),
  })
  expect(await simulate('entra', app.base, ['--fault', 'fire'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--fault knows lost, duplicate, forget'),
  })
})

test('Ctrl-C ends it, and what was created is deleted', async () => {
  let press = (): void => undefined
  let posts = 0
  const url = await wrong({
    request: ({ method }) => {
      if (method !== 'POST') return
      posts += 1
      if (posts === 20) press()
    },
  })
  const { code } = await simulate('entra', url, [], {
    interrupt: (callback) => {
      press = () => void callback()
    },
  })
  expect([code, await totals()]).toEqual([2, [0, 0]])
})
