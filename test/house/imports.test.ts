import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

/**
 * The order of the house: a file imports from its own part and from the parts before it, never from the parts behind
 * it.
 */
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
    'setup-error',
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
/** Further parts under the parts for SQL databases, in the order of the house. */
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
  schema: ['model', 'values', 'reading', 'define', 'core', 'discovery', 'resources', 'projection'],
  adapter: ['contract', '.'],
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
  conformance: ['sequences', 'kit', 'rules', 'stores', 'replay', '.'],
  database: ['.', 'postgresql', 'sqlite', 'mysql'],
  tables: ['shared', 'documents', 'mapped'],
  postgres: ['migrations', 'combined', '.'],
  connections: ['tokens', 'store', 'federated', 'options', 'core', 'credentials', 'operations', 'oauth', '.'],
  guides: ['shared', 'okta', 'entra', '.'],
  journal: ['shared', 'log', 'explain', 'audit', '.'],
  pages: ['contract', 'request', 'views', 'calls', 'client', '.'],
  'pages/client': ['styles', 'texts', 'data', 'ui', 'views', '.'],
  'pages/client/views': ['shared', 'log', 'setup', 'connection', 'people', 'staff', '.'],
  cli: ['shared', 'check', 'filter', 'guide', 'openapi', 'serve', 'simulate', '.'],
  'cli/check': ['bench', 'providers', 'rules', '.'],
}

/**
 * Parts around the engine: each uses the public face of the engine, and the parts that are named here, such as the
 * checks of options.
 */
const AROUND: Readonly<Record<string, readonly string[]>> = {
  client: ['index', 'check-options', 'is-object', 'json-values', 'parse-url'],
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
  guides: ['check-options', 'setup-error', 'suggest', 'time'],
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
  service: ['index', 'check-options', 'connections', 'journal', 'pages', 'database'],
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
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))

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

  test('every folder that has folders has an order of them', () => {
    const folders = readdirSync(src, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => ({ parent: relative(src, parentPath).replaceAll(sep, '/'), name }))
      .filter(({ parent }) => parent !== '')
    expect(folders.filter(({ parent, name }) => !ROOMS[parent]?.includes(name))).toEqual([])
  })

  test('the order of rooms is held against a file that breaks it', () => {
    expect(isRoomAllowed('provider/setup/limits.ts', './provider/bulk/job.js')).toBe(false)
    expect(isRoomAllowed('provider/bulk/job.ts', './provider/setup/limits.js')).toBe(true)
    expect(isRoomAllowed('provider/bulk/job.ts', './provider/route.js')).toBe(false)
    expect(isRoomAllowed('cli/check/rules/me.ts', './cli/check/run.js')).toBe(false)
    expect(isRoomAllowed('cli/check/run.ts', './cli/check/rules/index.js')).toBe(true)
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
  // The checks for a store of connections import its interface, and no code.
  if (part === 'conformance' && /^\.\/(?:connections\/store|journal)\/store\.js$/.test(imported)) return true
  const around = AROUND[part]
  if (around) return around.includes(target)
  if (ENTRIES.includes(part))
    return positionOf(target) <= positionOf(BELOW_ENTRIES) || (ON_OTHERS[part] ?? []).includes(target)
  return positionOf(target) <= positionOf(part)
}

/** Whether a file may import from another room of the folders that hold both files. */
function isRoomAllowed(file: string, imported: string): boolean {
  const target = imported.replace(/^\.\//, '')
  return Object.entries(ROOMS).every(([folder, rooms]) => {
    const own = roomOf(folder, file)
    const other = roomOf(folder, target)
    return own === undefined || other === undefined || rooms.indexOf(other) <= rooms.indexOf(own)
  })
}

/** The room of a file among the rooms of a folder; '.' for the folder's own files, undefined for a file elsewhere. */
function roomOf(folder: string, file: string): string | undefined {
  const path = file.replaceAll(sep, '/')
  if (!path.startsWith(`${folder}/`)) return undefined
  const [room = '', ...rest] = path.slice(folder.length + 1).split('/')
  return rest.length > 0 ? room : '.'
}

function positionOf(part: string): number {
  const position = ORDER.findIndex((parts) => parts.includes(part))
  return position < 0 ? Number.POSITIVE_INFINITY : position
}
