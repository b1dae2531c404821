#!/usr/bin/env node
// Checks other service providers with our command: does it judge fairly? Installs them into .cache/others, from the
// package registries of their languages; a provider is left out if its language is not on this machine. Needs a build.
// node scripts/check-others.mjs [scimmy] [python] [go] [java]
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CACHE = join(ROOT, '.cache/others')
const SOURCE = join(ROOT, 'scripts/others')
const TOKEN = 'check-others'
const JAVA = join(CACHE, 'java')

const SERVERS = {
  scimmy: {
    title: 'scimmy 1.3 with scimmy-routers 1.3',
    install: () => true,
    start: () => [process.execPath, join(SOURCE, 'scimmy.mjs')],
    path: '/scim/v2',
  },
  python: {
    title: 'scim2-server 0.8 (Python)',
    install: () =>
      existsSync(join(CACHE, 'python/bin/scim2-server')) ||
      (run('python3', ['-m', 'venv', 'python']) &&
        run(join(CACHE, 'python/bin/pip'), ['install', '-q', 'scim2-server==0.8.3'])),
    start: (port) => [join(CACHE, 'python/bin/scim2-server'), '--bearer-token', TOKEN, '--port', String(port)],
    path: '',
  },
  go: {
    title: 'elimity-com/scim (Go)',
    install: () => {
      cpSync(join(SOURCE, 'go'), join(CACHE, 'go'), { recursive: true })
      return run('go', ['mod', 'tidy'], 'go') && run('go', ['build', '-o', 'server', '.'], 'go')
    },
    start: () => [join(CACHE, 'go/server')],
    path: '/scim/v2',
  },
  java: {
    title: 'SCIM-SDK 1.30 (Java)',
    install: () => {
      cpSync(join(SOURCE, 'java'), JAVA, { recursive: true })
      return (
        run('mvn', ['-q', '-B', 'dependency:build-classpath', '-Dmdep.outputFile=classpath.txt'], 'java') &&
        run('javac', ['-cp', classpath(), '-d', 'classes', 'Main.java'], 'java')
      )
    },
    start: () => ['java', '-cp', `${join(JAVA, 'classes')}:${classpath()}`, 'Main'],
    path: '/scim/v2',
  },
}

const wanted = process.argv.slice(2)
mkdirSync(CACHE, { recursive: true })
let port = 3950
for (const [name, server] of Object.entries(SERVERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  port += 1
  if (server.install()) await check(server, port)
  else console.log(`\n${server.title}: left out, it cannot be installed here.`)
}

async function check({ title, start, path }, port) {
  const [command, ...rest] = start(port)
  const child = spawn(command, rest, {
    env: { ...process.env, PORT: String(port), SCIM_TOKEN: TOKEN },
    stdio: 'ignore',
  })
  try {
    const url = `http://127.0.0.1:${port}${path}`
    await listening(`${url}/ServiceProviderConfig`)
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(ROOT, 'dist/cli.js'), 'check', url, '--yes', '--json'],
      { env: { ...process.env, SCIM_TOKEN: TOKEN }, encoding: 'utf8', maxBuffer: 2 ** 28 },
    )
    if (status === 2) throw new Error(`${title} could not be checked: ${stderr}`)
    report(title, JSON.parse(stdout))
  } finally {
    child.kill()
  }
}

function report(title, { results, areas, left }) {
  const sum = (kind, status) =>
    areas.filter((area) => area.kind === kind).reduce((count, area) => count + area[status], 0)
  console.log(
    `\n${title}: rules: ${['passed', 'failed', 'warning', 'note', 'skipped'].map((one) => `${sum('rule', one)} ${one}`).join(', ')}`,
  )
  for (const { area, passed, all, skipped } of areas.filter(({ kind }) => kind === 'provider')) {
    console.log(`  ${area}: ${passed} of ${all - skipped}`)
  }
  for (const { status, area, title: rule, section, message } of results) {
    if (status === 'failed' && section !== '') console.log(`  ${area}: ${rule} (${section})\n    ${message}`)
  }
  if (left.length > 0) console.log(`  left: ${JSON.stringify(left)}`)
}

async function listening(url) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`Nothing listens at ${url}.`)
}

function run(command, given, folder = '.') {
  const { status } = spawnSync(command, given, { cwd: join(CACHE, folder), stdio: ['ignore', 'ignore', 'inherit'] })
  return status === 0
}

function classpath() {
  return readFileSync(join(JAVA, 'classpath.txt'), 'utf8').trim()
}
