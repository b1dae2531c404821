import { sample } from '../docs/sample.js'
import { runs } from '../support/length.js'
import { env, simulated } from './simulated.js'
import { express } from './terminal.js'
import type { Wrong } from './wrong-server.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const here = simulated()
const { simulate, totals, wrong } = here
const days = ['--days', String(runs(20, 70))]

test('a company lives through a bad connection, and nobody else is touched', async () => {
  await here.app.scim.post('/Users', { schemas: [USER], userName: 'a-real-person' })
  const { code, out } = await simulate('entra', here.app.base, [...days, '--fault', 'lost,duplicate,forget'])
  expect(out).toContain('The server has exactly the people, groups and members of the company.')
  expect(code).toBe(0)
  expect(await totals()).toEqual([1, 0])
})

test('the output is that of docs/cli.md, which has other times', async () => {
  const { out } = await simulate('entra', here.app.base, ['--people', '30', '--days', '14', '--synchronise', '60'])
  const lasting = (text: string) => text.replace(/in [\d.]+ s, \d+ a second/, 'in <time>')
  expect(lasting(out)).toBe(lasting(sample('cli.md', 'simulate')))
})

test('a server that empties a group has differences', async () => {
  const url = await wrong({
    request: ({ method, body }) => {
      if (method !== 'PATCH') return
      for (const operation of body.Operations) if (operation.op === 'Remove') delete operation.value
    },
  })
  const { code, out } = await simulate('entra', url, ['--people', '60', '--days', '12'])
  expect(out).toMatch(/Group \d+ lacks \d+ of \d+ members/)
  expect(code).toBe(1)
})

test('429 and 503 are waited for', async () => {
  let number = 0
  const url = await wrong({
    request: () => {
      number += 1
      if (number % 20 !== 0) return undefined
      return { status: number % 40 === 0 ? 429 : 503, headers: { 'retry-after': '0' }, body: undefined }
    },
  })
  const { code, out } = await simulate('entra', url, [...days, '--json'])
  const { waits, differences } = JSON.parse(out)
  expect([code, differences]).toEqual([0, []])
  expect(waits).toBeGreaterThan(3)
})

test('it asks first, and knows its providers', async () => {
  expect(await express(['simulate', 'entra', here.app.base], { env, answer: 'n' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('This creates about 200 users'),
  })
  expect(await express(['simulate', 'entra', here.app.base], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('add --yes'),
  })
  expect(await totals()).toEqual([0, 0])
  expect(await express(['simulate', 'entre', here.app.base], { env })).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean entra?'),
  })
  expect(await simulate('entra', here.app.base, ['--people', '0'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--people must be a whole number'),
  })
  expect(await simulate('entra', here.app.base, ['--fault', 'fire'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--fault must be one of lost, duplicate, forget'),
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
  const { code, out } = await simulate('entra', url, [], {
    interrupt: (callback) => {
      press = () => void callback()
    },
  })
  expect([code, await totals()]).toEqual([2, [0, 0]])
  expect(out).toContain('The simulation was ended early, so nothing was compared.')
  expect(out).not.toContain('exactly')
})

describe('what was created is deleted', () => {
  const deletes = (requests: readonly string[]): number => requests.filter((one) => one.startsWith('DELETE')).length
  const watched = async (how: Wrong): Promise<{ url: string; requests: string[] }> => {
    const requests: string[] = []
    const url = await wrong({
      ...how,
      request: (request) => {
        requests.push(`${request.method} ${request.path}`)
        return how.request?.(request)
      },
    })
    return { url, requests }
  }
  const few = ['--people', '25', '--days', '0']

  test('by bulk where the server has it', async () => {
    const { url, requests } = await watched({})
    expect(await simulate('entra', url, few)).toMatchObject({ code: 0 })
    expect([deletes(requests), requests.filter((one) => one === 'POST /Bulk').length]).toEqual([0, 1])
    expect(await totals()).toEqual([0, 0])
  })

  test('in as many requests as the server wants', async () => {
    const { url, requests } = await watched({
      answer: ({ body }, { path }) => {
        if (path === '/ServiceProviderConfig') body.bulk.maxOperations = 10
      },
    })
    expect(await simulate('entra', url, few)).toMatchObject({ code: 0 })
    expect([deletes(requests), requests.filter((one) => one === 'POST /Bulk').length]).toEqual([0, 4])
    expect(await totals()).toEqual([0, 0])
  })

  const refused = { status: 501, headers: {}, body: { detail: 'no' } }
  test.each<[string, Wrong]>([
    [
      'one by one where it has none',
      { answer: ({ body }, { path }) => void (path === '/ServiceProviderConfig' && delete body.bulk) },
    ],
    ['one by one where bulk is refused', { request: ({ path }) => (path === '/Bulk' ? refused : undefined) }],
    [
      'one by one where it tells nothing of itself',
      { request: ({ path }) => (path === '/ServiceProviderConfig' ? refused : undefined) },
    ],
    [
      'again where an operation failed',
      {
        request: ({ path, body }) => {
          if (path === '/Bulk') body.Operations[3].path = '/Nowhere/1'
        },
        answer: ({ body }, { path }) => {
          if (path === '/Bulk') body.Operations[3].status = '500'
        },
      },
    ],
  ])('%s', async (_name, how) => {
    const { url, requests } = await watched(how)
    expect(await simulate('entra', url, few)).toMatchObject({ code: 0 })
    expect(deletes(requests)).toBeGreaterThan(0)
    expect(await totals()).toEqual([0, 0])
  })

  test('and what is left is counted', async () => {
    const { url } = await watched({
      request: ({ path, method }) => (path === '/Bulk' || method === 'DELETE' ? refused : undefined),
    })
    const { code, out } = await simulate('entra', url, few)
    expect([code, out]).toEqual([2, expect.stringMatching(/36 resources could not be deleted/)])
  })
})
