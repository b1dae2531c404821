import { profiles } from '../../src/cli/simulate/profile.js'
import { simulated } from '../cli/simulated.js'
import type { Passing, Wrong } from '../cli/wrong-server.js'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const here = simulated()
const { simulate, totals, wrong } = here

test.each(profiles)('$name: the server has exactly what the company has, and is left as it was', async ({ id }) => {
  await here.app.scim.post('/Users', { schemas: [USER], userName: 'a-real-person' })
  const { code, out } = await simulate(id, here.app.base)
  expect(out).toContain('The server has exactly the people, groups and members of the company.')
  expect(code).toBe(0)
  expect(await totals()).toEqual([1, 0])
})

test.each(['lost', 'duplicate', 'forget', 'lost,duplicate,forget'])(
  'with the fault %s nobody is missing and nobody is there twice',
  async (fault) => {
    for (const id of ['entra', 'okta-custom']) {
      const { code, out } = await simulate(id, here.app.base, ['--fault', fault])
      expect(out).toContain('The server has exactly the people, groups and members of the company.')
      expect(code).toBe(0)
    }
  },
)

test('the same seed sends the same, another seed something else', async () => {
  const sent = async (seed: string): Promise<string> => {
    const seen: string[] = []
    const url = await wrong({
      request: ({ method, path, body }) => void seen.push(`${method} ${path} ${JSON.stringify(body)}`),
    })
    await simulate('okta-catalog', url, ['--seed', seed, '--concurrency', '1', '--days', '20'])
    return seen.join('\n').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
  }
  const first = await sent('5')
  expect(await sent('5')).toBe(first)
  expect((await sent('6')).replaceAll('simulate-6', 'simulate-5')).not.toBe(first)
})

describe('a server that is wrong has differences', () => {
  const operations = ({ method, body }: Passing): any[] => (method === 'PATCH' ? (body?.Operations ?? []) : [])
  const faults: readonly (readonly [string, string, Wrong, RegExp])[] = [
    [
      'members are never removed',
      'okta-catalog',
      {
        request: (request) => {
          if (operations(request).some(({ op }) => op === 'remove'))
            request.body.Operations = request.body.Operations.filter(({ op }: any) => op !== 'remove')
          return operations(request).length > 0 || request.method !== 'PATCH'
            ? undefined
            : { status: 204, headers: {}, body: undefined }
        },
      },
      /members too many/,
    ],
    [
      'a value list empties the group',
      'entra',
      {
        request: (request) => {
          for (const operation of operations(request)) if (operation.op === 'Remove') delete operation.value
        },
      },
      /Group \d+ lacks \d+ of \d+ members/,
    ],
    [
      'leavers stay active',
      'jumpcloud',
      {
        request: ({ method, body }) => {
          if (method === 'PUT' && body?.active === false) body.active = true
        },
      },
      /active of user \d+ is true, must be false/,
    ],
    [
      'DELETE does nothing',
      'onelogin',
      { request: ({ method }) => (method === 'DELETE' ? { status: 204, headers: {}, body: undefined } : undefined) },
      /must not be there any more/,
    ],
    [
      'names do not change',
      'entra',
      {
        request: (request) => {
          if (request.method === 'PATCH')
            request.body.Operations = operations(request).filter(({ path }) => path !== 'userName')
          if (request.method === 'PATCH' && request.body.Operations.length === 0)
            return { status: 204, headers: {}, body: undefined }
          return undefined
        },
      },
      /userName of user \d+ is/,
    ],
  ]
  test.each(faults)('%s (%s)', async (_name, id, how, words) => {
    const { code, out } = await simulate(id, await wrong(how), ['--days', '120', '--people', '150', '--keep'])
    expect(out).toMatch(words)
    expect(code).toBe(1)
  })

  test('and so are requests that it refuses', async () => {
    const url = await wrong({
      request: ({ method, path }) =>
        method === 'POST' && path === '/Groups' ? { status: 500, headers: {}, body: { detail: 'wrong' } } : undefined,
    })
    const { code, out } = await simulate('pingone', url, ['--days', '3'])
    expect(out).toMatch(/\d+ requests were refused:\n {2}POST \/Groups is answered with 500/)
    expect(code).toBe(1)
  })
})
