import type { RequestReport } from '../../index.js'
import type { TenantKeys } from '../shared/keys.js'
import type { LogEntry } from './entry.js'
import type { Form } from './form.js'

export const NONE: readonly never[] = Object.freeze([])

/** The members of an entry that few requests have. */
export type Details = Pick<LogEntry, 'refusal' | 'changes' | 'bulk' | 'tolerated' | 'tolerances'>

export const NO_DETAILS: Details = Object.freeze({
  refusal: undefined,
  changes: undefined,
  bulk: undefined,
  tolerated: NONE,
  tolerances: NONE,
})

/** The members that each entry has for itself. A report has most of them too. */
type OwnMembers = Pick<LogEntry, 'id' | 'clientId' | 'time' | 'ms' | 'count'>

/**
 * An entry as the journal and the memory hold it. It is small, because there are many, and further requests may be
 * counted in it after the store has got it. The objects of a {@link LogEntry} are made for a caller that reads them.
 */
export class NotedEntry {
  /** Whether it is in the queue. */
  isWaiting = false
  /** Whether the memory holds it, and so sees each request that is counted in it. */
  isKept = false
  times = 1
  persons: readonly string[] = NONE
  readonly key: string
  readonly form: Form
  readonly id: string
  readonly clientId: string | undefined
  readonly time: number
  readonly path: string
  readonly resourceId: string | undefined
  readonly count: number | undefined
  last: number
  ms: number
  details: Details
  #names: readonly string[]

  /** @param names Names of people in the request, held until the store gets their HMACs. */
  constructor(
    key: string,
    form: Form,
    { id, clientId, time, ms, count }: OwnMembers,
    path: string,
    resourceId: string | undefined,
    details: Details,
    names: readonly string[],
  ) {
    this.key = key
    this.form = form
    this.id = id
    this.clientId = clientId
    this.time = time.getTime()
    this.path = path
    this.resourceId = resourceId
    this.count = count
    this.last = this.time
    this.ms = ms
    this.details = details
    this.#names = names
  }

  /** Counts another request in the entry. */
  add({ time, ms, refusal }: RequestReport): void {
    this.times += 1
    const last = time.getTime()
    if (last > this.last) this.last = last
    if (ms > this.ms) this.ms = ms
    const { details } = this
    // A person who copies a token again looks at the last attempt.
    if (details.refusal !== undefined && refusal?.ending !== undefined) {
      this.details = { ...details, refusal: { ...details.refusal, ending: refusal.ending.slice(-4) } }
    }
  }

  /**
   * Replaces names with HMACs. Requests do not wait for them, and polls that are counted together need them
   * once.
   */
  hideNames(keys: TenantKeys): void {
    if (this.#names.length === 0) return
    const { tenant } = this.form
    this.persons = this.#names.map((name) => keys.hmac(tenant, [name]))
    this.#names = NONE
  }

  /** The entry as it is now. Requests that are counted later do not change it. */
  toEntry(): LogEntry {
    const { form, details } = this
    return {
      key: this.key,
      id: this.id,
      clientId: this.clientId,
      time: new Date(this.time),
      ms: this.ms,
      tenant: form.tenant,
      connection: form.connection,
      method: form.method,
      path: this.path,
      query: form.query,
      status: form.status,
      code: form.code,
      scimType: form.scimType,
      attribute: form.attribute,
      text: form.text,
      refusal: details.refusal,
      action: form.action,
      resourceType: form.resourceType,
      resourceId: this.resourceId,
      count: this.count,
      changes: details.changes,
      bulk: details.bulk,
      tolerated: details.tolerated,
      tolerances: details.tolerances,
      userAgent: form.userAgent,
      provider: form.provider,
      via: form.via,
      persons: this.persons,
      times: this.times,
      last: new Date(this.last),
    }
  }
}
