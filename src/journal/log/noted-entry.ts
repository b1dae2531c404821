import type { RequestReport } from '../../index.js'
import type { TenantKeys } from '../keys.js'
import type { LogEntry } from './entry.js'

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** An entry on its way to the store, and again whenever another request is counted in it. */
export class Waiting {
  /** Whether it stands in the line. */
  isWaiting = false
  #entry: Writable<LogEntry>
  /** Whether the store has got the entry, so that it must not change any more. */
  #isGiven = false
  #names: readonly string[]

  /** @param names Names of people in the request, held until the store gets their HMACs. */
  constructor(entry: LogEntry, names: readonly string[]) {
    this.#entry = entry
    this.#names = names
  }

  get entry(): LogEntry {
    return this.#entry
  }

  /** Counts another request in the entry. */
  counting({ time, ms, refusal }: RequestReport): this {
    if (this.#isGiven) {
      this.#entry = { ...this.#entry }
      this.#isGiven = false
    }
    const entry = this.#entry
    entry.times += 1
    if (time > entry.last) entry.last = new Date(time)
    if (ms > entry.ms) entry.ms = ms
    // A person who copies a token again looks at the last attempt.
    if (entry.refusal !== undefined && refusal?.ending !== undefined) {
      entry.refusal = { ...entry.refusal, ending: refusal.ending.slice(-4) }
    }
    return this
  }

  /**
   * The entry as the store gets it. HMACs of people are made here: requests do not wait for them, and polls that are counted
   * together need them once.
   */
  finished(keys: TenantKeys): LogEntry {
    if (this.#names.length > 0) {
      const { tenant } = this.#entry
      this.#entry.persons = this.#names.map((name) => keys.hmac(tenant, [name]))
      this.#names = []
    }
    this.#isGiven = true
    return this.#entry
  }
}
