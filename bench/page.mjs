// docs/performance.md and its plots, from the figures of one whole run.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url))

// The most cases that the row itself names.
const CASES_IN_A_ROW = 10

const LINE = 120

const WHAT = {
  get: 'GET /Users/{id}: the router on Express, compared with `res.json` of the same body',
  'filter.eq': 'GET /Users?filter=userName eq "…" among 100,000 users, compared with `res.json` of the same body',
  list: 'GET /Users?count=100 among 100,000 users, compared with `res.json` of the same bytes',
  post: 'POST /Users, compared with `express.json()`, a Map and `res.json`',
  patch: 'PATCH with two operations, compared with a POST to `express.json()`, a Map and `res.json`',
  put: 'PUT, compared with a POST to `express.json()`, a Map and `res.json`',
  'floor.get':
    'GET /Users/{id} without Express: the router on node:http, compared with a token check, a Map and JSON on node:http',
  'floor.list': 'GET /Users?count=100 without Express, compared as `floor.get`',
  'floor.post': 'POST without Express, compared as `floor.get`',
  'floor.put': 'PUT without Express, compared with the POST of `floor.post`',
  'floor.patch': 'PATCH with two operations without Express, compared with the POST of `floor.post`',
  heap: 'bytes of heap for a user in the memory adapter, compared with the same object from JSON.parse',
  'pg.get': 'PostgreSQL documents, GET /Users/{id}, compared with Express and pg on a table of the same rows',
  'pg.list': 'PostgreSQL documents, GET /Users?count=100, compared as `pg.get`',
  'pg.post': 'PostgreSQL documents, POST, compared as `pg.get`',
  'pg.patch': 'PostgreSQL documents, PATCH with two operations, compared with an UPDATE of the same two attributes',
  'pg.sync': 'the first synchronisation of 20,000 users and 200 groups of 500 on PostgreSQL, requests a second',
  bulk: 'one bulk request of 1,000 POSTs: operations a second, compared with single POSTs',
  'group.add': 'one member added: the cost in a group of 100,000, compared with a group of ten',
  'group.remove': 'one member removed: the cost in a group of 100,000, compared with a group of ten',
  'pg.group.add': 'PostgreSQL, one member added: the cost in a group of 1,000,000, compared with a group of ten',
  'pg.group.remove': 'PostgreSQL, one member removed: the cost in a group of 1,000,000, compared with a group of ten',
  'pg.filter.eq': 'PostgreSQL, filter for one value: the cost among 1,000,000 users, compared with 1,000 users',
  'pg.cursor': 'PostgreSQL, page by cursor: the cost after 900,000 users, compared with the first page',
  'pg.connections': 'PostgreSQL, filter with the token of a connection: the cost, compared with bearer(verify)',
  'pg.connections.uncached':
    'PostgreSQL, filter with the token of a connection, without the cache: one indexed read more',
  'journal.memory': 'the report and the log in memory: the CPU time that they add to a request, µs',
  'journal.sql': 'the report and the log in PostgreSQL: the CPU time that they add to a request, µs',
  'journal.minute': 'a minute at 500 requests a second with the log in PostgreSQL: the number of lost entries',
  block: 'the longest time for which one request blocks the event loop, ms',
  yardstick:
    'the speed of the machine: CPU time of JSON.parse and JSON.stringify of 10,000 users, ms; rows in ms and µs go with it',
  cold: 'the time from require to the first answer, beyond that of Express alone, ms',
  packages: 'the number of packages that the installation adds to Express',
  'linear.filter': 'the cost of reading a filter, compared with one of half the length',
  'linear.path': 'the cost of reading a PATCH path, compared with one of half the length',
}

// For keys that name the case themselves: the comparison.
const AGAINST = {
  statements: 'statements that an operation sends to PostgreSQL, BEGIN and COMMIT included',
  parse: 'a filter is read and bound to the schema, compared with the parser of scim2-parse-filter',
  predicate: '10,000 users are filtered, compared with scim2-parse-filter',
  applyPatch: 'the exported function `applyPatch` with five operations, compared with scim-patch without mutation',
  apply: 'a PATCH is read, checked and applied, compared with scim-patch without mutation',
  scimmy: 'among 1,000 users, compared with scimmy and scimmy-routers',
}

function describe(key) {
  const [first] = key.split('.')
  const express = /^(.+)\.express4$/.exec(key)
  return express ? `${WHAT[express[1]]}; on Express 4` : (WHAT[key] ?? AGAINST[first] ?? '')
}

/**
 * Writes the page and its plots.
 *
 * @param {Record<string, Record<string, any>>} figuresOf The figures by the version of Node.
 */
export function writePage(figuresOf) {
  mkdirSync(`${DOCS}img`, { recursive: true })
  // The plots show the version that most people run, if it was measured.
  const [version, figures] =
    Object.entries(figuresOf).find(([name]) => name.startsWith('v24.')) ?? Object.entries(figuresOf)[0]
  const http = ['get', 'filter.eq', 'list', 'post', 'put', 'patch']
  const on = `, Node ${version.slice(1)}`
  writeFileSync(`${DOCS}img/http.svg`, plot(`Against Express without SCIM (1 = as fast)${on}`, http, figures, 1))
  const parts = Object.keys(figures).filter((key) => /^(parse|predicate|apply|applyPatch)\./.test(key))
  writeFileSync(
    `${DOCS}img/parts.svg`,
    plot(`Filters and patches against single-purpose packages (1 = as fast)${on}`, parts, figures, 1),
  )
  writeFileSync(`${DOCS}performance.md`, page(figuresOf))
}

function page(figuresOf) {
  const versions = Object.keys(figuresOf)
  const all = Object.values(figuresOf)
  // Where a part ran on some of the versions only, the others have empty cells.
  const keys = new Set(all.toSorted((a, b) => Object.keys(b).length - Object.keys(a).length).flatMap(Object.keys))
  const rows = [...keys].map((key) => {
    const last = all.findLast((figures) => figures[key])
    const each = Object.entries(last[key].each ?? {})
    const cases =
      each.length > CASES_IN_A_ROW
        ? [`[each case](#the-cases-of-${key})`]
        : each.map(([name, value]) => `${name} ${value}`)
    const limit = all.find((figures) => figures[key]?.limit)?.[key].limit ?? ''
    const cells = all.map((figures) => cell(figures[key]))
    return `| \`${key}\` | ${[describe(key), ...cases].join('; ')} | ${limit} | ${cells.join(' | ')} |`
  })
  return `# Performance

${wrapped(INTRODUCTION(versions))}

![Ratios of HTTP requests](img/http.svg)

![Ratios of filters and patches](img/parts.svg)

| key | case | aim | ${versions.map((version) => `Node ${version.slice(1)}`).join(' | ')} |
| --- | --- | --- |${' --- |'.repeat(versions.length)}
${rows.join('\n')}
${[...keys].map((key) => tableOfCases(key, versions, all)).join('')}`
}

const INTRODUCTION = (versions) =>
  `The figures of \`npm run bench -- --node ${versions.map((version) => /\d+/.exec(version)[0]).join(',')}\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}). ` +
  '[bench/README.md](https://github.com/express-scim/express-scim/blob/main/bench/README.md) explains the measurements. ' +
  'A figure without a unit is a ratio of two measurements, taken in turn in the same run. It is the median of several ' +
  'rounds; the lowest and the highest round are in brackets. For HTTP requests the ratio compares the CPU time of the ' +
  'server for one request, and the figure in italics the requests per second. Above 1 express-scim is faster, except in ' +
  '`heap` and in the rows whose aim is a largest value (`<=`), which compare costs. A figure in bold misses its aim.'

/** The cases of a row that has too many of them, in a table of their own below; no table for other rows. */
function tableOfCases(key, versions, all) {
  const names = [...new Set(all.flatMap((figures) => Object.keys(figures[key]?.each ?? {})))]
  if (names.length <= CASES_IN_A_ROW) return ''
  const rows = names.map((name) => {
    const cells = all.map((figures) => shownCase(figures[key]?.each?.[name], figures[key]?.limit))
    return `| ${name} | ${cells.join(' | ')} |`
  })
  return `
## The cases of \`${key}\`

${wrapped(`Each figure is ${describe(key)}. The row \`${key}\` above has the largest.`)}

| case | ${versions.map((version) => `Node ${version.slice(1)}`).join(' | ')} |
| --- |${' --- |'.repeat(versions.length)}
${rows.join('\n')}
`
}

/** A value above the limit is bold. */
function shownCase(value, limit) {
  if (value === undefined) return ''
  const most = /^<= (.+)$/.exec(limit ?? '')?.[1]
  return most !== undefined && value > Number(most) ? `**${value}**` : `${value}`
}

/** Prose in lines of the usual length. */
function wrapped(text) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= LINE) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}

function cell(figure) {
  if (figure === undefined) return ''
  const { ratio, low, high, ok, throughput } = figure
  const shown = ok ? ratio : `**${ratio}**`
  return `${shown} [${low} – ${high}]${throughput ? `, *${throughput.ratio}*` : ''}`
}

/** A bar for each figure, with its spread; the line marks equal speed. */
function plot(title, keys, figures, line) {
  const shown = keys.filter((key) => figures[key])
  const width = 760
  const left = 150
  const bar = 22
  const most = Math.max(line * 1.2, ...shown.map((key) => figures[key].high))
  const x = (value) => left + (value / most) * (width - left - 70)
  const rows = shown.map((key, index) => {
    const { ratio, low, high, ok } = figures[key]
    const y = 40 + index * (bar + 8)
    return `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${key}</text>
<rect x="${left}" y="${y}" width="${(x(ratio) - left).toFixed(1)}" height="${bar}" fill="${ok ? '#3b7dd8' : '#d8783b'}"/>
<path d="M${x(low).toFixed(1)} ${y + bar / 2}H${x(high).toFixed(1)}" stroke="#222" stroke-width="1.5"/>
<text x="${(x(Math.max(ratio, high)) + 6).toFixed(1)}" y="${y + 15}">${ratio}</text>`
  })
  const height = 56 + shown.length * (bar + 8)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img" aria-label="${title}">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${left}" y="22" font-weight="bold">${title}</text>
${rows.join('\n')}
<path d="M${x(line).toFixed(1)} 32V${height - 14}" stroke="#222" stroke-dasharray="4 3"/>
</svg>
`
}
