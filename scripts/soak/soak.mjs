#!/usr/bin/env node
// Mixed load of clients that behave like Entra and Okta against several processes on one PostgreSQL, until the time is
// over; then every acknowledged write must be there, and memory must be flat: npm run soak -- [--seconds 600]
// [--processes 3] [--clients 24] [--writes 0] [--memory]. It lasts at least until `--writes` writes are acknowledged.
// With --memory it is one process with the memory adapters.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeGroups, soakClient } from './client.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    processes: { type: 'string', default: '3' },
    clients: { type: 'string', default: '24' },
    writes: { type: 'string', default: '0' },
    memory: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const TENANTS = 4
const GROUPS = 3
// In the first part of a run code is compiled and caches fill.
const WARM_UP = 0.25
const SLACK = { factor: 1.1, bytes: 8 << 20 }

const database = values.memory ? undefined : await (await import('../../bench/postgres-database.mjs')).startDatabase()
const count = values.memory ? 1 : Number(values.processes)
const servers = await Promise.all(Array.from({ length: count }, startServer))
const failures = []
try {
  const groups = []
  for (let tenant = 0; tenant < TENANTS; tenant += 1)
    groups.push(await makeGroups(servers[0].url, `t${tenant}`, GROUPS))
  const clients = Array.from({ length: Number(values.clients) }, (_, number) =>
    soakClient({
      name: `client${number}`,
      style: number % 2 === 0 ? 'entra' : 'okta',
      tenant: `t${number % TENANTS}`,
      choose: () => servers[Math.floor(Math.random() * servers.length)].url,
      groups: groups[number % TENANTS],
    }),
  )
  const started = performance.now()
  const end = started + seconds * 1000
  const samples = servers.map(() => [])
  const total = (name) => clients.reduce((sum, { counts }) => sum + counts[name], 0)
  const sample = async () => {
    for (const [index, server] of servers.entries()) samples[index].push(await server.memory())
    const elapsed = (performance.now() - started) / 1000
    const heaps = samples.map((list) => megabytes(list.at(-1).heapUsed)).join(', ')
    const line = `${elapsed.toFixed(0)} s  ${total('requests')} requests  ${(total('requests') / elapsed).toFixed(0)}/s  ${total('acknowledged')} writes  heap ${heaps} MB`
    process.stdout.write(`${line}\n`)
  }
  const sampling = setInterval(() => void sample(), Math.max(1_000, (seconds * 1000) / 60))
  await Promise.all(
    clients.map((client) =>
      client.run(() => (total('acknowledged') < Number(values.writes) ? Number.POSITIVE_INFINITY : end)),
    ),
  )
  clearInterval(sampling)
  await sample()

  const checks = await Promise.all(clients.map((client) => client.check()))
  failures.push(...clients.flatMap(({ unexpected }) => unexpected), ...checks.flatMap(({ wrong }) => wrong))
  for (const [index, list] of samples.entries()) failures.push(...growth(index, list))
  failures.push(...servers.flatMap(({ errors }) => errors))
  const summary = {
    seconds,
    processes: count,
    clients: clients.length,
    requests: total('requests'),
    acknowledged: total('acknowledged'),
    retried: total('retried'),
    checked: checks.reduce((sum, { checked }) => sum + checked, 0),
    heapMB: samples.map((list) => list.map(({ heapUsed }) => megabytes(heapUsed)).join(' ')),
    failures: failures.length,
  }
  console.log(JSON.stringify(summary, undefined, 1))
} finally {
  await Promise.all(servers.map((server) => server.stop()))
  await database?.stop()
}
for (const failure of failures.slice(0, 20)) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0

/**
 * Whether memory grows once all is warm: the middle value of the last quarter against that of the first warm quarter.
 */
function growth(index, list) {
  const warm = list.slice(Math.floor(list.length * WARM_UP)).map(({ heapUsed }) => heapUsed)
  const quarter = Math.max(1, Math.floor(warm.length / 4))
  const [first, last] = [middle(warm.slice(0, quarter)), middle(warm.slice(-quarter))]
  if (last <= first * SLACK.factor + SLACK.bytes) return []
  return [`process ${index}: the heap grew from ${megabytes(first)} to ${megabytes(last)} MB after it was warm`]
}

function middle(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
}

function megabytes(bytes) {
  return (bytes / (1 << 20)).toFixed(1)
}

function startServer() {
  const env = { ...process.env, ...(database && { DATABASE_URL: database.url }) }
  const child = fork(join(HERE, 'server.mjs'), { execArgv: ['--expose-gc'], env })
  const errors = []
  let answer
  const server = {
    url: '',
    errors,
    memory: () =>
      new Promise((resolve) => {
        answer = resolve
        child.send('memory')
      }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.kill('SIGTERM')
      }),
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.on('message', ({ url, memory, error }) => {
      if (error) errors.push(error)
      if (memory) answer(memory)
      if (url) {
        server.url = url
        resolve(server)
      }
    })
  })
}
