import { Agent, get, type ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import express5 from 'express'
import express4 from 'express4'
import { bearer, scimRouter } from '../../src/index.js'
import { type App, serve, TOKEN } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

type HostAnswer = (response: ServerResponse) => void

/** `open` ends the wait for `opened`. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A host that answers a request for "slow" by itself while the store is at work for it. */
function impatientApp(express: typeof express5, answer: HostAnswer, goOn: Promise<void>, done: () => void) {
  const meta = { created: '2026-01-01T00:00:00Z', lastModified: '2026-01-01T00:00:00Z', version: 'W/"1"' }
  const users = fixtureAdapter(['slow', 'quick'].map((id) => ({ id, userName: id, meta })))
  const called = gate()
  const slow = {
    ...users,
    get: async (id: string, call: never) => {
      if (id === 'slow') {
        called.open()
        await goOn
        setImmediate(done)
      }
      return users.get(id, call)
    },
  }
  const app = express()
  app.use((request, response, next) => {
    if (request.url.endsWith('/slow')) void called.opened.then(() => answer(response))
    next()
  })
  return app.use(
    '/scim/v2',
    scimRouter({ authenticate: bearer(TOKEN), resources: { User: { adapter: slow as never } } }),
  )
}

/** Lets the router finish its work after the answer of the store. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn()
}

describe.each([
  ['4', express4 as unknown as typeof express5],
  ['5', express5],
])('a host that answers first on Express %s', (_version, express) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  afterAll(() => agent.destroy())

  const ask = ({ base }: App, id: string) =>
    new Promise<{ status: number | undefined; port: number | undefined; text: string }>((resolve, reject) => {
      get(`${base}/Users/${id}`, { agent, headers: { authorization: `Bearer ${TOKEN}` } }, (answer) => {
        const port = answer.socket.localPort
        let text = ''
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        answer.on('end', () => resolve({ status: answer.statusCode, port, text })).on('error', reject)
      }).on('error', reject)
    })

  test('has answered: the router adds nothing, and the connection serves the next request', async () => {
    const [store, done] = [gate(), gate()]
    const answer: HostAnswer = (response) => void response.writeHead(503).end('no more time')
    const app = await serve(impatientApp(express, answer, store.opened, done.open))
    const first = await ask(app, 'slow')
    expect(first).toMatchObject({ status: 503, text: 'no more time' })
    store.open()
    await done.opened
    await settle()
    expect(await ask(app, 'quick')).toMatchObject({ status: 200, port: first.port })
  })

  test('may be in the middle of its answer: the router does not break it off', async () => {
    const [store, done] = [gate(), gate()]
    let answering: ServerResponse | undefined
    const answer: HostAnswer = (response) => {
      answering = response
      response.writeHead(503, { 'Content-Length': 12 }).write('no more')
      store.open()
    }
    const app = await serve(impatientApp(express, answer, store.opened, done.open))
    const asked = ask(app, 'slow')
    await done.opened
    await settle()
    answering?.end(' time')
    expect(await asked).toMatchObject({ status: 503, text: 'no more time' })
  })
})
