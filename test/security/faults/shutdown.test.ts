import { join } from 'node:path'
import { user } from '../../rfc7644/service.js'
import { scimClient } from '../../support/client.js'
import { startServer } from '../../support/process.js'

const REQUESTS = 40

test('a server that is told to end under load answers what is in flight, takes nothing new, and ends', async () => {
  const server = await startServer(join(__dirname, 'slow-server.js'), { TELL_AT: String(REQUESTS) })
  const scim = scimClient(server.base, 'slow-token')
  // A connection for each, or the server would not be done when it has answered.
  const answers = Array.from({ length: REQUESTS }, (_, number) => {
    const request = { headers: { connection: 'close' } }
    return number % 2 === 0 ? scim.get('/Users', request) : scim.post('/Users', user(`in-flight-${number}`), request)
  })
  while (!server.output().includes('All are in flight.')) await new Promise((resolve) => setTimeout(resolve, 5))
  const ended = server.stop('SIGTERM')
  const done = await Promise.all(answers)
  expect(done.map(({ status }) => status)).toEqual(done.map((_, number) => (number % 2 === 0 ? 200 : 201)))
  for (const { body } of done) expect(body.schemas.length).toBeGreaterThan(0)
  await expect(scim.get('/Users')).rejects.toThrow()
  expect(await ended).toBe(0)
})
