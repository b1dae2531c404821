import { Agent, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import express5 from 'express'
import express4 from 'express4'
import { bearer, scimRouter } from '../../src/index.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

const TOKEN = 'answered-token'

/** A host that answers by itself when the router takes longer than it may. */
function impatientApp(express: typeof express5, done: () => void) {
  const meta = { created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z', version: 'W/"1"' }
  const users = fixtureAdapter(['slow', 'quick'].map((id) => ({ id, userName: id, meta })))
  const slow = {
    ...users,
    get: async (id: string, call: never) => {
      if (id === 'slow') await new Promise((resolve) => setTimeout(resolve, 60))
      setImmediate(done)
      return users.get(id, call)
    },
  }
  const app = express()
  app.use((_request, response, next) => {
    setTimeout(() => {
      if (!response.headersSent) response.status(503).json({ host: 'has no more time' })
    }, 20)
    next()
  })
  app.use('/scim/v2', scimRouter({ authenticate: bearer(TOKEN), resources: { User: { adapter: slow as never } } }))
  return app
}

describe.each([
  ['4', express4 as unknown as typeof express5],
  ['5', express5],
])('a host that answers first on Express %s', (_version, express) => {
  test('has answered: the router adds nothing, and the connection serves the next request', async () => {
    let done = (): void => {}
    const late = new Promise<void>((resolve) => {
      done = resolve
    })
    const server = impatientApp(express, () => done()).listen(0, '127.0.0.1')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports: unknown[] = []
    const ask = (id: string) =>
      new Promise<{ status: number | undefined; body: any }>((resolve, reject) => {
        const { port } = server.address() as AddressInfo
        const headers = { authorization: `Bearer ${TOKEN}` }
        get({ agent, port, host: '127.0.0.1', path: `/scim/v2/Users/${id}`, headers }, (answer) => {
          ports.push(answer.socket.localPort)
          let text = ''
          answer.setEncoding('utf8').on('data', (piece: string) => {
            text += piece
          })
          answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(text) }))
        }).on('error', reject)
      })
    try {
      await new Promise((resolve) => server.on('listening', resolve))
      expect(await ask('slow')).toEqual({ status: 503, body: { host: 'has no more time' } })
      await late
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await ask('quick')).toMatchObject({ status: 200, body: { id: 'quick' } })
      expect(new Set(ports).size).toBe(1)
    } finally {
      agent.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
