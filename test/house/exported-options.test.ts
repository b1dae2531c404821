import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ScimClient } from '../../src/client/index.js'
import { adapterChecks, replay } from '../../src/conformance/index.js'
import { scimConnections, sqlStore } from '../../src/connections/index.js'
import { guides, renderGuide } from '../../src/guides/index.js'
import { scimRouter } from '../../src/index.js'
import { auditTrail, journal, memoryLog, sqlAudit, sqlLog } from '../../src/journal/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { mysqlTransaction, mappedResources as ofMysql } from '../../src/mysql/index.js'
import { customerPages, pagesOpenApi, staffPages } from '../../src/pages/index.js'
import {
  exportTenant,
  importTenant,
  mappedResources as ofPostgres,
  postgresAdapters,
  postgresDatabase,
  tenantDigest,
} from '../../src/postgres/index.js'
import { scimService, sqlStores } from '../../src/service/index.js'
import { mappedResources as ofSqlite, sqliteAdapters, sqliteDatabase } from '../../src/sqlite/index.js'
import { ROOT } from '../support/process.js'

const SRC = join(ROOT, 'src')

/** The entries of the package; `.` is `index`. */
const ENTRIES = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).exports)
  .filter((path) => path !== './package.json')
  .map((path) => path.replace(/^\.\/?/, '') || 'index')

/** A function of an entry, called with options of any content, and a misspelt option with the name that was meant. */
interface Case {
  readonly call: (options: never) => unknown
  readonly misspelt: string
  readonly meant: string
  /** The function may be called without options. */
  readonly isOptional?: true
}

const visitor = (): undefined => undefined
const pool = { query: visitor, connect: visitor }
const values = { product: 'Acme', url: 'https://app.example/scim/v2' }

const CASES: Readonly<Record<string, Case>> = {
  'index scimRouter': { call: scimRouter, misspelt: 'resorces', meant: 'resources' },
  'client ScimClient': {
    call: (options) => new ScimClient('https://app.example', options),
    misspelt: 'timeot',
    meant: 'timeout',
    isOptional: true,
  },
  'conformance adapterChecks': { call: adapterChecks, misspelt: 'resourceType', meant: 'resourceTypes' },
  'conformance replay': {
    call: (options) => replay([], { url: values.url }, options),
    misspelt: 'username_',
    meant: 'userName',
    isOptional: true,
  },
  'connections scimConnections': { call: scimConnections, misspelt: 'stor', meant: 'store' },
  'connections sqlStore': { call: sqlStore, misspelt: 'databse', meant: 'database' },
  'guides renderGuide': {
    call: (options) => renderGuide(guides.entra, values, options),
    misspelt: 'source',
    meant: 'sources',
    isOptional: true,
  },
  'journal auditTrail': { call: auditTrail, misspelt: 'dys', meant: 'days' },
  'journal journal': { call: journal, misspelt: 'dys', meant: 'days' },
  'journal memoryLog': { call: memoryLog, misspelt: 'entrys', meant: 'entries', isOptional: true },
  'journal sqlAudit': { call: sqlAudit, misspelt: 'databse', meant: 'database' },
  'journal sqlLog': { call: sqlLog, misspelt: 'databse', meant: 'database' },
  'memory memoryAdapter': { call: memoryAdapter, misspelt: 'shema', meant: 'schema' },
  'memory memoryAdapters': { call: memoryAdapters, misspelt: 'user', meant: 'users', isOptional: true },
  'mysql mappedResources': { call: (options) => ofMysql(options, {}), misspelt: 'pol', meant: 'pool' },
  'mysql mysqlTransaction': { call: mysqlTransaction, misspelt: 'pol', meant: 'pool' },
  'pages customerPages': { call: (options) => customerPages(visitor, options), misspelt: 'trial', meant: 'trail' },
  'pages pagesOpenApi': { call: pagesOpenApi, misspelt: 'audienc', meant: 'audience' },
  'pages staffPages': { call: (options) => staffPages(visitor, options), misspelt: 'trial', meant: 'trail' },
  'postgres exportTenant': {
    call: (options) => exportTenant({ pool: pool as never }, options).next(),
    misspelt: 'tenat',
    meant: 'tenant',
  },
  'postgres importTenant': {
    call: (options) => importTenant({ pool: pool as never }, options),
    misspelt: 'tenat',
    meant: 'tenant',
  },
  'postgres mappedResources': { call: (options) => ofPostgres(options, {}), misspelt: 'preprae', meant: 'prepare' },
  'postgres postgresAdapters': { call: postgresAdapters, misspelt: 'schem', meant: 'schema' },
  'postgres postgresDatabase': { call: postgresDatabase, misspelt: 'schem', meant: 'schema' },
  'postgres tenantDigest': {
    call: (options) => tenantDigest({ pool: pool as never }, options),
    misspelt: 'tenat',
    meant: 'tenant',
  },
  'service scimService': { call: scimService, misspelt: 'secrt', meant: 'secret' },
  'service sqlStores': { call: sqlStores, misspelt: 'adapter', meant: 'adapters' },
  'sqlite mappedResources': { call: (options) => ofSqlite(options, {}), misspelt: 'databas', meant: 'database' },
  'sqlite sqliteAdapters': { call: sqliteAdapters, misspelt: 'databas', meant: 'database' },
  'sqlite sqliteDatabase': { call: sqliteDatabase, misspelt: 'databas', meant: 'database' },
}

/** Functions whose options are not checked, and the reason. */
const UNCHECKED: Readonly<Record<string, string>> = {
  'client ScimClientError': 'made in the middle of a failure',
  'index ScimError': 'made in the middle of a request',
  'index applyPatch': 'called for each request',
  'index filterPredicate': 'called for each request',
  'index parseFilter': 'called for each request',
  'journal explain': 'called for each entry of a page',
  'sql compileFilter': 'called for each request',
  'sql compileList': 'called for each request',
  'sql compilePage': 'called for each request',
  'sql compileSort': 'called for each request',
}

describe('functions with options', () => {
  test('are all in the table of this test', () => {
    const known = [...Object.keys(CASES), ...Object.keys(UNCHECKED)]
    expect(withOptions().filter((name) => !known.includes(name))).toEqual([])
    expect(known.filter((name) => !withOptions().includes(name))).toEqual([])
  })

  test.each(Object.entries(CASES))('%s refuses an unknown option', async (_name, { call, misspelt, meant }) => {
    await expect(failureOf(() => call({ [misspelt]: undefined } as never))).resolves.toMatchObject({
      code: expect.stringMatching(/^(?:ERR_SCIM_OPTION|setup)$/),
      message: expect.stringMatching(
        new RegExp(`^Unknown option "${misspelt}" of \\w+\\. Did you mean "${meant}"\\?.* see .*\\.md`),
      ),
    })
  })

  test.each(Object.entries(CASES).filter(([, { isOptional }]) => !isOptional))(
    '%s refuses to be called without options',
    async (_name, { call }) => {
      await expect(failureOf(() => call(undefined as never))).resolves.toMatchObject({
        code: 'ERR_SCIM_OPTION',
        message: expect.stringMatching(/^\w+ must be called with an object of options/),
      })
    },
  )
})

async function failureOf(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

/** `entry name` of each exported function and class that takes options. */
function withOptions(): readonly string[] {
  const taking = new Set<string>()
  for (const file of readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const source = parse(join(SRC, file))
    ts.forEachChild(source, (node) => {
      const parts = ts.isFunctionDeclaration(node)
        ? [node]
        : ts.isClassDeclaration(node)
          ? node.members.filter(ts.isConstructorDeclaration)
          : []
      const isExported = ts.canHaveModifiers(node) && ts.getModifiers(node)?.[0]?.kind === ts.SyntaxKind.ExportKeyword
      const name = (node as ts.FunctionDeclaration).name?.text
      if (isExported && name && parts.some(({ parameters }) => parameters.some((one) => isOptions(one, source)))) {
        taking.add(`${file.split('/')[0]} ${name}`)
      }
    })
  }
  return ENTRIES.map((entry) => [entry, join(SRC, entry === 'index' ? 'index.ts' : `${entry}/index.ts`)] as const)
    .flatMap(([entry, path]) => exportsOf(path).map((name) => [entry, name] as const))
    .filter(([entry, name]) => [...taking].some((one) => isSame(one, entry, name)))
    .map(([entry, name]) => `${entry} ${name}`)
}

/** A function stands in the folder of its entry, or in a folder that has no entry of its own. */
function isSame(taking: string, entry: string, name: string): boolean {
  const [folder = '', own] = taking.split(' ')
  return own === name && (folder === entry || !ENTRIES.includes(folder))
}

function isOptions({ name, type }: ts.ParameterDeclaration, source: ts.SourceFile): boolean {
  if (name.getText(source) === 'options' || (type && ts.isTypeLiteralNode(type))) return true
  return type !== undefined && ts.isTypeReferenceNode(type) && /Options$/.test(type.typeName.getText(source))
}

/** The names that a file exports from others or declares itself. */
function exportsOf(path: string): readonly string[] {
  const names: string[] = []
  ts.forEachChild(parse(path), (node) => {
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause) && !node.isTypeOnly) {
      for (const { name, isTypeOnly } of node.exportClause.elements) if (!isTypeOnly) names.push(name.text)
    }
    if (ts.isFunctionDeclaration(node) && node.name) names.push(node.name.text)
  })
  return names
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
}
