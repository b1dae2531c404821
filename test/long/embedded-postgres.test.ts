import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SCRIPT = join(__dirname, '../../scripts/embedded-postgres.mjs')

describe('the PostgreSQL that tests start', () => {
  let other: Server | undefined
  afterEach(() => other?.close())

  /** Starts a server whose first attempts get the given ports; returns its port and the number of attempts. */
  const start = async (...ports: number[]): Promise<{ port: number; attempts: number }> => {
    const text = `
      import { freePort, startPostgres } from ${JSON.stringify(SCRIPT)}
      const ports = ${JSON.stringify(ports)}
      let attempts = 0
      const nextPort = async () => ports[attempts++] ?? await freePort()
      const postgres = await startPostgres({ name: 'start', nextPort })
      console.log(JSON.stringify({ port: postgres.port, attempts }))
      await postgres.stop()
      process.exit()`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text])
    return JSON.parse(stdout)
  }

  it('takes another port if a program has taken the first one meanwhile', async () => {
    other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port: taken } = other.address() as AddressInfo
    const { port, attempts } = await start(taken)
    expect(attempts).toBe(2)
    expect(port).not.toBe(taken)
  })

  it('quotes the log of the server if no attempt succeeds', async () => {
    const failed = start(1, 1, 1, 1, 1)
    await expect(failed).rejects.toThrow(/PostgreSQL has not started: .*\n.*(could not bind|Permission denied)/s)
  })
})
