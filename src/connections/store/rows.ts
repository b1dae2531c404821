import { ConnectionsError, unknownConnection } from './errors.js'
import { connectionKey, fromStored, type Row, toStored } from './record.js'
import type { ConnectionStore } from './store.js'
import { ALL_TENANTS, type TenantChoice } from './tenant.js'

const ATTEMPTS = 10
const PAGE = 100

/** Rows of the store, read, written under their version. */
export class Rows {
  readonly #store: ConnectionStore

  constructor(store: ConnectionStore) {
    this.#store = store
  }

  /** The connection that has a key: before the tenant is known. */
  async find(key: string): Promise<Row | undefined> {
    const stored = await this.#store.find(key)
    return stored && fromStored(stored)
  }

  async get(tenant: TenantChoice, id: string): Promise<Row | undefined> {
    const stored =
      tenant === ALL_TENANTS ? await this.#store.find(connectionKey(id)) : await this.#store.get(tenant, id)
    return stored && fromStored(stored)
  }

  /** The connections of a tenant, or of all, page by page. */
  async *each(tenant: TenantChoice): AsyncGenerator<Row> {
    let after: { readonly tenant: string; readonly id: string } | undefined
    do {
      const page = await this.#store.list({
        tenant: tenant === ALL_TENANTS ? undefined : tenant,
        after,
        count: PAGE,
      })
      for (const stored of page) yield fromStored(stored)
      after = page.length < PAGE ? undefined : page.at(-1)
    } while (after)
  }

  /** Throws if another connection has one of these keys. */
  async requireFree(keys: readonly string[]): Promise<void> {
    for (const key of keys) if (await this.#store.find(key)) throw taken()
  }

  async insert(row: Row): Promise<void> {
    if (!(await this.#store.insert(toStored(row)))) throw taken()
  }

  /**
   * Changes a connection under the version that was read, and anew if another process was faster.
   *
   * @param change Gives the row as it is to be; the same row: nothing is written. An error that it throws ends the
   * attempt.
   */
  async change(tenant: TenantChoice, id: string, change: (row: Row) => Row): Promise<Row> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const row = await this.get(tenant, id)
      if (row === undefined) throw unknownConnection()
      const changed = change(row)
      if (changed === row) return row
      const next = { ...changed, version: row.version + 1 }
      if (await this.#store.update(toStored(next))) return next
      if (await this.#isTaken(row, next)) throw taken()
    }
    throw new ConnectionsError('busy', 'Others change the connection at the same time; try again.')
  }

  /** Changes a connection as it was read; false if another writer was faster. */
  async changeOnce(row: Row): Promise<boolean> {
    return this.#store.update(toStored({ ...row, version: row.version + 1 }))
  }

  /** Whether another connection has a key that a change adds: trying again would be in vain. */
  async #isTaken(before: Row, after: Row): Promise<boolean> {
    const own = new Set(toStored(before).keys)
    for (const key of toStored(after).keys) {
      const holder = own.has(key) ? undefined : await this.#store.find(key)
      if (holder && (holder.tenant !== before.tenant || holder.id !== before.id)) return true
    }
    return false
  }

  async remove(tenant: string, id: string): Promise<boolean> {
    return this.#store.remove(tenant, id)
  }

  async migrate(): Promise<void> {
    await this.#store.migrate?.()
  }
}

function taken(): ConnectionsError {
  return new ConnectionsError('taken', 'Another connection has the same token, or takes the same assertions.')
}
