/** So many tenants, and of each so many resources, are remembered one by one. */
const AT_MOST = 10_000

/** The writes in a tenant, each with the time when it is forgotten. */
interface RecentWrite {
  /** Anything. */
  any: number
  /** A write that may show in any resource of the tenant. */
  all: number
  readonly resources: Map<string, number>
}

/**
 * The writes of this process within the last seconds, which a replica may lack. If there are too many to remember
 * one by one, more counts as written than was.
 */
export class RecentWrites {
  readonly #lag: number
  readonly #now: () => number
  readonly #tenants = new Map<string, RecentWrite>()
  #everywhere = 0

  /** @param lag In milliseconds: so long a write is remembered. */
  constructor(lag: number, now: () => number = () => performance.now()) {
    this.#lag = lag
    this.#now = now
  }

  /** @param resource The written resource; undefined if the write may show in any resource of the tenant. */
  add(tenant: string, resource: string | undefined): void {
    const now = this.#now()
    const until = now + this.#lag
    const written = this.#writtenIn(tenant, now)
    if (!written) {
      this.#everywhere = until
      return
    }
    written.any = until
    if (resource === undefined) {
      written.all = until
      return
    }
    const { resources } = written
    if (resources.size >= AT_MOST) forgetOld(resources, (time) => time <= now)
    if (resources.size >= AT_MOST && !resources.has(resource)) written.all = until
    else resources.set(resource, until)
  }

  /** Whether anything in the tenant is new. */
  hasAny(tenant: string): boolean {
    const now = this.#now()
    return now < this.#everywhere || now < (this.#tenants.get(tenant)?.any ?? 0)
  }

  /** Whether a resource is new, or may show a new resource. */
  has(tenant: string, resource: string): boolean {
    const now = this.#now()
    if (now < this.#everywhere) return true
    const written = this.#tenants.get(tenant)
    return written !== undefined && (now < written.all || now < (written.resources.get(resource) ?? 0))
  }

  #writtenIn(tenant: string, now: number): RecentWrite | undefined {
    const tenants = this.#tenants
    const found = tenants.get(tenant)
    if (found) return found
    if (tenants.size >= AT_MOST) forgetOld(tenants, ({ any }) => any <= now)
    if (tenants.size >= AT_MOST) return undefined
    const written: RecentWrite = { any: 0, all: 0, resources: new Map() }
    tenants.set(tenant, written)
    return written
  }
}

function forgetOld<T>(map: Map<string, T>, isOld: (value: T) => boolean): void {
  for (const [key, value] of map) if (isOld(value)) map.delete(key)
}
