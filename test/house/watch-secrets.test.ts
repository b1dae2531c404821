import { createServer } from 'node:http'
import { serve } from '../support/app.js'
import { leaks } from '../support/watch-secrets.js'

const BODIES: readonly (readonly [string, string])[] = [
  ['the token', '{"detail":"Bearer test-token is not known"}'],
  ['a password', '{"password":"x"}'],
  ['the address of a database', '{"detail":"postgres://scim:x@db/prod is down"}'],
  ['a stack trace', JSON.stringify({ detail: new Error('x').stack })],
]

// What no test may see, because each of them would fail: the watch sees it.
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
        expect(leaks.splice(0)).toEqual([expect.stringMatching(`^${what} in `)])
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
      expect(leaks.splice(0)).toEqual([expect.stringMatching('^the token in the head ')])
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
