import { mappedResources } from '../../src/postgres/index.js'
import { type AppOptions, startApp, TOKEN } from '../support/app.js'
import { testAdapters, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'
import { express } from './terminal.js'

const env = { SCIM_TOKEN: TOKEN }
const users = { active: { default: true } } as const
const groups = { displayName: { uniqueness: 'server' } } as const

const ME = '/Me is the resource of who asks, or 501: The server has no resource for who asks (501).'
const TOKENS = [
  'A token of the token endpoint is accepted: Only with OAuth client credentials (--client-id).',
  'A token for a federated identity is accepted: Needs a token of Microsoft Entra ID.',
]

type Mode = 'tolerant' | 'strict'

/**
 * The options of the check in each mode, and the rules that this service cannot show. Strict mode refuses requests of
 * providers that break the RFCs.
 */
const MODES: Readonly<Record<Mode, { readonly line: readonly string[]; readonly unseen: readonly string[] }>> = {
  tolerant: { line: [], unseen: [ME, ...TOKENS] },
  strict: { line: ['--as', 'rfc', '--strict'], unseen: [ME] },
}

/** Checks a service on documents. */
export function checkDocuments(mode: Mode): void {
  const database = testAdapters({ groups: { attributes: groups } })
  passes(mode, () => {
    const { User, Group } = database.postgres.resources
    return {
      resources: { User: { ...User, attributes: users }, Group: { ...Group, attributes: groups } },
      transaction: database.postgres.transaction,
    }
  })
}

/** Checks a service on existing tables. */
export function checkTables(mode: Mode): void {
  const database = testDatabase()
  beforeAll(async () => {
    await database.pool.query(tableStatements(database.schema))
    await database.pool.query(`CREATE UNIQUE INDEX ON "${database.schema}".teams (org, name_key)`)
  })
  passes(mode, () => {
    const { User, Group } = tableMapping(database.schema)
    const named = { ...Group.attributes, displayName: { column: 'name', folded: 'name_key' } }
    return {
      authenticate: ({ token }) => (token === TOKEN ? { tenant: 'check' } : null),
      resources: mappedResources(
        { pool: database.pool },
        { User: { ...User, policies: users }, Group: { ...Group, attributes: named, policies: groups } },
      ),
    }
  })
}

function passes(mode: Mode, options: () => AppOptions): void {
  const { line, unseen } = MODES[mode]
  test(`${mode}: every rule holds, and every provider has its full score`, async () => {
    const app = await startApp({ ...options(), compatibility: mode, cursor: { secrets: ['a secret of the tests'] } })
    const { code, out } = await express(['check', app.base, '--yes', '--json', ...line], { env })
    const report = JSON.parse(out)
    const bad = report.results.filter(({ status }: any) => !['passed', 'skipped'].includes(status))
    expect(bad.map(({ area, title, message }: any) => `${area}: ${title}: ${message}`)).toEqual([])
    expect(code).toBe(0)
    const skipped = report.results.filter(({ status }: any) => status === 'skipped')
    expect(skipped.map(({ title, message }: any) => `${title}: ${message}`)).toEqual(unseen)
    expect(report.left).toEqual([])
  })
}
