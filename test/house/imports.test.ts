import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

/** The order of the house: a file imports from its own part and from those before it, never from those behind it. */
const ORDER = [
  [
    'all-tenants',
    'breather',
    'error',
    'has-own',
    'in-turns',
    'is-object',
    'json-size',
    'json-values',
    'memo',
    'parse-url',
    'suggest',
    'time',
    'urn',
  ],
  ['check-options', 'compatibility'],
  ['schema'],
  ['filter'],
  ['openapi', 'patch'],
  ['message'],
  ['adapter'],
  ['provider'],
  ['express'],
  ['index'],
]

/** Entries of their own. They stand on the contract of the adapter and know nothing of the router. */
const ENTRIES = [
  'memory',
  'fields',
  'mongo',
  'prisma',
  'sql',
  'database',
  'tables',
  'postgres',
  'sqlite',
  'mysql',
  'conformance',
]
/** What those for SQL databases stand on besides, in the order of the house. */
const SQL: readonly string[] = ['sql', 'database', 'tables']
const ON_OTHERS: Readonly<Record<string, readonly string[]>> = {
  mongo: ['fields'],
  prisma: ['fields'],
  sql: ['fields'],
  database: ['sql'],
  tables: ['sql', 'database'],
  postgres: SQL,
  sqlite: SQL,
  mysql: SQL,
}
const BELOW_ENTRIES = 'adapter'

/** The order of the rooms inside a folder, in the same sense; '.' is the folder's own files. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  schema: ['model', 'values', 'reading', 'schemas', 'core', 'discovery', 'resources', 'projection'],
  provider: [
    'shared',
    'setup',
    'request',
    'policy',
    'answer',
    'events',
    'store',
    'query',
    'writing',
    'operations',
    'bulk',
    'recording',
    '.',
  ],
  database: ['.', 'postgresql', 'sqlite', 'mysql'],
  tables: ['shared', 'documents', 'mapped'],
  postgres: ['migrations', 'combined', '.'],
  connections: ['tokens', 'store', 'federated', 'options', 'core', 'credentials', 'operations', 'oauth', '.'],
}

/** Parts that stand around the engine: each uses its public face, and what is named here: other parts, and how options are checked. */
const AROUND: Readonly<Record<string, readonly string[]>> = {
  client: ['index', 'is-object', 'json-values', 'parse-url'],
  connections: [
    'index',
    'check-options',
    'compatibility',
    'suggest',
    'is-object',
    'parse-url',
    'time',
    'database',
    'sql',
  ],
  guides: ['time'],
  journal: ['index', 'check-options', 'suggest', 'is-object', 'time', 'database', 'sql'],
  pages: [
    'index',
    'check-options',
    'suggest',
    'is-object',
    'json-values',
    'parse-url',
    'time',
    'connections',
    'journal',
    'guides',
  ],
  service: ['index', 'connections', 'journal', 'pages', 'database'],
  cli: [
    'index',
    'is-object',
    'json-values',
    'parse-url',
    'suggest',
    'client',
    'guides',
    'conformance',
    'memory',
    'openapi',
    'service',
    'sql',
    'sqlite',
  ],
}

const src = join(__dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

describe('imports in src', () => {
  test('the order is held against a file that breaks it', () => {
    expect(isAllowed('schema', './filter/ast')).toBe(false)
    expect(isAllowed('memory', './provider/options')).toBe(false)
    expect(isAllowed('provider', './memory/index')).toBe(false)
    expect(isAllowed('express', 'express')).toBe(false)
    expect(isAllowed('client', './schema/schema')).toBe(false)
    expect(isAllowed('client', './cli/main')).toBe(false)
    expect(isAllowed('express', './client/index')).toBe(false)
    expect(isAllowed('guides', './index')).toBe(false)
    expect(isAllowed('database', './postgres/index')).toBe(false)
    expect(isAllowed('sql', './database/execute')).toBe(false)
    expect(isAllowed('tables', './sqlite/index')).toBe(false)
    expect(isAllowed('sqlite', './database/execute')).toBe(true)
    expect(isAllowed('express', './guides/index')).toBe(false)
    expect(isAllowed('provider', './journal/index')).toBe(false)
    expect(isAllowed('journal', './provider/setup/hooks')).toBe(false)
    expect(isAllowed('provider', './connections/index')).toBe(false)
    expect(isAllowed('connections', './provider/setup/options')).toBe(false)
    expect(isAllowed('provider', './schema/schema')).toBe(true)
  })

  test.each(files)('%s', (file) => {
    expect(importsOf(file).filter((imported) => !isAllowed(partOf(file), imported))).toEqual([])
    expect(importsOf(file).filter((imported) => !isRoomAllowed(file, imported))).toEqual([])
  })

  test.each(Object.entries(ROOMS))('every folder of %s has its place in the order', (part, rooms) => {
    const folders = readdirSync(join(src, part), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).filter((name) => !rooms.includes(name))).toEqual([])
  })

  test('the order of rooms is held against a file that breaks it', () => {
    expect(isRoomAllowed('provider/setup/limits.ts', './provider/bulk/job.js')).toBe(false)
    expect(isRoomAllowed('provider/bulk/job.ts', './provider/setup/limits.js')).toBe(true)
    expect(isRoomAllowed('provider/bulk/job.ts', './provider/route.js')).toBe(false)
  })
})

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const specifiers = code.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...specifiers].map(([, specifier = '']) => {
    if (!specifier.startsWith('.')) return specifier
    return `./${relative(src, normalize(join(src, dirname(file), specifier))).replaceAll(sep, '/')}`
  })
}

/** The folder of a file, or its name when it stands in src itself. */
function partOf(file: string): string {
  return file.split(/[\\/]/)[0]?.replace(/\.(js|ts)$/, '') ?? ''
}

function isAllowed(part: string, imported: string): boolean {
  // The host's framework is its own affair: everything works on node:http alone.
  if (!imported.startsWith('./')) return imported !== 'express' && !imported.startsWith('express/')
  const target = partOf(imported.slice(2))
  if (target === part) return true
  // The command tells the version of the package.
  if (imported === './../package.json') return part === 'cli'
  // What the checks for a store of connections are about: an interface, and nothing that runs.
  if (part === 'conformance' && /^\.\/(?:connections\/store|journal)\/store\.js$/.test(imported)) return true
  const around = AROUND[part]
  if (around) return around.includes(target)
  if (ENTRIES.includes(part))
    return positionOf(target) <= positionOf(BELOW_ENTRIES) || (ON_OTHERS[part] ?? []).includes(target)
  return positionOf(target) <= positionOf(part)
}

/** Whether a file may import from a room of its own part. */
function isRoomAllowed(file: string, imported: string): boolean {
  const part = partOf(file)
  const rooms = ROOMS[part]
  if (rooms === undefined || !imported.startsWith('./') || partOf(imported.slice(2)) !== part) return true
  return rooms.indexOf(roomOf(imported.slice(2))) <= rooms.indexOf(roomOf(file))
}

/** The folder of a file inside its part; '.' for the part's own files. */
function roomOf(file: string): string {
  const [, room = '', ...rest] = file.split(/[\\/]/)
  return rest.length > 0 ? room : '.'
}

function positionOf(part: string): number {
  const position = ORDER.findIndex((parts) => parts.includes(part))
  return position < 0 ? Number.POSITIVE_INFINITY : position
}
