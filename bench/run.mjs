#!/usr/bin/env node
// npm run bench [-- http|floor|journal|micro|groups|process|block|postgres ...] [--json FILE] [--node 22,24,26] [--page
// FILE,FILE]
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { floor } from './floor.mjs'
import { groups } from './groups.mjs'
import { heap } from './heap.mjs'
import { http } from './http.mjs'
import { journals } from './journal.mjs'
import { runOnNodes } from './nodes.mjs'
import { writePage } from './page.mjs'
import { block, processes } from './process.mjs'

const args = process.argv.slice(2)
const take = (option) => {
  const at = args.indexOf(option)
  return at < 0 ? undefined : args.splice(at, 2)[1]
}
const file = take('--json')
const nodes = take('--node')
const pageOf = take('--page')
const PARTS = {
  micro: runMicro,
  process: processes,
  block,
  heap,
  groups,
  http,
  floor,
  journal: journals,
  postgres: runPostgres,
}
for (const name of args) {
  if (!Object.hasOwn(PARTS, name)) throw new Error(`There is no part "${name}": ${Object.keys(PARTS).join(', ')}.`)
}

if (pageOf !== undefined) {
  const figuresOf = {}
  for (const each of pageOf.split(',')) {
    for (const [version, some] of Object.entries(JSON.parse(readFileSync(each, 'utf8')))) {
      figuresOf[version] = { ...figuresOf[version], ...some }
    }
  }
  const inOrder = Object.entries(figuresOf).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  writePage(Object.fromEntries(inOrder))
  process.exit()
}

if (nodes !== undefined) {
  const isWhole = args.length === 0
  const figuresOf = runOnNodes(nodes.split(','), args)
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figuresOf, null, 2)}\n`)
  if (isWhole) writePage(figuresOf)
  process.exit()
}

console.log(`Node ${process.version}`)
const figures = {}
const begun = performance.now()
const report = {
  begin(key) {
    const seconds = Math.round((performance.now() - begun) / 1000)
    process.stderr.write(`${String(seconds).padStart(4)} s  … ${key}${process.stderr.isTTY ? '\r' : '\n'}`)
  },
  probe(name, { status, ms, times, memory, stretch }) {
    const growth = memory === undefined ? '' : `  ${String(memory).padStart(6)} MB`
    console.log(`        ${String(ms).padStart(7)} ms${growth}  ${status}  ${name}  [${times.join(', ')}]`)
    for (const line of stretch ?? []) console.log(`          ${line}`)
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
if (args.length === 0 && process.env.BENCH_ONE_OF_MANY === undefined) writePage({ [process.version]: figures })

async function runMicro(to) {
  execFileSync('npx', ['tsup', '--config', 'bench/tsup.config.ts'], { stdio: 'inherit' })
  const { micro } = await import('./micro.mjs')
  await micro(to)
}

async function runPostgres(to) {
  const { postgres } = await import('./postgres.mjs')
  await postgres(to)
}
