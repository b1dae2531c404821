import { type EventHooks, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach } from '../rfc7644/service.js'
import { startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'

const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'a' }
const acme = { tenant: 'acme', actor: 'test' }
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function service(options: Partial<ScimRouterOptions>) {
  const { users } = memoryAdapters()
  return scimRouter({ authenticate: () => null, resources: { User: { adapter: users } }, ...options })
}
const create = (scim: ReturnType<typeof service>) =>
  scim.as(acme).request({ method: 'POST', path: '/Users', body: user })

describe('the option on as a list', () => {
  test('all hooks of an event are called, in the order of the list, and none waits for another', async () => {
    const order: string[] = []
    const hook = (name: string, ms: number) => async () => {
      order.push(`${name} begins`)
      await later(ms)
      order.push(`${name} ends`)
    }
    const scim = service({ on: [{ 'user.created': hook('one', 20) }, { 'user.created': hook('two', 0) }] })
    await create(scim)
    await scim.settled()
    expect(order).toEqual(['one begins', 'two begins', 'two ends', 'one ends'])
  })

  test('a hook that throws takes nothing from the others, and every on.error is told of it', async () => {
    const errors: unknown[][] = [[], []]
    const told = jest.fn()
    const scim = service({
      on: [
        {
          'user.created': () => {
            throw new Error('lost')
          },
          error: ({ error }) => errors[0]?.push(error),
        },
        { 'user.created': told, error: ({ error }) => errors[1]?.push(error) },
      ],
    })
    await create(scim)
    await scim.settled()
    expect(told).toHaveBeenCalledTimes(1)
    expect(errors).toEqual([[new Error('lost')], [new Error('lost')]])
  })

  test('an object that brings its hooks is a listener as it stands', async () => {
    class Log {
      readonly lines: string[] = []
      readonly hooks: EventHooks = { request: ({ method, path }) => this.lines.push(`${method} ${path}`) }
    }
    const log = new Log()
    const scim = service({ on: [log] })
    await create(scim)
    await scim.settled()
    expect(log.lines).toEqual(['POST /Users'])
  })

  test('a mistake names its place in the list', () => {
    expect(() => service({ on: [{}, { 'user.deactivatd': () => {} } as never] })).toThrow(
      /Unknown event "user\.deactivatd" in option on\[1\]\. Did you mean "user\.deactivated"\?/,
    )
    expect(() => service({ on: [{ request: 7 as never }] })).toThrow(/on\[0\]\["request"\] must be a function/)
    expect(() => service({ on: [null as never] })).toThrow(/on\[0\] must be an object/)
  })
})

describe('when hooks run', () => {
  const closed = closedAfterEach()

  test('after the answer, however long the request has paused before it', async () => {
    const order: string[] = []
    const { users } = memoryAdapters()
    // The write is long: other requests have their turn before the answer is written.
    const create = async (...args: Parameters<typeof users.create>) => {
      const end = performance.now() + 20
      while (performance.now() < end);
      return users.create(...args)
    }
    const scim = service({
      resources: { User: { adapter: { ...users, create } } },
      on: { 'user.created': () => order.push('event'), request: () => order.push('request') },
    })
    await scim
      .as(acme)
      .request({ method: 'POST', path: '/Users', body: user })
      .then(() => order.push('answer'))
    await scim.settled()
    expect(order).toEqual(['answer', 'event', 'request'])
  })

  test('on.request gets the request of the host beside the report, and never in it', async () => {
    const { users } = memoryAdapters()
    const hook = jest.fn()
    const on = { request: hook }
    const app = await closed(startApp({ resources: { User: { adapter: users } }, on }))
    await app.scim.post('/Users', user)
    await hooksCalled()
    const [[report, { request }]] = hook.mock.calls
    expect(request).toMatchObject({ method: 'POST', originalUrl: '/scim/v2/Users' })
    expect(Object.values(report)).not.toContain(request)
  })
})

describe('settled', () => {
  test('waits for hooks, and for those of requests that hooks make', async () => {
    const done: string[] = []
    const scim: ReturnType<typeof service> = service({
      on: {
        'user.created': async ({ resource }) => {
          await later(5)
          if (resource?.userName === 'a') {
            await scim.as(acme).request({ method: 'POST', path: '/Users', body: { ...user, userName: 'b' } })
          }
          done.push(String(resource?.userName))
        },
      },
    })
    await create(scim)
    expect(await scim.settled()).toEqual({ pending: 0 })
    expect(done).toEqual(['a', 'b'])
  })

  test.each<[unknown, string]>([
    [{ timout: 5 }, 'Unknown option "timout" of scim.settled. Did you mean "timeout"?'],
    [{ timeout: '5' }, 'must be a whole number of milliseconds from 0 to 2147483647, got string.'],
    [{ timeout: -1 }, 'got -1.'],
    [{ timeout: Number.POSITIVE_INFINITY }, 'got Infinity.'],
    [5, 'scim.settled must be called with an object of options, got number.'],
  ])('settled refuses %j', async (wait, message) => {
    await expect(service({}).settled(wait as never)).rejects.toThrow(message)
  })

  test('says how many are left when the time is over', async () => {
    let end: (() => void) | undefined
    const scim = service({ on: { 'user.created': () => new Promise<void>((resolve) => (end = resolve)) } })
    await create(scim)
    expect(await scim.settled({ timeout: 10 })).toEqual({ pending: 1 })
    end?.()
    expect(await scim.settled()).toEqual({ pending: 0 })
  })
})

test('waitUntil gets the work of the hooks of each event and report, with the request of the host', async () => {
  const work: Promise<void>[] = []
  const requests: unknown[] = []
  const ended: string[] = []
  const scim = service({
    identity: ({ tenant }) => ({ auth: { tenant }, request: { url: 'https://host.example/' } }),
    waitUntil: (promise, { request }) => {
      work.push(promise)
      requests.push(request)
    },
    on: {
      'user.created': async () => {
        await later(5)
        ended.push('event')
        throw new Error('lost')
      },
      request: async () => {
        ended.push('request')
      },
    },
  })
  await create(scim)
  await Promise.all(work)
  expect(ended.sort()).toEqual(['event', 'request'])
  expect(requests).toEqual([{ url: 'https://host.example/' }, { url: 'https://host.example/' }])
})
