// The costs that an application pays once: time to the first answer, packages, and the longest block of the event loop.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocks } from './blocks.mjs'
import { fetchJson, load, requestBytes } from './load.mjs'
import { startServer } from './server-process.mjs'
import { figure, round } from './statistics.mjs'
import { GROUP, user } from './users.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export function processes(report) {
  cold(report)
  packages(report)
}

/** Milliseconds from `require` to the first answer, beyond the same application with Express alone. */
function cold(report) {
  report.begin('cold')
  const run = (name) =>
    Number(
      execFileSync(process.execPath, [join(ROOT, 'bench/servers/cold.cjs'), name], { cwd: ROOT, encoding: 'utf8' }),
    )
  const values = []
  for (let round = -1; round < 15; round += 1) {
    const difference = run('scim') - run('express')
    if (round >= 0) values.push(difference)
  }
  report.add('cold', figure(values, { most: 80 }))
}

/** How many packages `npm install express-scim` adds to an application that has Express. */
function packages(report) {
  report.begin('packages')
  const folder = mkdtempSync(join(tmpdir(), 'bench-packages-'))
  try {
    const npm = (...args) =>
      execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    writeFileSync(join(folder, 'package.json'), '{ "name": "app", "private": true }')
    execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, stdio: 'ignore' })
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
    const count = () => npm('ls', '--all', '--parseable').trim().split('\n').length
    npm('install', '--no-audit', '--no-fund', 'express@5')
    const before = count()
    npm('install', '--no-audit', '--no-fund', `./${tarball}`)
    report.add('packages', figure([count() - before], { most: 8 }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The longest time that one request keeps all others waiting, in milliseconds. */
export async function block(report) {
  report.begin('block')
  const only = process.env.BLOCK_PROBE?.split('|')
  const longest = only === undefined ? await blocksOfLargeAnswers(report) : {}
  const { longest: ofProbes, grown } = await blocks(report, only)
  const each = { ...longest, ...ofProbes }
  report.add('block', figure([Math.max(...Object.values(each))], { most: 50 }, { each, grown }))
  yardstick(report)
}

/**
 * The speed of the machine: milliseconds of CPU time for JSON that every Node reads and writes by the same code. Rows
 * in milliseconds grow and shrink with it.
 */
function yardstick(report) {
  report.begin('yardstick')
  const text = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => user(n)))
  const values = []
  for (let round = -3; round < 21; round += 1) {
    const before = process.cpuUsage()
    if (JSON.stringify(JSON.parse(text)).length !== text.length) throw new Error('The text is another.')
    const { user: own, system } = process.cpuUsage(before)
    if (round >= 0) values.push((own + system) / 1000)
  }
  report.add('yardstick', figure(values))
}

async function blocksOfLargeAnswers(report) {
  const limits = { maxResults: 1_000 }
  const server = await startServer('scim.mjs', { users: 120_000, groups: [100_000], limits })
  const [group] = server.info.groupIds
  const requests = {
    'page of 1,000': { path: 'Users?count=1000' },
    'group of 100,000': { path: `Groups/${group}` },
    'bulk of 1,000': { path: 'Bulk', body: () => bulkOf(1_000) },
    'largest body': { path: 'Groups', body: () => largestGroup(server.info.ids), status: 201 },
  }
  const longest = {}
  for (const [name, { path, body, status = 200 }] of Object.entries(requests)) {
    const times = []
    for (let n = 0; n < 6; n += 1) {
      const made = body?.()
      const parsed = made ? (await server.ask({ json: JSON.stringify(made) })).ms : 0
      await server.ask({ watch: true })
      if (name === 'group of 100,000') {
        await fetchJson(server.port, `/scim/v2/${path}`)
      } else {
        const request = () => requestBytes(made ? 'POST' : 'GET', `/scim/v2/${path}`, made)
        await load({ port: server.port, total: 1, connections: 1, request, status })
      }
      times.push(Math.max(0, (await server.ask({ blocked: true })).ms - parsed))
    }
    // The first request of its kind compiles.
    longest[name] = figure(times.slice(1)).ratio
    report.probe?.(name, { status, ms: longest[name], times: times.map(round) })
  }
  await server.stop()
  return longest
}

function bulkOf(count) {
  const data = (n) => ({ ...user(n), userName: `bulk-${n}-${Math.random()}@example.com` })
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: Array.from({ length: count }, (_, n) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${n}`,
      data: data(n),
    })),
  }
}

/** A group with as many members as a body of the default limit holds. */
function largestGroup(ids) {
  const members = []
  let bytes = 200
  for (const value of ids) {
    bytes += value.length + 13
    if (bytes > 1_048_576) break
    members.push({ value })
  }
  return { schemas: [GROUP], displayName: 'As large as can be', members }
}
