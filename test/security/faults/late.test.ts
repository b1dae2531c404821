import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expectError } from '../../rfc7644/service.js'
import { TOKEN } from '../../support/app.js'
import { CALLBACKS, type Callback, type Faulty, faultyService, REQUESTS } from './service.js'

// Time enough for a busy machine to reach each callback.
const TIME = 250
const hasPatch = true

/** For late work of a callback: it waits until the test has the answers, and not for a time. */
function sign(): { readonly answered: Promise<void>; readonly tell: () => void } {
  let tell = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    tell = resolve
  })
  return { answered, tell }
}

describe('an adapter that', () => {
  let faulty: Faulty
  const rejections: unknown[] = []
  const onRejection = (reason: unknown): void => void rejections.push(reason)

  beforeAll(async () => {
    process.on('unhandledRejection', onRejection)
    faulty = await faultyService({ limits: { requestTime: TIME } }, hasPatch)
  })
  afterEach(() => {
    faulty.repair()
    faulty.told.length = 0
    expect(rejections).toEqual([])
  })
  afterAll(async () => {
    process.off('unhandledRejection', onRejection)
    await faulty.app.close()
  })

  const requests = REQUESTS.filter(([title]) => title !== 'GET list by cursor')

  test('hangs: 503 with Retry-After, and the signal aborts', async () => {
    const signals: AbortSignal[] = []
    for (const callback of CALLBACKS) {
      faulty.breakCallback(callback, (_work, { signal }) => {
        signals.push(signal)
        return new Promise(() => undefined)
      })
    }
    for (const answer of await Promise.all(requests.map(([, , send]) => send(faulty)))) {
      expectError(answer, 503)
      expect(answer.headers.get('retry-after')).toBe('1')
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual(requests.map(() => true))
    faulty.repair()
    expect((await faulty.scim.get('/Users')).status).toBe(200)
  })

  test.each(['resolves', 'rejects', 'throws garbage'] as const)(
    '%s after the answer has gone out: nobody is told twice',
    async (how) => {
      const late: Promise<unknown>[] = []
      const { answered, tell } = sign()
      for (const callback of CALLBACKS) {
        faulty.breakCallback(callback, () => {
          const settled = answered.then(() => {
            if (how === 'resolves') return { id: 'late', userName: 'late', meta: { version: '1' }, changed: true }
            throw how === 'rejects' ? new Error('late') : undefined
          })
          late.push(settled.catch(() => undefined))
          return settled
        })
      }
      for (const answer of await Promise.all(requests.map(([, , send]) => send(faulty)))) expectError(answer, 503)
      tell()
      await Promise.all(late)
      await delay(5)
      expect(late.length).toBe(requests.length)
      expect(faulty.told.length).toBe(requests.length)
    },
  )

  test('comes too late writes no more: what is behind a late read is not done', async () => {
    const own = await faultyService({ limits: { requestTime: TIME } }, false)
    try {
      const before = await own.stored()
      const done: Callback[] = []
      const { answered, tell } = sign()
      own.breakCallback('get', async (work) => {
        await answered
        done.push('get')
        return work()
      })
      for (const callback of ['create', 'replace', 'delete'] as const) {
        own.breakCallback(callback, (work) => {
          done.push(callback)
          return work()
        })
      }
      const [, , patch] = REQUESTS.find(([title]) => title === 'PATCH') as (typeof REQUESTS)[number]
      expectError(await patch(own), 503)
      tell()
      await delay(TIME)
      expect(done).toEqual(['get'])
      own.repair()
      expect(await own.stored()).toBe(before)
    } finally {
      await own.app.close()
    }
  })
})

describe('a client that goes away', () => {
  let faulty: Faulty
  beforeAll(async () => {
    faulty = await faultyService({}, hasPatch)
  })
  afterAll(() => faulty.app.close())

  test.each(CALLBACKS)('while %s is at work aborts the signal, and is no failure', async (callback) => {
    const requests = RAW[callback](faulty)
    const aborted = new Promise<AbortSignal>((resolve) => {
      faulty.breakCallback(callback, (_work, { signal }) => {
        signal.addEventListener('abort', () => resolve(signal))
        socket.destroy()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      })
    })
    const socket = sendRaw(faulty.app.base, requests)
    const signal = await aborted
    expect(signal.reason.status).toBe(499)
    faulty.repair()
    expect((await faulty.scim.get('/Users')).status).toBe(200)
    expect(faulty.told).toEqual([])
  })

  test('before an adapter looks at the signal finds it aborted', async () => {
    let release: (() => void) | undefined
    const looked = new Promise<boolean>((resolve) => {
      faulty.breakCallback('get', async (_work, call) => {
        await new Promise<void>((go) => {
          release = go
          socket.destroy()
        })
        resolve(call.signal.aborted)
        return undefined
      })
    })
    const socket = sendRaw(faulty.app.base, RAW.get(faulty))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await closed
    // The server hears of it a moment later than the client.
    await delay(50)
    release?.()
    expect(await looked).toBe(true)
    faulty.repair()
  })
})

const USER = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"raw"}'
const PATCH =
  '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"title","value":"x"}]}'

/** A request that reaches each callback. */
const RAW: Readonly<Record<Callback, (faulty: Faulty) => readonly [string, string]>> = {
  create: () => ['POST /scim/v2/Users', USER],
  get: ({ ids }) => [`GET /scim/v2/Users/${ids.user}`, ''],
  list: () => ['GET /scim/v2/Users', ''],
  replace: ({ ids }) => [`PUT /scim/v2/Users/${ids.user}`, USER],
  patch: ({ ids }) => [`PATCH /scim/v2/Users/${ids.user}`, PATCH],
  delete: ({ ids }) => [`DELETE /scim/v2/Users/${ids.user}`, ''],
}

function sendRaw(base: string, [first, body]: readonly [string, string]): Socket {
  const { hostname, port, host } = new URL(base)
  const socket = connect(Number(port), hostname, () => {
    const head = [
      `${first} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${TOKEN}`,
      'Content-Type: application/scim+json',
    ]
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
  return socket.on('error', () => undefined)
}
