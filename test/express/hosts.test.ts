import { type ClientHttp2Stream, connect, constants, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import express5 from 'express'
import express4 from 'express4'
import { bearer, type RequestReport, type ScimRouterOptions, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { closedAfterEach, memoryOptions, user } from '../rfc7644/service.js'
import { describeExpress, serve, startApp, TOKEN } from '../support/app.js'
import { detailOf } from '../support/client.js'

const authorization = `Bearer ${TOKEN}`

describe('HTTP/2', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })

  async function listen(options: Partial<ScimRouterOptions> = {}) {
    const server = createServer(
      scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions(), ...options } as never) as never,
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    closing.push(() => {
      session.destroy()
      server.close()
    })
    const open = (method: string, path: string, options: object = {}, headers: object = {}): ClientHttp2Stream =>
      session.request(
        { ':method': method, ':path': path, authorization, 'content-type': 'application/scim+json', ...headers },
        options,
      )
    const send = async (
      method: string,
      path: string,
      ...pieces: readonly string[]
    ): Promise<{ status: number; body: any }> => {
      const sent = open(method, path, { endStream: pieces.length === 0 })
      let status = 0
      let text = ''
      sent.on('response', (headers) => {
        status = Number(headers[constants.HTTP2_HEADER_STATUS])
      })
      for (const piece of pieces) sent.write(piece)
      sent.end()
      for await (const chunk of sent.setEncoding('utf8')) text += chunk
      return { status, body: text === '' ? undefined : JSON.parse(text) }
    }
    return { open, send }
  }

  test('a body without Content-Length is read, and :authority is the host', async () => {
    const { send } = await listen()
    const text = JSON.stringify(user('ann'))
    const { status, body } = await send('POST', '/Users', text.slice(0, 20), text.slice(20))
    expect([status, body.userName]).toEqual([201, 'ann'])
    expect(body.meta.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/Users\//)
  })

  test('no body is none, and one beyond the limit is 413', async () => {
    const { send } = await listen({ limits: { bodyBytes: 200 } })
    expect(detailOf((await send('POST', '/Users')).body)).toBe('The body of the request is missing.')
    expect((await send('POST', '/Users', JSON.stringify(user('x'.repeat(300))))).status).toBe(413)
    expect((await send('GET', '/Users')).status).toBe(200)
  })

  test(':authority counts where there is a Host too', async () => {
    const { open, send } = await listen()
    const { id, meta } = (await send('POST', '/Users', JSON.stringify(user('ann')))).body
    const { host } = new URL(meta.location)
    const sent = open('GET', `/Users/${id}`, {}, { ':authority': host, host: 'other.example' })
    let text = ''
    for await (const chunk of sent.setEncoding('utf8')) text += chunk
    expect(JSON.parse(text).meta.location).toBe(meta.location)
  })

  test('a body that its client breaks off is no body, whether or not it is JSON by then', async () => {
    const reports: RequestReport[] = []
    let told = (): void => undefined
    const request = (report: RequestReport): void => {
      if (report.method !== 'POST') return
      reports.push(report)
      told()
    }
    const { open, send } = await listen({ on: { request } })
    const text = JSON.stringify(user('half'))
    for (const sent of [text.slice(0, 20), text]) {
      const reported = new Promise<void>((resolve) => {
        told = resolve
      })
      const stream = open('POST', '/Users')
      stream.on('error', () => undefined)
      stream.write(sent)
      // Its body has come so far.
      await send('GET', '/Users')
      stream.close(constants.NGHTTP2_CANCEL)
      await reported
    }
    expect(reports.map(({ status, detail }) => [status, detail])).toEqual([
      [499, 'The body ended before it was complete.'],
      [499, 'The body ended before it was complete.'],
    ])
    expect((await send('GET', '/Users')).body.totalResults).toBe(0)
  })
})

test('a request as fetch makes it, of HTTP/1.1 without any header about its length, is read', async () => {
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    baseUrl: 'https://x.test',
    ...memoryOptions(),
  } as ScimRouterOptions)
  const answer = (body: string | undefined): Promise<number> => {
    const headers = { authorization, 'content-type': 'application/json' }
    const request = Object.assign(Readable.from(body === undefined ? [] : [Buffer.from(body)]), {
      ...{ method: 'POST', url: '/Users', headers, httpVersion: '1.1', socket: {} },
    })
    return new Promise((resolve) => {
      const response = {
        writeHead: (status: number) => resolve(status),
        once: () => undefined,
        write: () => true,
        end: () => undefined,
      }
      scim(request as never, response as never)
    })
  }
  expect(await answer(JSON.stringify(user('ann')))).toBe(201)
  expect(await answer(undefined)).toBe(400)
})

describeExpress('a mount path with a wildcard', (version) => {
  const closed = closedAfterEach()

  test('is 500 for everything, and told once', async () => {
    const errors: unknown[] = []
    const scim = scimRouter({
      authenticate: bearer(TOKEN),
      ...memoryOptions({ on: { error: ({ error }) => errors.push(error) } }),
    } as ScimRouterOptions)
    const host: any = version === 4 ? express4() : express5()
    const app = await closed(serve(host.use(version === 4 ? '/scim/v2/*' : '/scim/v2/*splat', scim)))
    const answers = [
      await app.scim.get('/ServiceProviderConfig'),
      await app.scim.get('/Users?filter=userName%20eq%20%22x%22'),
      await app.scim.post('/Users', user('ann')),
    ]
    for (const { status, body } of answers)
      expect([status, body.detail]).toEqual([500, expect.stringContaining('ERR_SCIM_MOUNT')])
    expect(errors).toEqual([expect.objectContaining({ code: 'ERR_SCIM_MOUNT' })])
    expect((await app.scim.get('/Users', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
  })

  test('a parameter of another kind is none', async () => {
    const scim = scimRouter({ authenticate: bearer(TOKEN), ...memoryOptions() } as ScimRouterOptions)
    const host: any = version === 4 ? express4() : express5()
    const app = await closed(serve(host.use('/scim/:version', scim)))
    expect((await app.scim.get('/')).status).toBe(200)
  })
})

describe('a client that goes away', () => {
  const closed = closedAfterEach()

  test.each([
    ['GET', '/Users/1', undefined],
    ['POST', '/Users', JSON.stringify(user('late'))],
  ])('%s: on.request says 499, whatever the store answers later', async (method, path, body) => {
    const { users } = memoryAdapters()
    let release = (): void => undefined
    let asked = (): void => undefined
    const reached = new Promise<void>((resolve) => {
      asked = resolve
    })
    const waiting = new Promise<void>((resolve) => {
      release = resolve
    })
    const told: number[] = []
    const reported = new Promise<void>((resolve) => {
      told.push = (status) => {
        told[told.length] = status
        resolve()
        return told.length
      }
    })
    const late =
      <T>(answer: T) =>
      async (): Promise<T> => {
        asked()
        await waiting
        return answer
      }
    const stored = { id: '1', userName: 'late', meta: { version: '1' } }
    const adapter = { ...users, get: late(stored), create: late(stored) }
    const app = await closed(
      startApp({ resources: { User: { adapter } }, on: { request: ({ status }) => told.push(status) } }),
    )
    const leave = new AbortController()
    const headers = { authorization, 'content-type': 'application/json' }
    const sent = fetch(`${app.base}${path}`, { method, headers, signal: leave.signal, ...(body && { body }) })
    await reached
    leave.abort()
    await expect(sent).rejects.toThrow()
    // Until the server has noticed.
    await new Promise((resolve) => setTimeout(resolve, 50))
    release()
    await reported
    expect([...told]).toEqual([499])
  })
})
