import { join } from 'node:path'
import { scimClient } from '../support/client.js'
import { runs } from '../support/length.js'
import { type ServerProcess, startServer } from '../support/process.js'
import { CORPUS } from './hostile/corpus.js'
import { exchange, type HostileRequest } from './hostile/exchange.js'
import { complaint } from './hostile/judge.js'
import { randomOf } from './hostile/random.js'
import { hostileRequest, type Known } from './hostile/requests.js'

/** `npm run hostile` sends more. */
const INPUTS = Number(process.env['HOSTILE_INPUTS'] ?? runs(600, 2_000))
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_240_501)
const LANES = 8
const MEBIBYTE = 1 << 20

jest.setTimeout(60_000 + INPUTS * 20)

describe('hostile input', () => {
  let server: ServerProcess
  let known: Known

  beforeAll(async () => {
    server = await startServer(join(__dirname, 'hostile/server.js'), {
      NODE_OPTIONS: '--expose-gc --max-old-space-size=256',
    })
    known = await populate(server.base)
  })
  afterAll(() => server?.stop('SIGKILL'))

  test(`${INPUTS} generated requests get a SCIM error or a right answer, and refused ones write nothing`, async () => {
    const before = await control(server.base)
    const complaints: string[] = []
    const tally = new Map<string, number>()
    let sent = 0
    const lane = async (first: number): Promise<void> => {
      for (let index = first; index < INPUTS && complaints.length < 20; index += LANES) {
        const random = randomOf(SEED + index * 7_919)
        const request = hostileRequest(random, known)
        const told = await exchange(server.base, request).then(
          (answer) => {
            const name = String(answer?.status ?? 'closed')
            tally.set(name, (tally.get(name) ?? 0) + 1)
            return complaint(request, answer)
          },
          (error: Error) => error.message,
        )
        if (told !== undefined) complaints.push(`#${index} ${describeRequest(request)}\n  ${told}`)
        sent += 1
        if (process.env['HOSTILE_INPUTS'] && sent % 1_000 === 0) process.stderr.write(`\r${sent} of ${INPUTS}`)
      }
    }
    await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)))
    expect(complaints).toEqual([])
    // The requests get everywhere: some are refused at the door, some are harmless, and some go further.
    const statuses = ['200', '201', '204', '400', '401', '404', '405', '409', '413', '415', 'closed']
    // One request in a thousand.
    if (INPUTS >= 2_000) statuses.push('412')
    expect(statuses.filter((status) => !tally.has(status))).toEqual([])
    const after = await control(server.base)
    // No request of a client may count as a fault of the server.
    expect(after.failures).toEqual([])
    expect(after.polluted).toEqual([])
    // No write came behind a refusal, or from half a body.
    expect(after.unlawful).toEqual([])
    // Resources that were stored on the way stay; 50,000 requests store a few thousand resources.
    expect(after.heapUsed - before.heapUsed).toBeLessThan(100 * MEBIBYTE)
    if (process.env['HOSTILE_INPUTS'])
      process.stderr.write(`\n${JSON.stringify({ tally: Object.fromEntries(tally), before, after }, undefined, 1)}\n`)
  })

  test.each(CORPUS)('$title', async ({ request, status }) => {
    const answer = await exchange(server.base, request)
    expect(complaint(request, answer)).toBeUndefined()
    expect([status].flat()).toContain(answer?.status ?? 'closed')
  })

  test('the service works as before', async () => {
    const scim = scimClient(server.base, 'hostile-token')
    for (const id of known.users) expect((await scim.get(`/Users/${id}`)).body.id).toBe(id)
    const { body } = await scim.get('/Users?count=1')
    expect(body.totalResults).toBeGreaterThanOrEqual(known.users.length)
    const { failures, polluted, unlawful } = await control(server.base)
    expect({ failures, polluted, unlawful }).toEqual({ failures: [], polluted: [], unlawful: [] })
  })
})

async function populate(base: string): Promise<Known> {
  const scim = scimClient(base, 'hostile-token')
  const users: string[] = []
  for (const number of [1, 2, 3, 4, 5]) {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
    users.push((await scim.post('/Users', { schemas, userName: `known-${number}`, title: 'known' })).body.id)
  }
  const groups: string[] = []
  for (const number of [1, 2, 3]) {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group']
    groups.push(
      (await scim.post('/Groups', { schemas, displayName: `known-${number}`, members: [{ value: users[0] }] })).body.id,
    )
  }
  const cursors = [
    (await scim.get('/Users?count=1&cursor')).body.nextCursor,
    (await scim.get('/Groups?count=2&cursor')).body.nextCursor,
  ]
  return { users, groups, cursors }
}

interface Control {
  readonly failures: readonly string[]
  readonly polluted: readonly string[]
  readonly unlawful: readonly string[]
  readonly heapUsed: number
  readonly rss: number
  readonly slowest: number
}

async function control(base: string): Promise<Control> {
  const response = await fetch(new URL('/control', base))
  return (await response.json()) as Control
}

function describeRequest({ kind, method, target, headers, body, framing }: HostileRequest): string {
  const head = `${kind}: ${method} ${target.slice(0, 300)} [${String(framing)}] ${headers.join(' | ').slice(0, 300)}`
  return body ? `${head}\n  ${body.toString('utf8').slice(0, 600)}` : head
}
