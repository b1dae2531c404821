import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

// Behaviour that only a process of its own shows.
const started: ChildProcess[] = []
const servers: Server[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

function run(...line: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...line], { stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  return child
}

async function ended(child: ChildProcess): Promise<{ code: number; err: string }> {
  let err = ''
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  child.stdout?.resume()
  const [code] = await once(child, 'close')
  return { code, err }
}

test('a reader that has seen enough is no error', async () => {
  const child = run('help', 'check')
  child.stdout?.destroy()
  expect(await ended(child)).toEqual({ code: 0, err: '' })
})

test.each([
  [['guide', 'entra', '--level', '7'], '--level must be one of'],
  [['check', 'http://127.0.0.1:9/', '--token-file', '/nowhere/token'], '/nowhere/token cannot be read: ENOENT.\n'],
])('%j is told in one line, without a stack', async (line, words) => {
  const { code, err } = await ended(run(...line))
  expect([code, err.split('\n').length]).toEqual([2, 2])
  expect(err).toContain(words)
})

test('Ctrl-C ends what has begun, and a second one ends at once', async () => {
  // The server creates users, and then answers no more requests.
  let created = 0
  const server = createServer((request, response) => {
    if (request.method === 'POST') created += 1
    if (created > 2) return
    const body = request.method === 'POST' ? { id: String(created) } : { Resources: [], totalResults: 0 }
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/scim+json' })
    response.end(JSON.stringify(body))
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const child = run('simulate', 'entra', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, '--yes')
  const end = ended(child)
  await new Promise<void>((resolve) => {
    server.on('request', () => created > 2 && resolve())
  })
  child.kill('SIGINT')
  await new Promise<void>((resolve) => {
    child.stderr?.on('data', (chunk) => String(chunk).includes('again ends at once') && resolve())
  })
  child.kill('SIGINT')
  expect((await end).code).toBe(2)
})
