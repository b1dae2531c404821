import type { MemoryType } from './memory-type.js'
import { Store } from './store.js'

/** A store for each tenant. No store sees another. */
export class Tenants {
  readonly #types: readonly MemoryType[]
  readonly #stores = new Map<string | undefined, Store>()

  constructor(types: readonly MemoryType[]) {
    this.#types = types
  }

  /** The store of a tenant to write new resources to. */
  open(tenant: string | undefined): Store {
    const store = this.look(tenant)
    this.#stores.set(tenant, store)
    return store
  }

  /** The store of a tenant; an empty one, which is not kept, when the tenant has written nothing. */
  look(tenant: string | undefined): Store {
    return this.#stores.get(tenant) ?? new Store(this.#types)
  }
}
