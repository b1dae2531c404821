import type { RequestReport } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { type AppOptions, sharedApp, TOKEN } from '../support/app.js'
import { sample } from '../support/length.js'
import { testAdapters, testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'
import { cases, isPlayedIn, type Mode, playCase, Reports } from './case.js'
import { PENDING } from './pending.js'

const all = Object.values(cases).flat()

test('every case has its own id', () => {
  expect(all.length).toBeGreaterThanOrEqual(50)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test('only cases that exist are pending', () => {
  const ids = new Set(all.map(({ id }) => id))
  expect(PENDING.filter((name) => !ids.has(name.split(' ')[0] as string))).toEqual([])
})

describe('memory', () => {
  playAll('memory', [0, 0], () => {
    const { users, groups } = memoryAdapters()
    return {
      resources: {
        User: { adapter: users, supports: { versions: true } },
        Group: { adapter: groups, supports: { versions: true } },
      },
    }
  })
})

describe('documents', () => {
  const database = testAdapters()
  playAll('documents', [0, 3], () => ({
    resources: database.postgres.resources,
    transaction: database.postgres.transaction,
  }))
})

describe('mapped', () => {
  const database = testDatabase()
  beforeAll(() => database.pool.query(tableStatements(database.schema)))
  playAll('mapped', [1, 4], (mode) => ({
    authenticate: ({ token }) => (token === TOKEN ? { tenant: mode } : null),
    resources: mappedResources({ pool: database.pool }, tableMapping(database.schema)),
  }))
})

/** One server for each mode plays all cases; `from` tells which of them in the short form, tolerant and strict. */
function playAll(adapter: string, from: readonly [number, number], options: (mode: Mode) => AppOptions): void {
  describe.each(['tolerant', 'strict'] as const)('%s', (mode) => {
    const reports = new Reports()
    const request = (report: RequestReport): void => reports.hook(report)
    const app = sharedApp(() => ({ ...options(mode), compatibility: mode, on: { request } }))
    // Most cases are about how a request is read, which no adapter sees.
    const every = adapter === 'memory' ? 1 : 6
    for (const one of sample(all, every, from[mode === 'tolerant' ? 0 : 1]).filter((each) => isPlayedIn(mode, each))) {
      const isPending = PENDING.includes(one.id) || PENDING.includes(`${one.id} on ${adapter} ${mode}`)
      test(isPending ? `${one.id} is pending, and fails` : one.id, async () => {
        const failures = await playCase(one, mode, app.scim, reports)
        if (isPending) expect(failures).not.toEqual([])
        else expect(failures).toEqual([])
      })
    }
  })
}
