import { entryOf } from './chain.js'
import type { AuditEntry } from './entry.js'
import type { AuditRow, AuditStore } from './store.js'

const PAGE = 500
const MOST = 1_000

/**
 * Calls the hook `audit` with entries after their commit. It reads them from the store, because a transaction may have
 * been rolled back.
 */
export class AuditEmitter {
  /** Rows that were handed to the store, by tenant. */
  #pending = new Map<string, AuditRow[]>()

  constructor(
    private readonly store: AuditStore,
    private readonly hook: (entry: AuditEntry) => unknown,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Remembers rows whose transaction has not ended yet. */
  await(tenant: string, rows: readonly AuditRow[]): void {
    const pending = [...(this.#pending.get(tenant) ?? []), ...rows]
    this.#pending.set(tenant, pending.slice(-MOST))
    for (const oldest of this.#pending.keys()) {
      if (this.#pending.size <= MOST) break
      this.#pending.delete(oldest)
    }
  }

  /**
   * Calls the hook with the rows that the store holds. A row that is missing waits for the next call. If another row
   * has its number, its transaction was rolled back, and it is dropped.
   */
  async settle(tenant: string): Promise<void> {
    const pending = this.#pending.get(tenant)
    if (pending === undefined) return
    this.#pending.delete(tenant)
    const waiting = await this.#emitStored(tenant, pending)
    if (waiting.length > 0) this.await(tenant, waiting)
  }

  /** Returns the rows whose number is not in the store yet. */
  async #emitStored(tenant: string, pending: readonly AuditRow[]): Promise<readonly AuditRow[]> {
    const first = Math.min(...pending.map(({ number }) => number))
    try {
      const stored = await this.store.page({ tenant, after: first - 1, count: PAGE })
      const byNumber = new Map(stored.map((row) => [row.number, row]))
      const hashes = new Set(pending.map(({ hash }) => hash))
      for (const row of stored) if (hashes.has(row.hash)) this.#call(row)
      return pending.filter(({ number }) => !byNumber.has(number))
    } catch (error) {
      this.onFailure(error)
      return pending
    }
  }

  #call(row: AuditRow): void {
    try {
      void Promise.resolve(this.hook(entryOf(row))).catch(this.onFailure)
    } catch (error) {
      this.onFailure(error)
    }
  }
}
