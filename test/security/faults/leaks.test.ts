import { createHook } from 'node:async_hooks'
import { getEventListeners } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import express5 from 'express'
import express4 from 'express4'
import { bearer, scimRouter } from '../../../src/index.js'
import { memoryAdapters } from '../../../src/memory/index.js'
import { user } from '../../rfc7644/service.js'
import { type App, serve } from '../../support/app.js'
import { runs, sample } from '../../support/length.js'
import { titlePatch } from './service.js'

const ROUNDS = runs(30, 60)

/** The listeners on the connection, by event. */
const listenersOf = (socket: Socket): string =>
  JSON.stringify(Object.fromEntries(socket.eventNames().map((name) => [String(name), socket.listenerCount(name)])))

// The waits of this file, and the log of an earlier file of this process, which asks its broken store again: there is
// no log here.
const OTHERS = /mostTimers|timersLeft|src.journal.log/

// Timers with unref() count as well, which process.getActiveResourcesInfo() leaves out.
const running = new Map<number, string>()
const watch = createHook({
  init: (id, type) => {
    if (type !== 'Timeout') return
    const stack = String(new Error('started by').stack)
    if (!OTHERS.test(stack)) running.set(id, stack)
  },
  destroy: (id) => void running.delete(id),
})
beforeAll(() => void watch.enable())
afterAll(() => void watch.disable())

const timers = (): number => running.size

/**
 * The most timers at rest: timers of the connection come and go, and a timer that starts itself anew, such as the one
 * of the header Date each second, is seen when it does.
 */
async function mostTimers(): Promise<number> {
  let most = timers()
  for (let looks = 0; looks < 60; looks += 1) {
    await delay(25)
    most = Math.max(most, timers())
  }
  return most
}

/**
 * Waits until there are no more timers than that; timers that no code stops stay for ever. Returns the stacks of the
 * youngest timers that are left.
 */
async function timersLeft(allowed: number): Promise<readonly string[]> {
  for (let looks = 0; looks < 200 && timers() > allowed; looks += 1) await delay(50)
  return [...running.values()].slice(allowed)
}

test('the count of timers sees one that does not keep the process alive', () => {
  const before = timers()
  const timer = setInterval(() => undefined, 100).unref()
  expect(timers()).toBe(before + 1)
  clearInterval(timer)
})

const expresses = [
  ['Express 5', express5],
  ['Express 4', express4],
] as const

describe.each(sample(expresses, 2))('on %s', (_title, express) => {
  const signals: AbortSignal[] = []
  const sockets = new Set<Socket>()
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  let app: App
  let agent: Agent
  let id: string

  beforeAll(async () => {
    process.on('warning', onWarning)
    const { users, groups } = memoryAdapters()
    // Every callback looks at its signal; now and then it fails.
    const watching = (adapter: object): never =>
      Object.fromEntries(
        Object.entries(adapter).map(([name, callback]) => [
          name,
          typeof callback === 'function'
            ? async (...given: readonly unknown[]) => {
                const { signal } = given.at(-1) as { readonly signal: AbortSignal }
                if (signals.push(signal) % 7 === 0) throw new Error('now and then')
                return callback(...given)
              }
            : callback,
        ]),
      ) as never
    const scim = scimRouter({
      authenticate: bearer('test-token'),
      resources: { User: { adapter: watching(users) }, Group: { adapter: watching(groups) } },
    })
    const host = (express as typeof express5)()
    host.use((request: { readonly socket: Socket }, _response: unknown, next: () => void) => {
      sockets.add(request.socket)
      next()
    })
    app = await serve(host.use('/scim/v2', scim, scim.errors))
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    id = JSON.parse(await send('POST', '/Users', user('leaks'))).id
  })
  afterAll(async () => {
    process.off('warning', onWarning)
    agent.destroy()
    await app.close()
  })

  function send(method: string, path: string, body?: object | string): Promise<string> {
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer test-token', 'content-type': 'application/scim+json' }
      const sent = httpRequest(`${app.base}${path}`, { method, agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve(text))
      })
      sent.on('error', reject).end(payload)
    })
  }

  test('hundreds of requests on one connection leave no listener, timer or signal behind', async () => {
    const round = async (number: number): Promise<void> => {
      await send('GET', `/Users/${id}`)
      await send('GET', '/Users?filter=title%20pr')
      await send('GET', '/Users/nobody')
      await send('GET', '/Nothing')
      await send('POST', '/Users', user(`leaks-${number}`))
      await send('POST', '/Users', '{"broken')
      await send('PUT', `/Users/${id}`, user('leaks', { title: `${number}` }))
      await send('PATCH', `/Users/${id}`, titlePatch())
      await send('HEAD', '/Users')
    }
    await round(-1)
    const allowed = await mostTimers()
    expect(sockets.size).toBe(1)
    const [socket] = [...sockets] as [Socket]
    const before = listenersOf(socket)
    for (let number = 0; number < ROUNDS; number += 1) await round(number)
    // The timer of the requests looks once more, finds none and goes.
    expect(await timersLeft(allowed)).toEqual([])
    expect(sockets.size).toBe(1)
    expect(listenersOf(socket)).toBe(before)
    expect(signals.length).toBeGreaterThan(ROUNDS)
    expect(signals.filter((signal) => getEventListeners(signal, 'abort').length > 0)).toEqual([])
    expect(signals.filter(({ aborted }) => aborted)).toEqual([])
    expect(warnings).toEqual([])
  })

  test('neither do clients that go away, nor stores that hang until the time is over', async () => {
    const hanging: AbortSignal[] = []
    const { users } = memoryAdapters()
    const hang = (_id: unknown, { signal }: { readonly signal: AbortSignal }): Promise<never> => {
      hanging.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    }
    const scim = scimRouter({
      authenticate: bearer('test-token'),
      resources: { User: { adapter: { ...users, get: hang } } },
      limits: { requestTime: 50 },
    })
    const own = await serve((express as typeof express5)().use('/scim/v2', scim, scim.errors))
    const impatient = new Agent({ keepAlive: false })
    const ask = (patient: boolean): Promise<unknown> =>
      new Promise((resolve) => {
        const headers = { authorization: 'Bearer test-token' }
        const sent = httpRequest(`${own.base}/Users/x`, { headers, agent: impatient }, (response) => {
          response.resume().once('end', () => resolve(response.statusCode))
        })
        sent.on('error', resolve).end()
        if (!patient) sent.once('finish', () => setTimeout(() => sent.destroy(), 10))
      })
    try {
      await ask(true)
      const allowed = await mostTimers()
      const answers = await Promise.all(Array.from({ length: 40 }, (_, number) => ask(number % 2 === 0)))
      // On a busy machine a client that wanted to go may have had its answer first.
      expect(answers.filter((answer) => answer === 503).length).toBeGreaterThanOrEqual(20)
      expect(await timersLeft(allowed)).toEqual([])
      expect(hanging.length).toBeGreaterThan(20)
      expect(hanging.filter(({ aborted }) => !aborted)).toEqual([])
      expect(hanging.filter((signal) => getEventListeners(signal, 'abort').length > 0)).toEqual([])
      expect(warnings).toEqual([])
    } finally {
      impatient.destroy()
      await own.close()
    }
  })
})
