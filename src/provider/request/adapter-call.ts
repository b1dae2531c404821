import type { CallLimits, Identity, Selection, WriteCall } from '../../adapter/contract.js'
import type { ToleranceName } from '../../compatibility.js'
import type { Context } from './context.js'
import { reportLimit } from './report.js'

/**
 * The call object that an adapter gets. It may pass a copy on: the members that name the tenant are the object's
 * own.
 */
export class AdapterCall implements WriteCall {
  readonly auth: Identity
  readonly tenant: string | undefined
  readonly transaction: unknown
  readonly params: Readonly<Record<string, string>>
  readonly request: unknown
  readonly limits: CallLimits
  readonly #context: Context

  constructor(
    context: Context,
    readonly select: Selection,
    readonly ifMatch: readonly string[] | undefined,
    readonly forWrite: boolean,
  ) {
    this.#context = context
    this.auth = context.auth
    this.tenant = this.auth.tenant
    this.transaction = context.transaction
    this.params = context.request.params
    this.request = context.request.request
    this.limits = context.provider.callLimits
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  exceeded(limit: keyof CallLimits): void {
    reportLimit(this.#context, limit)
  }

  tolerate(name: ToleranceName, where?: string): boolean {
    return this.#context.tolerate(name, where)
  }
}

/** The call object for work that goes on after the request may have ended: its signal never fires. */
export class CallAfterWrite extends AdapterCall {
  readonly #never = new AbortController()

  override get signal(): AbortSignal {
    return this.#never.signal
  }
}
