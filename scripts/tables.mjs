#!/usr/bin/env node
// Puts the tables of the code into the documentation, between <!-- name --> and <!-- /name -->, and the address of the
// repository, from package.json, into links. With --check it only tells whether they are there. Needs a build.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { EVENTS, LIMITS, TOLERANCES } from 'express-scim'
import { CONNECTION_EVENTS } from 'express-scim/connections'
import { decisionTests } from './decision-tests.mjs'
import { optionRows } from './option-rows.mjs'

/**
 * A table of options, made from an interface and the interfaces that it extends, each `[file, name]` or `[file, name,
 * members]`.
 */
const options = (file, name, page = 'docs/options.md', more = []) => ({
  file: page,
  name,
  head: ['name', 'type', 'default', 'meaning', 'since'],
  rows: [[file, name], ...more].flatMap(([path, ...which]) => optionRows(`src/${path}`, ...which)),
})

const TABLES = [
  {
    file: 'docs/compatibility.md',
    name: 'tolerances',
    head: ['name', 'accepted deviation', 'strict mode', 'seen from'],
    rows: Object.entries(TOLERANCES).map(([name, { description, strict, sentBy }]) => [
      `\`${name}\``,
      description,
      strict,
      sentBy,
    ]),
  },
  {
    file: 'docs/limits.md',
    name: 'limits',
    head: ['name', 'bounds', 'default', 'answer beyond it', 'enforced'],
    rows: Object.entries(LIMITS).map(([name, limit]) => [
      `\`${name}\``,
      limit.description,
      `${limit.default.toLocaleString('en-US')} ${limit.unit}`,
      limit.response,
      limit.enforced,
    ]),
  },
  {
    file: 'docs/events.md',
    name: 'events',
    head: ['event', 'of', 'when', 'carries, where known'],
    rows: Object.entries(EVENTS).map(([kind, { role, when, carries }]) => [
      `\`${role === 'membership' ? 'group' : 'user'}.${kind}\``,
      role ? `types with the role \`${role}\`` : 'every resource type',
      when,
      named(carries),
    ]),
  },
  {
    file: 'docs/connections.md',
    name: 'connection-events',
    head: ['event', 'when', 'also carries'],
    rows: Object.entries(CONNECTION_EVENTS).map(([name, { when, carries }]) => [`\`${name}\``, when, named(carries)]),
  },
  options('provider/setup/options.ts', 'ScimRouterOptions'),
  options('provider/setup/options.ts', 'CallerIdentity'),
  options('provider/shared/cursor.ts', 'CursorOptions'),
  options('provider/setup/options.ts', 'AuthenticationScheme'),
  options('provider/setup/options.ts', 'ResourceEntry'),
  options('adapter/contract/resource-adapter.ts', 'Supports'),
  options('schema/define/schema.ts', 'AttributeOverride'),
  options('schema/model/definition.ts', 'AttributePolicy'),
  options('schema/model/definition.ts', 'AttributeDefinition'),
  options('adapter/contract/identity.ts', 'Identity'),
  options('memory/index.ts', 'MemoryAdaptersOptions'),
  options('memory/index.ts', 'MembersOptions'),
  options('memory/memory-type.ts', 'MemoryTypeOptions'),
  options('postgres/index.ts', 'PostgresOptions', 'docs/postgres.md', [
    ['tables/shared/replica.ts', 'ReaderOptions'],
    ['tables/documents/adapters.ts', 'DocumentOptions'],
  ]),
  options('tables/documents/adapters.ts', 'OwnType', 'docs/postgres.md', [
    ['tables/documents/stored-type.ts', 'StoredTypeOptions', ['attributes', 'indexes']],
  ]),
  options('postgres/mapped-resources.ts', 'MappedOptions', 'docs/postgres.md', [
    ['tables/shared/replica.ts', 'ReaderOptions'],
    ['tables/mapped/mapped-tables.ts', 'MappedTablesOptions'],
  ]),
  {
    ...options('sql/mapping.ts', 'TableMapping', 'docs/postgres.md', [['tables/mapped/declaration.ts', 'MappedType']]),
    name: 'MappedType',
  },
  {
    ...options('sqlite/open.ts', 'SqliteOptionsByTenant', 'docs/sqlite.md', [
      ['tables/documents/adapters.ts', 'DocumentOptions'],
    ]),
    name: 'SqliteOptions',
  },
  {
    ...options('mysql/mapped-resources.ts', 'MappedOptions', 'docs/mysql.md', [
      ['tables/mapped/mapped-tables.ts', 'MappedTablesOptions'],
    ]),
    name: 'MysqlOptions',
  },
  options('client/options.ts', 'ScimClientOptions', 'docs/client.md'),
  options('client/options.ts', 'RetryOptions', 'docs/client.md'),
  options('connections/options/options.ts', 'ConnectionsOptions', 'docs/connections.md'),
  options('journal/log/journal.ts', 'JournalOptions', 'docs/journal.md'),
  options('journal/audit/trail.ts', 'AuditTrailOptions', 'docs/audit.md'),
  options('pages/request/options.ts', 'PagesOptions', 'docs/pages.md'),
  options('service/options.ts', 'ScimServiceOptions', 'docs/pages.md'),
  options('provider/shared/cursor.ts', 'CursorOptions', 'docs/pagination.md'),
  options('openapi/document.ts', 'OpenApiOptions', 'docs/openapi.md'),
  options('sql/compile.ts', 'CompileOptions', 'docs/sql.md'),
]

/** Names as code, with commas. */
function named(names) {
  return names.map((name) => `\`${name}\``).join(', ')
}

/** The tests of each decision, with links into the repository: the package has no tests. */
const DECISIONS = { file: 'docs/decisions.md', name: 'decision-tests', text: decisionTable() }

/** The pages of help, as the command prints them. */
const HELP = ['check', 'simulate', 'filter', 'serve', 'guide', 'openapi'].map((name) => output(`help ${name}`))

/** The output of commands that need no server. */
const SAMPLES = [
  output('filter', ['userName sw "b" and active eq true']),
  output('guide', ['entra', '--product', 'Acme', '--url', 'https://app.example/scim/v2'], 11),
]

/** A place of docs/cli.md for the output of a command, or for the first lines of it. */
function output(name, line = [], lines = Number.POSITIVE_INFINITY) {
  const whole = execFileSync(process.execPath, ['dist/cli.js', ...name.split(' '), ...line], { encoding: 'utf8' })
  const text = lines < whole.split('\n').length ? `${whole.split('\n').slice(0, lines).join('\n')}\n…\n` : whole
  return { file: 'docs/cli.md', name, text: `\`\`\`text\n${text}\`\`\`` }
}

/** Pages with links into the repository, whose address package.json has. */
const LINKING = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((file) =>
  /\.(md|txt)$/.test(file),
)
const { name: packageName, repository } = JSON.parse(readFileSync('package.json', 'utf8'))
const ADDRESS = repository.url.replace(/^git\+|\.git$/g, '')

function decisionTable() {
  const decisions = decisionTests(readFileSync('docs/decisions.md', 'utf8')).filter(([, files]) => files.length > 0)
  const repository = JSON.parse(readFileSync('package.json', 'utf8')).homepage.replace(/#.*$/, '')
  const rows = decisions.map(([number, files]) => [
    `[${number}](#${number.toLowerCase()})`,
    files.map((file) => `[${file}]`).join(', '),
  ])
  const links = [...new Set(decisions.flatMap(([, files]) => files))].sort()
  const references = links.map((file) => `[${file}]: ${repository}/blob/main/test/${file}`)
  return `${table(['decision', 'tests'], rows)}\n\n${references.join('\n')}`
}

const check = process.argv.includes('--check')
for (const file of LINKING) {
  const before = readFileSync(file, 'utf8')
  const after = before.replace(new RegExp(`https://github\\.com/[\\w.-]+/${packageName}(?![\\w-])`, 'g'), () => ADDRESS)
  if (check && after !== before)
    throw new Error(`${file} has links to another repository than package.json; run npm run docs.`)
  if (after !== before) writeFileSync(file, after)
}
for (const { file, name, head, rows, text = table(head, rows) } of [...TABLES, DECISIONS, ...HELP, ...SAMPLES]) {
  if (!existsSync(file)) throw new Error(`${file} does not exist.`)
  const before = readFileSync(file, 'utf8')
  const after = before.replace(
    new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`),
    () => `<!-- ${name} -->\n${text}\n<!-- /${name} -->`,
  )
  if (!after.includes(`<!-- ${name} -->`)) throw new Error(`${file} has no place for the table "${name}".`)
  if (check && after !== before) throw new Error(`${file} is out of date; run npm run docs.`)
  if (after !== before) writeFileSync(file, after)
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
