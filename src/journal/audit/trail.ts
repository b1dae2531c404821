import { checkGiven } from '../../check-options.js'
import type { Call, EventHooks, Listener, ResourceEvent } from '../../index.js'
import { SetupError } from '../../index.js'
import { DAY } from '../../time.js'
import { TenantKeys } from '../shared/keys.js'
import { requireTenant } from '../shared/tenant.js'
import { type AuditFacts, entryOf, factsOf, faultOf, rowsAfter, type TrailKeys } from './chain.js'
import { AuditEmitter } from './emitter.js'
import type { AuditEntry } from './entry.js'
import { ERASE, EXPORT, NOTE, OPTIONS, PAGE as PAGE_OPTIONS } from './option-table.js'
import { AuditPruner } from './pruner.js'
import type { AuditEnds, AuditRow, AuditStore } from './store.js'

const PAGE = 500

/** The options of {@link auditTrail}. */
export interface AuditTrailOptions {
  /** Where entries are kept: `sqlAudit({ database })`, or `memoryAudit()` for first steps. */
  readonly store: AuditStore
  /**
   * A random text of 32 characters or more. The keys for the hashes of the chain and of the ids of people are derived
   * from it.
   */
  readonly secret: string | undefined
  /**
   * No entry, no change: a router without the option `transaction` refuses to start. The transactions must be those of
   * the database that the store is in.
   *
   * @defaultValue `false`: without a transaction an entry is written after its change and before the answer
   */
  readonly strict?: boolean
  /**
   * Days for which entries are kept. A write for a tenant removes its older ones, in small steps.
   *
   * @defaultValue 400
   */
  readonly days?: number
  /**
   * Hooks for a SIEM. `audit` is called with each entry after its transaction has committed.
   *
   * @defaultValue none
   */
  readonly on?: AuditHooks | undefined
  /**
   * The time in milliseconds, for tests.
   *
   * @defaultValue `Date.now`
   */
  readonly now?: () => number
}

/** The hooks of an audit trail. A hook that throws or rejects harms no request. */
export interface AuditHooks {
  /**
   * Called with each entry that this process wrote, after its transaction has committed. If the process ends in
   * between, it is not called: `page` and `export` with `after` return the missing entries, by the number.
   */
  readonly audit?: ((entry: AuditEntry) => unknown) | undefined
  /** Called if the hook `audit` has failed, or if old entries could not be removed. */
  readonly error?: ((error: unknown) => unknown) | undefined
}

/** An action that changes no resource: a look at a person, an export. */
export interface AuditNote {
  /** The tenant whose trail gets the note. */
  readonly tenant: string
  /** The subject of the person who did it. */
  readonly actor: string
  /** A word: `looked`, `exported`. */
  readonly action: string
  /**
   * The part of the application.
   *
   * @defaultValue `'application'`
   */
  readonly via?: string
  /** The name of the request, if there was one. */
  readonly requestId?: string
  /** Name of the resource type, if it is about a resource. */
  readonly resourceType?: string
  /** Id of the resource. */
  readonly resourceId?: string
  /** Why, in the words of the actor. It is kept as it is and never erased. */
  readonly reason?: string
}

/** The result of a look at the whole chain of a tenant. */
export interface AuditVerdict {
  /** How many entries follow each other without a fault. */
  readonly entries: number
  /** The first fault, in one sentence; undefined: there is none. */
  readonly fault: string | undefined
}

/** The members that identify an entry. An {@link AuditEntry} has them. */
export type KnownEntry = Pick<AuditEntry, 'number' | 'hash' | 'time'>

/** The audit trail: changes and the identities that made them. Pass it whole: `on: [trail]`. */
export interface AuditTrail extends Listener {
  /** Writes down an action that is no change of a resource. It is in the trail when the promise resolves. */
  readonly note: (note: AuditNote) => Promise<void>
  /** Entries in the order in which they were written, behind the number `after`; at most 500 by default. */
  readonly page: (query: {
    readonly tenant: string
    readonly after?: number
    readonly count?: number
    readonly resourceId?: string
  }) => Promise<readonly AuditEntry[]>
  /**
   * The number of the last entry of a tenant; 0: there is none. Those before it have the numbers below, without a gap.
   */
  readonly end: (tenant: string) => Promise<number>
  /** All entries of a tenant as lines of JSON (NDJSON). */
  readonly export: (query: { readonly tenant: string; readonly after?: number }) => AsyncGenerator<string>
  /**
   * Looks whether entries of a tenant are missing or were changed.
   *
   * @param known An entry that is kept elsewhere, such as the last entry that a SIEM got. It must be in the chain
   *   still, or be old enough to have been removed. Without it, `verify` cannot see that an end was cut off together
   *   with the row that holds the ends.
   */
  readonly verify: (tenant: string, known?: KnownEntry) => Promise<AuditVerdict>
  /** Takes the id of a person out of all entries of a tenant. The entries stay, and so does the chain. */
  readonly erase: (what: { readonly tenant: string; readonly id: string }) => Promise<number>
  /**
   * Removes the entries of a tenant that are older than the days, from the first on. Returns how many there were. The
   * trail does so itself at each write of the tenant: call this for a tenant without writes.
   */
  readonly prune: (tenant: string) => Promise<number>
  /** Makes the tables of the store. */
  readonly migrate: () => Promise<void>
}

/**
 * An audit trail of all changes: who changed which attributes of which resource, and which members came and went. It is
 * written in the transaction of the change where there is one. The entries of a tenant are a chain of hashes, so that a
 * missing or changed one is found.
 *
 * @example
 * ```ts
 * import { bearer, scimRouter } from 'express-scim'
 * import { auditTrail, sqlAudit } from 'express-scim/journal'
 * import { postgresAdapters, postgresDatabase } from 'express-scim/postgres'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
 * const postgres = postgresAdapters({ pool })
 * const store = sqlAudit({ database: postgresDatabase({ pool }) })
 * const trail = auditTrail({ store, secret: process.env.SCIM_SECRET, strict: true })
 * await postgres.migrate()
 * await trail.migrate()
 * export const scim = scimRouter({
 *   authenticate: bearer(process.env.SCIM_TOKEN),
 *   resources: postgres.resources,
 *   transaction: postgres.transaction,
 *   on: [trail],
 * })
 * ```
 */
export function auditTrail(options: AuditTrailOptions): AuditTrail {
  checkGiven(options, OPTIONS, { owner: 'auditTrail', code: 'ERR_SCIM_OPTION' })
  const { store, secret, strict = false, days = 400, on, now = Date.now } = options
  if (typeof store?.append !== 'function') {
    throw new SetupError('ERR_SCIM_OPTION', 'Option store of auditTrail must be an audit store, such as sqlAudit().')
  }
  if (!(Number.isFinite(days) && days > 0)) {
    throw new SetupError('ERR_SCIM_OPTION', 'Option days of auditTrail must be a number above 0.')
  }
  const keys: TrailKeys = {
    people: new TenantKeys(secret, 'audited person', 'auditTrail'),
    chain: new TenantKeys(secret, 'audit chain', 'auditTrail'),
  }
  const fail = (error: unknown): void => {
    try {
      void Promise.resolve(on?.error?.(error)).catch(() => undefined)
    } catch {
      // A failure of the error hook itself cannot be reported.
    }
  }
  const emitter = on?.audit && new AuditEmitter(store, on.audit, fail)
  const pruneStep = (tenant: string): Promise<number> =>
    store.prune({ tenant, before: new Date(now() - days * DAY), count: PAGE })
  const pruner = new AuditPruner(
    async (tenant) => {
      try {
        return (await pruneStep(tenant)) === PAGE
      } catch (error) {
        fail(error)
        return false
      }
    },
    options.now ?? (() => performance.now()),
  )
  const append = async (
    tenant: string,
    facts: readonly AuditFacts[],
    call: Pick<Call, 'transaction'>,
  ): Promise<void> => {
    let written: readonly AuditRow[] = []
    const rows = (ends: AuditEnds): readonly AuditRow[] => {
      // A store that repeats its transaction calls this again.
      written = rowsAfter(keys, tenant, ends, facts)
      return written
    }
    await store.append(tenant, rows, call)
    emitter?.await(tenant, written)
    pruner.wrote(tenant)
  }
  const change = async (events: readonly ResourceEvent[], call: Call): Promise<void> => {
    await append(call.tenant ?? '', factsOf(events, new Date(now())), call)
  }
  // The report of a request comes when its transactions have ended.
  const hooks: EventHooks = { change, ...(emitter && { request: ({ tenant = '' }) => emitter.settle(tenant) }) }
  const page: AuditTrail['page'] = async (query) => {
    checkGiven(query, PAGE_OPTIONS, { owner: 'auditTrail.page', code: 'ERR_SCIM_OPTION' })
    const { tenant, after = 0, count = PAGE, resourceId } = query
    requireTenant('auditTrail.page', tenant)
    const most = Math.min(Math.max(1, Math.trunc(count)), PAGE)
    return (await store.page({ tenant, after, count: most, resourceId })).map(entryOf)
  }
  return {
    hooks,
    ...(strict && { needs: 'transaction' as const }),
    page,
    async end(tenant) {
      requireTenant('auditTrail.end', tenant)
      return (await store.ends(tenant)).number
    },
    async note(note) {
      checkGiven(note, NOTE, { owner: 'auditTrail.note', code: 'ERR_SCIM_OPTION' })
      const { tenant, actor, action, via = 'application', requestId, resourceType, resourceId, reason } = note
      requireTenant('auditTrail.note', tenant)
      const what = { action, actor, via, requestId, resourceType, resourceId, reason }
      const facts = { ...what, time: new Date(now()), attributes: [], added: [], removed: [] }
      await append(tenant, [facts], { transaction: undefined })
      await emitter?.settle(tenant)
    },
    async *export(query) {
      checkGiven(query, EXPORT, { owner: 'auditTrail.export', code: 'ERR_SCIM_OPTION' })
      const { tenant, after = 0 } = query
      for (let last = after; ; ) {
        const entries = await page({ tenant, after: last })
        for (const entry of entries) yield `${JSON.stringify(entry)}\n`
        const end = entries.at(-1)
        if (end === undefined) return
        last = end.number
      }
    },
    async verify(tenant, known) {
      requireTenant('auditTrail.verify', tenant)
      const ends = await store.ends(tenant)
      if (known !== undefined && known.number <= ends.prunedNumber && known.time.getTime() >= now() - days * DAY) {
        return { entries: 0, fault: `Entry ${known.number} is missing.` }
      }
      let last = { number: ends.prunedNumber, hash: ends.prunedHash }
      let entries = 0
      for (;;) {
        const rows = await store.page({ tenant, after: last.number, count: PAGE })
        for (const row of rows) {
          const fault = faultOf(keys, row, last)
          if (fault !== undefined) return { entries, fault }
          if (row.number === known?.number && row.hash !== known.hash) {
            return { entries, fault: `Entry ${row.number} is another one than before.` }
          }
          last = row
          entries += 1
        }
        if (rows.length < PAGE) break
      }
      // Entries that were written meanwhile are behind the end that was read.
      if (last.number < Math.max(ends.number, known?.number ?? 0))
        return { entries, fault: `Entry ${last.number + 1} is missing.` }
      return { entries, fault: undefined }
    },
    async erase(what) {
      checkGiven(what, ERASE, { owner: 'auditTrail.erase', code: 'ERR_SCIM_OPTION' })
      const { tenant, id } = what
      requireTenant('auditTrail.erase', tenant)
      return id === '' ? 0 : store.erase({ tenant, id })
    },
    async prune(tenant) {
      requireTenant('auditTrail.prune', tenant)
      let sum = 0
      for (;;) {
        const count = await pruneStep(tenant)
        sum += count
        if (count < PAGE) return sum
      }
    },
    async migrate() {
      await store.migrate?.()
    },
  }
}
