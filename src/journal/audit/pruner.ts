import { HOUR } from '../../time.js'

/** Milliseconds after a write: its transaction has ended by then. */
const PAUSE = 1_000
const MOST_TENANTS = 10_000

/**
 * Removes old entries when new ones are written: one small step for each tenant and hour, at once again while there is
 * more.
 */
export class AuditPruner {
  readonly #last = new Map<string, number>()

  /** @param step Removes some entries of a tenant; resolves with whether there may be more. It must not reject. */
  constructor(
    private readonly step: (tenant: string) => Promise<boolean>,
    /** Milliseconds of a monotonic clock. */
    private readonly ticks: () => number,
  ) {}

  wrote(tenant: string): void {
    const now = this.ticks()
    if (now - (this.#last.get(tenant) ?? Number.NEGATIVE_INFINITY) < HOUR) return
    if (this.#last.size >= MOST_TENANTS) this.#last.clear()
    this.#last.set(tenant, now)
    // It keeps no process alive: the next process that writes removes them too.
    setTimeout(() => void this.#begin(tenant), PAUSE).unref()
  }

  async #begin(tenant: string): Promise<void> {
    if (await this.step(tenant)) this.#last.delete(tenant)
  }
}
