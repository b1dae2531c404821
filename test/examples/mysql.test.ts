import { playSequence } from '../../src/conformance/replay/play.js'
import { sequences } from '../../src/conformance/replay/sequences.js'
import { scimClient } from '../support/client.js'
import { describeMysql, testMysql } from '../support/mysql.js'
import { type ServerProcess, startServer } from '../support/process.js'

describeMysql('examples/mysql-mapped on MySQL', () => {
  const database = testMysql()
  let server: ServerProcess
  beforeAll(async () => {
    server = await startServer('examples/mysql-mapped/server.js', {
      SCIM_TOKEN: 'example-token',
      MYSQL_URL: database.url,
    })
  })
  afterAll(() => server?.stop('SIGKILL'))

  const all = Object.entries(sequences).flatMap(([client, sent]) => sent.map((one) => [client, one.id, one] as const))
  test.each(all)('%s: %s', async (_client, _id, sequence) => {
    expect(await playSequence(sequence, scimClient(server.base, 'example-token'))).toEqual([])
  })

  test('asks for the token, and ends by SIGTERM', async () => {
    expect((await scimClient(server.base, 'example-tokem').get('/Users')).status).toBe(401)
    expect(await server.stop('SIGTERM')).toBe(0)
  })
})
