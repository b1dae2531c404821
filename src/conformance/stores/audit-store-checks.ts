import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { AuditRow, AuditStore } from '../../journal/store.js'
import { docsAt } from '../../setup-error.js'
import type { Check } from '../kit/check.js'
import { at } from './minute.js'

/** Thrown if a store of the audit trail breaks a rule. */
export class AuditStoreViolation extends Error {
  override readonly name = 'AuditStoreViolation'

  constructor(sentence: string) {
    super(`${sentence} (${docsAt('audit.md')})`)
  }
}

/** The tools of a check: a tenant of its own. */
interface Bench {
  readonly store: AuditStore
  readonly tenant: string
  /** Appends rows, one call for each list, with numbers that follow the last number of the store. */
  readonly append: (...parts: readonly Partial<AuditRow>[]) => Promise<readonly AuditRow[]>
  readonly rows: (query?: {
    readonly after?: number
    readonly count?: number
    readonly resourceId?: string
  }) => Promise<readonly AuditRow[]>
  readonly hold: (got: unknown, wanted: unknown, sentence: string) => void
}

const OUTSIDE = { transaction: undefined }
const numbers = (rows: readonly AuditRow[]): readonly number[] => rows.map(({ number }) => number)

const RULES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'rows come back as they went, in the order of their numbers': async ({ append, rows, hold }) => {
    const members = new Map([
      ['h1', 'm1'],
      ['h2', 'm2'],
    ])
    const content = '{"time":1,"reason":"ü\u2028\\"\\\\"}'
    const appended = await append({ content, members, actor: 'ada', resourceId: 'r' }, { time: at(3) })
    hold(await rows(), appended, 'page must give back what append has stored: times as Date, members as Map.')
  },
  'append is told the ends of the chain, and they are kept': async ({ store, tenant, append, hold }) => {
    const none = { number: 0, hash: '', prunedNumber: 0, prunedHash: '' }
    hold(await store.ends(tenant), none, "ends must be 0 and '' before the first row.")
    await append({}, {})
    await append({})
    hold(await store.ends(tenant), { ...none, number: 3, hash: 'hash-3' }, 'ends must be those of the last row.')
    await store.append(tenant, () => [], OUTSIDE)
    hold((await store.ends(tenant)).number, 3, 'append of no rows must change nothing.')
  },
  'two that append at the same time come one after the other': async ({ append, rows, hold }) => {
    await Promise.all(Array.from({ length: 8 }, () => append({})))
    hold(
      numbers(await rows()),
      [1, 2, 3, 4, 5, 6, 7, 8],
      'Nobody may append to a tenant between the call of rows and the end of its transaction.',
    )
  },
  'rows that cannot be made are not stored': async ({ store, tenant, append, rows, hold }) => {
    await append({})
    const failing = store.append(
      tenant,
      () => {
        throw new Error('no rows')
      },
      OUTSIDE,
    )
    hold(
      await failing.then(
        () => 'stored',
        () => 'rejected',
      ),
      'rejected',
      'append must reject if rows throws.',
    )
    await append({})
    hold(numbers(await rows()), [1, 2], 'An append that rejects must leave the chain as it was.')
  },
  'pages begin behind a number, and may be of one resource': async ({ append, rows, hold }) => {
    await append({ resourceId: 'a' }, { resourceId: 'b' }, { resourceId: 'a' })
    hold(numbers(await rows({ after: 1 })), [2, 3], 'after must leave out its number and what is before.')
    hold(numbers(await rows({ count: 2 })), [1, 2], 'page must give no more than count rows, the first ones.')
    hold(numbers(await rows({ resourceId: 'a' })), [1, 3], 'page must look at the id of the resource.')
    hold(numbers(await rows({ after: 1, resourceId: 'a' })), [3], 'All that a query names must hold.')
  },
  'a tenant has a chain of its own': async ({ store, tenant, append, rows, hold }) => {
    const other = `${tenant}-other`
    await append({ resourceId: 'r' })
    await store.append(other, () => [rowOf(other, 1, { resourceId: 'r' })], OUTSIDE)
    hold(
      (await rows()).map((row) => row.tenant),
      [tenant],
      'page must look at the tenant.',
    )
    hold(await store.erase({ tenant, id: 'r' }), 1, 'erase must look at the tenant.')
    const [left] = await store.page({ tenant: other, after: 0, count: 9 })
    hold(left?.resourceId, 'r', 'erase must leave other tenants alone.')
    await store.prune({ tenant: other, before: at(1_000), count: 9 })
  },
  'an id is erased as resource, member and actor, and the hashes stay': async ({
    store,
    tenant,
    append,
    rows,
    hold,
  }) => {
    const before = await append(
      { resourceId: 'anna', actor: 'ada' },
      {
        resourceId: 'group',
        members: new Map([
          ['h1', 'anna'],
          ['h2', 'berta'],
        ]),
      },
      { actor: 'anna' },
      { resourceId: 'berta', actor: 'ada' },
    )
    hold(await store.erase({ tenant, id: 'anna' }), 3, 'erase must return how many rows it has changed.')
    const after = await rows()
    hold(
      after.map(({ resourceId, actor, members }) => [resourceId, actor, [...members.values()]]),
      [
        ['', 'ada', []],
        ['group', '', ['berta']],
        ['', '', []],
        ['berta', 'ada', []],
      ],
      'erase must take out the id that it was given, and no other.',
    )
    const chain = (list: readonly AuditRow[]) => list.map(({ content, previous, hash }) => [content, previous, hash])
    hold(chain(after), chain(before), 'erase must leave content and hashes as they are.')
  },
  'old rows go from the first on, in small steps, and the ends remember': async ({
    store,
    tenant,
    append,
    rows,
    hold,
  }) => {
    await append({ time: at(1) }, { time: at(2) }, { time: at(9) }, { time: at(3) })
    const prune = (count: number) => store.prune({ tenant, before: at(5), count })
    hold(await prune(1), 1, 'prune must remove no more than count rows.')
    hold(await prune(9), 1, 'prune must stop at the first row that is not old, also if an older one follows.')
    hold(await prune(9), 0, 'prune must return 0 if nothing is left.')
    hold(numbers(await rows()), [3, 4], 'prune must remove the first rows, and keep the others.')
    hold(
      await store.ends(tenant),
      { number: 4, hash: 'hash-4', prunedNumber: 2, prunedHash: 'hash-2' },
      'ends must tell the last row that was pruned.',
    )
    await append({})
    hold(numbers(await rows()), [3, 4, 5], 'append must go on behind the last row, whatever was pruned.')
  },
  'many rows and members come at once': async ({ append, rows, hold }) => {
    const members = new Map(Array.from({ length: 1_200 }, (_, index) => [`h${index}`, `m${index}`]))
    await append({ members }, ...Array.from({ length: 600 }, () => ({})))
    const [first, ...others] = await rows({ count: 2_000 })
    hold(first?.members.size, 1_200, 'append must store all members of a row.')
    hold(others.length, 600, 'append must store all rows.')
  },
}

/**
 * Checks of the contract of an audit trail's store. They work in tenants of their own, and remove the rows in the end.
 * They cannot check whether `append` writes in the transaction of the call: test that with your database.
 *
 * @param open Returns the store, ready for use. It is called for each check.
 *
 * @example
 * ```ts
 * import { auditStoreChecks } from 'express-scim/conformance'
 * import { memoryAudit } from 'express-scim/journal'
 *
 * for (const { name, run } of auditStoreChecks(() => memoryAudit())) test(name, run)
 * ```
 */
export function auditStoreChecks(open: () => AuditStore | Promise<AuditStore>): readonly Check[] {
  return Object.entries(RULES).map(([name, rule]) => ({
    name,
    run: async () => {
      const store = await open()
      const tenant = `check-${randomUUID()}`
      try {
        await rule(benchOf(store, tenant))
      } finally {
        await store.prune({ tenant, before: at(1_000_000), count: 10_000 })
      }
    },
  }))
}

function benchOf(store: AuditStore, tenant: string): Bench {
  return {
    store,
    tenant,
    append: async (...parts) => {
      let made: readonly AuditRow[] = []
      await store.append(
        tenant,
        ({ number }) => {
          made = parts.map((part, index) => rowOf(tenant, number + 1 + index, part))
          return made
        },
        OUTSIDE,
      )
      return made
    },
    rows: ({ after = 0, count = 100, resourceId } = {}) => store.page({ tenant, after, count, resourceId }),
    hold: (got, wanted, sentence) => {
      if (!isDeepStrictEqual(got, wanted)) throw new AuditStoreViolation(sentence)
    },
  }
}

function rowOf(tenant: string, number: number, part: Partial<AuditRow>): AuditRow {
  const previous = number === 1 ? '' : `hash-${number - 1}`
  const blank = { time: at(0), content: '{}', actor: '', resourceId: '', members: new Map<string, string>() }
  return { tenant, number, previous, hash: `hash-${number}`, ...blank, ...part }
}
