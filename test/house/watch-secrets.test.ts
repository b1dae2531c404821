import { createServer } from 'node:http'
import createDebug from 'debug'
import { memoryAdapters } from '../../src/memory/index.js'
import { user } from '../rfc7644/service.js'
import { serve, startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { leaks } from '../support/leaks.js'

const BODIES: readonly (readonly [string, string])[] = [
  ['the token', '{"detail":"Bearer test-token is not known"}'],
  ['a password', '{"password":"x"}'],
  ['the address of a database', '{"detail":"postgres://scim:x@db/prod is down"}'],
  ['a stack trace', JSON.stringify({ detail: new Error('x').stack })],
]
const PASSWORD = 'watched-Passw0rd'

// Any test fails if the watch sees one of these secrets.
describe('the watch over all answers', () => {
  test.each(BODIES)('sees %s in a body, whole or in pieces', async (what, body) => {
    const app = await serve(
      createServer((request, response) => {
        if (request.url?.endsWith('/pieces')) response.write(body)
        response.end(request.url?.endsWith('/pieces') ? '' : Buffer.from(body))
      }),
    )
    try {
      for (const path of ['/whole', '/pieces']) {
        await app.scim.get(path)
        expect(leaks.splice(0)).toEqual([expect.stringMatching(`^${what} in an answer: `)])
      }
    } finally {
      await app.close()
    }
  })

  test('sees the token in a header', async () => {
    const app = await serve(
      createServer((_request, response) => response.writeHead(200, { 'X-Seen': 'test-token' }).end()),
    )
    try {
      await app.scim.get('/')
      expect(leaks.splice(0)).toEqual([expect.stringMatching('^the token in an answer: ')])
    } finally {
      await app.close()
    }
  })

  test('sees a password that was sent, wherever it stands', async () => {
    const app = await serve(
      createServer((_request, response) => response.end(`{"detail":"\\"${PASSWORD}\\" is too long"}`)),
    )
    try {
      await app.scim.patch('/Users/1', { Operations: [{ op: 'add', value: { PassWord: PASSWORD } }] })
      expect(leaks.splice(0)).toEqual([expect.stringMatching(`^the password ${PASSWORD} in an answer: `)])
    } finally {
      await app.close()
    }
  })

  test('sees nothing in the schema of a password', async () => {
    const app = await serve(createServer((_request, response) => response.end('{"name":"password","type":"string"}')))
    try {
      await app.scim.get('/')
      expect(leaks).toEqual([])
    } finally {
      await app.close()
    }
  })
})

describe('the watch over logs and hooks', () => {
  test('sees the token in the debug output and on the console', () => {
    createDebug('scim:anything')('asked with %o', { headers: { authorization: 'Bearer test-token' } })
    console.debug('test-token')
    expect(leaks.splice(0)).toEqual([
      expect.stringMatching('^the token in the debug output: '),
      expect.stringMatching('^the token in the console: '),
    ])
  })

  test('sees what hooks are told: events, reports of requests and of errors', async () => {
    const { users } = memoryAdapters()
    const hook = (): void => undefined
    const app = await startApp({
      resources: {
        User: {
          adapter: {
            ...users,
            // An adapter that hands secrets on to hooks.
            create: async (draft, call) => ({ ...(await users.create(draft, call)), title: 'test-token' }),
            get: () => {
              throw new Error(`no connection with test-token and ${PASSWORD}`)
            },
          },
        },
      },
      on: { 'user.created': hook, request: hook, error: hook },
    })
    try {
      await app.scim.post('/Users?attributes=userName', user('watched', { password: PASSWORD }))
      await hooksCalled()
      expect(leaks.splice(0)).toEqual([expect.stringMatching('^the token in an event: ')])
      await app.scim.get('/Users/1')
      await hooksCalled()
      const told = leaks.splice(0).map((leak) => leak.slice(0, leak.indexOf(':')))
      expect(told.sort()).toEqual([
        `the password ${PASSWORD} in a report of an error`,
        `the password ${PASSWORD} in the debug output`,
        'the token in a report of an error',
        'the token in the debug output',
      ])
    } finally {
      await app.close()
    }
  })
})
