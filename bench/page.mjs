// docs/performance.md and its plots, from the figures of one whole run.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url))

const WHAT = {
  get: 'GET /Users/{id}, to `res.json` of the same body',
  'filter.eq': 'GET /Users?filter=userName eq "…" among 100,000 users, to `res.json` of the same body',
  list: 'GET /Users?count=100 among 100,000 users, to `res.json` of the same bytes',
  post: 'POST /Users, to `express.json()`, a Map and `res.json`',
  patch: 'PATCH with two operations, to the same bare POST',
  put: 'PUT, to the same bare POST',
  bulk: 'Bulk of 1,000 POSTs, operations to single POSTs',
  'group.add': 'one member added: cost in a group of 100,000 to a group of ten',
  'group.remove': 'one member removed: the same',
  'pg.group.add': 'PostgreSQL, one member added: cost in a group of 1,000,000 to a group of ten',
  'pg.group.remove': 'PostgreSQL, one member removed: the same',
  'pg.filter.eq': 'PostgreSQL, equality filter: cost among 1,000,000 users to among 1,000',
  'pg.cursor': 'PostgreSQL, cursor page: cost at depth 900,000 to the first',
  'pg.connections': 'PostgreSQL, filter with the token of a connection: cost to one with bearer(verify)',
  'pg.connections.uncached': 'PostgreSQL, the same without the cache: one indexed read more',
  block: 'longest time one request blocks the event loop, ms',
  cold: 'from require to the first answer, beyond Express alone, ms',
  packages: 'packages that the installation adds beside Express',
  'linear.filter': 'a filter of twice the length: cost to that of the single length',
  'linear.path': 'a PATCH path of twice the length: the same',
}

// Keys that say themselves what is compared, once it is said with what.
const AGAINST = {
  parse: 'a filter read and bound to the schema, to the parser of scim2-parse-filter',
  predicate: '10,000 users filtered, to scim2-parse-filter',
  applyPatch: 'the exported function, five operations, to scim-patch without mutation',
  apply: 'a patch read, checked and applied, to scim-patch without mutation',
  scimmy: 'among 1,000 users, to scimmy with scimmy-routers',
}

function describe(key) {
  const [first] = key.split('.')
  const express = /^(.+)\.express4$/.exec(key)
  return express ? `${WHAT[express[1]]}; on Express 4` : (WHAT[key] ?? AGAINST[first] ?? '')
}

/** Writes the page and its plots. */
export function writePage(figures) {
  mkdirSync(`${DOCS}img`, { recursive: true })
  const http = ['get', 'filter.eq', 'list', 'post', 'put', 'patch']
  writeFileSync(`${DOCS}img/http.svg`, plot('Against Express without SCIM (1 = as fast)', http, figures, 1))
  const parts = Object.keys(figures).filter((key) => /^(parse|predicate|apply|applyPatch)\./.test(key))
  writeFileSync(
    `${DOCS}img/parts.svg`,
    plot('Filters and patches against single-purpose packages (1 = as fast)', parts, figures, 1),
  )
  writeFileSync(`${DOCS}performance.md`, page(figures))
}

function page(figures) {
  const rows = Object.entries(figures).map(([key, figure]) => {
    const { ratio, low, high, limit, ok, throughput, each } = figure
    const reached = limit === null ? '' : ok ? 'yes' : '**no**'
    const beside = throughput ? `${throughput.ratio} [${throughput.low} – ${throughput.high}]` : ''
    const cases = Object.entries(each ?? {}).map(([name, value]) => `${name} ${value}`)
    return `| \`${key}\` | ${[describe(key), ...cases].join('; ')} | ${ratio} [${low} – ${high}] | ${beside} | ${limit ?? ''} | ${reached} |`
  })
  return `# Performance

The figures of one run of \`npm run bench\` on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}.
[bench/README.md](../bench/README.md) tells how they are measured. Each is a ratio of two things measured in turn in the same run: the
median of several rounds, with the lowest and the highest. HTTP cases are compared by CPU time of the server for one request;
the column beside it has the same by throughput.

![Ratios of HTTP requests](img/http.svg)

![Ratios of filters and patches](img/parts.svg)

| key | case | ratio | by throughput | aim | reached |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

/** A bar for each figure, with its spread; the line is where both are as fast. */
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
