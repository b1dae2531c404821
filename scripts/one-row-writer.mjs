// Writes one row of a table of its own again and again, in a thread and on a connection of its own. It waits for no
// lock, so only the machine can delay a write: its disk, its cores or the server.
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'

/** Milliseconds between two writes. */
const PAUSE = 2
/** Writes that take longer than this number of milliseconds are reported. */
const TOLD = 10

const { url, table } = workerData
const client = new pg.Client({ connectionString: url })
await client.connect()
let running = true
parentPort.once('message', () => {
  running = false
})
const slow = []
let count = 0
parentPort.postMessage('ready')
while (running) {
  const begun = performance.timeOrigin + performance.now()
  await client.query(`UPDATE ${table} SET n = n + 1`)
  const ended = performance.timeOrigin + performance.now()
  count += 1
  if (ended - begun > TOLD) slow.push({ begun, ended })
  await delay(PAUSE)
}
await client.end()
parentPort.postMessage({ count, slow })
