#!/usr/bin/env node
// npm run bench [-- http|micro|groups|process|postgres ...] [--json FILE]
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { groups } from './groups.mjs'
import { http } from './http.mjs'
import { writePage } from './page.mjs'
import { processes } from './process.mjs'

const args = process.argv.slice(2)
const jsonAt = args.indexOf('--json')
const file = jsonAt < 0 ? undefined : args.splice(jsonAt, 2)[1]
const PARTS = { micro: runMicro, process: processes, groups, http, postgres: runPostgres }
for (const name of args) {
  if (!Object.hasOwn(PARTS, name)) throw new Error(`There is no part "${name}": ${Object.keys(PARTS).join(', ')}.`)
}

const figures = {}
const begun = performance.now()
const report = {
  begin(key) {
    if (process.stderr.isTTY) process.stderr.write(`  … ${key}\r`)
  },
  add(key, figure) {
    figures[key] = figure
    const seconds = Math.round((performance.now() - begun) / 1000)
    const bound = figure.limit === null ? '' : `${figure.limit}  ${figure.ok ? 'ok' : 'NOT REACHED'}`
    const spread = `[${figure.low} – ${figure.high}]`
    console.log(
      `${String(seconds).padStart(4)} s  ${key.padEnd(20)} ${String(figure.ratio).padStart(7)}  ${spread.padEnd(18)} ${bound}`,
    )
  },
}

for (const [name, part] of Object.entries(PARTS)) {
  if (args.length === 0 || args.includes(name)) await part(report)
}
if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`)
// The page shows whole runs only.
if (args.length === 0) writePage(figures)

async function runMicro(to) {
  execFileSync('npx', ['tsup', '--config', 'bench/tsup.config.ts'], { stdio: 'inherit' })
  const { micro } = await import('./micro.mjs')
  await micro(to)
}

async function runPostgres(to) {
  const { postgres } = await import('./postgres.mjs')
  await postgres(to)
}
