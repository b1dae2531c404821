import { AuditStoreViolation, auditStoreChecks } from '../../src/conformance/index.js'
import { type AuditRow, type AuditStore, memoryAudit, sqlAudit } from '../../src/journal/index.js'
import { postgresDatabase } from '../../src/postgres/index.js'
import { sqliteDatabase } from '../../src/sqlite/index.js'
import { testDatabase } from '../support/postgres.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

describe('the audit trail in memory', () => {
  test.each(auditStoreChecks(() => memoryAudit()))('$name', ({ run }) => run())
})

describe('the audit trail in PostgreSQL', () => {
  const database = testDatabase()
  const store = () => sqlAudit({ database: postgresDatabase({ pool: database.pool, schema: database.schema }) })
  beforeAll(() => store().migrate?.())
  test.each(auditStoreChecks(store))('$name', ({ run }) => run())
})

describe('the audit trail in SQLite', () => {
  const open = sqliteInMemory()
  let store: AuditStore
  beforeAll(async () => {
    store = sqlAudit({ database: sqliteDatabase({ database: open() }) })
    await store.migrate?.()
    await store.migrate?.()
  })
  test.each(auditStoreChecks(() => store))('$name', ({ run }) => run())
})

describe('the checks find what is wrong with a store', () => {
  const changed = (change: (sound: AuditStore) => Partial<AuditStore>) => (): AuditStore => {
    const sound = memoryAudit()
    return { ...sound, ...change(sound) }
  }
  const shown = (change: (rows: readonly AuditRow[]) => readonly AuditRow[]) =>
    changed(({ page }) => ({ page: async (query) => change(await page(query)) }))
  const kept = (change: (row: AuditRow) => AuditRow) =>
    changed(({ append }) => ({
      append: (tenant, rows, call) => append(tenant, (ends) => rows(ends).map(change), call),
    }))
  const BROKEN: readonly (readonly [string, () => AuditStore])[] = [
    ['forgets', changed(() => ({ append: async () => {} }))],
    ['loses members', kept((row) => ({ ...row, members: new Map() }))],
    ['gives times as numbers', shown((rows) => rows.map((row) => ({ ...row, time: row.time.getTime() as never })))],
    ['gives the last row first', shown((rows) => rows.toReversed())],
    [
      'mixes tenants',
      changed(({ append, page, ends }) => ({
        append: (_tenant, rows, call) => append('all', rows, call),
        page: (query) => page({ ...query, tenant: 'all' }),
        ends: () => ends('all'),
      })),
    ],
    ['does not look at after', changed(({ page }) => ({ page: (query) => page({ ...query, after: 0 }) }))],
    ['does not look at count', changed(({ page }) => ({ page: (query) => page({ ...query, count: 1_000 }) }))],
    [
      'does not look at the resource',
      changed(({ page }) => ({ page: (query) => page({ ...query, resourceId: undefined }) })),
    ],
    [
      'does not know its end',
      changed(({ ends }) => ({ ends: async (tenant) => ({ ...(await ends(tenant)), hash: '' }) })),
    ],
    [
      'lets two append at once',
      changed(({ append, ends }) => ({
        append: async (tenant, rows, call) => {
          const seen = await ends(tenant)
          const made = rows(seen)
          await new Promise((resolve) => setImmediate(resolve))
          await append(tenant, () => made, call)
        },
      })),
    ],
    ['swallows failures', changed(({ append }) => ({ append: (...given) => append(...given).catch(() => {}) }))],
    ['erases nothing', changed(() => ({ erase: async () => 3 }))],
    [
      'erases no members',
      changed(({ page, erase }) => {
        const rows: AuditRow[] = []
        return {
          erase: async (what) => {
            rows.push(...(await page({ tenant: what.tenant, after: 0, count: 100 })))
            return erase(what)
          },
          page: async (query) =>
            (await page(query)).map((row) => ({ ...row, members: rows[row.number - 1]?.members ?? row.members })),
        }
      }),
    ],
    ['counts no erased rows', changed(({ erase }) => ({ erase: async (what) => (await erase(what)) - 1 }))],
    ['prunes nothing', changed(() => ({ prune: async () => 0 }))],
    ['prunes all at once', changed(({ prune }) => ({ prune: (what) => prune({ ...what, count: 1_000 }) }))],
    ['prunes what is not old', changed(({ prune }) => ({ prune: (what) => prune({ ...what, before: new Date() }) }))],
    [
      'forgets what was pruned',
      changed(({ ends }) => ({
        ends: async (tenant) => ({ ...(await ends(tenant)), prunedNumber: 0, prunedHash: '' }),
      })),
    ],
    [
      'takes a hundred rows',
      changed(({ append }) => ({
        append: (tenant, rows, call) => append(tenant, (ends) => rows(ends).slice(0, 100), call),
      })),
    ],
  ]

  test.each(BROKEN)('that %s', async (_, open) => {
    const outcomes = await Promise.allSettled(auditStoreChecks(open).map(({ run }) => run()))
    const found = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
    expect(found.some((reason) => reason instanceof AuditStoreViolation)).toBe(true)
  })
})
