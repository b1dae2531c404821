import type { Awaitable, Call, Identity, ResourceAdapter, WriteCall } from '../../adapter/contract.js'
import { selectionOf } from '../../adapter/selections.js'
import type { AdapterChecksOptions } from './options.js'
import type { Subject } from './subject.js'
import { CallbackFailure, ContractViolation } from './violation.js'

/** Calls the callbacks of an adapter as a router does, for one identity. */
export interface Caller {
  readonly identity: Identity
  /** Calls a callback that reads. `argument` tells the argument in words; it is called only for a failure. */
  readonly read: <T>(callback: string, work: Work<Call, T>, select?: Select, argument?: () => string) => Promise<T>
  /** Calls a callback that writes, in a transaction if the option is given. */
  readonly write: <T>(
    callback: string,
    work: Work<WriteCall, T>,
    ifMatch?: readonly string[],
    argument?: () => string,
  ) => Promise<T>
}

/** Calls one callback. */
export type Work<Given, T> = (adapter: ResourceAdapter, call: Given) => Awaitable<T>

/** The top-level attributes to read; undefined: all. */
export type Select = readonly string[] | undefined

/** The options that callers need. */
export type Surroundings = Pick<AdapterChecksOptions, 'params' | 'request' | 'transaction' | 'mapError'> & {
  readonly timeout: number
}

/**
 * Makes the caller of an adapter for an identity. An error of a callback is thrown as a {@link CallbackFailure}.
 *
 * @param note is called before each call, with a function that describes the call: `User.get for the id "7"`.
 */
export function callerOf(
  subject: Subject,
  identity: Identity,
  surroundings: Surroundings,
  note: (step: () => string) => void,
): Caller {
  // The kit never aborts a call.
  const { signal } = new AbortController()
  const callWith = (select: Select, transaction: unknown, ifMatch: readonly string[] | undefined): WriteCall => ({
    auth: identity,
    tenant: identity.tenant,
    select: selectionOf((attribute) => select?.includes(attribute) ?? true),
    signal,
    limits: { groupLinks: 100_000, scanResources: 1_000_000, scanTime: surroundings.timeout, memberEvents: 10_000 },
    transaction,
    params: surroundings.params ?? {},
    request: surroundings.request,
    ifMatch,
  })
  const answer = async <T>(
    callback: string,
    call: WriteCall,
    work: Work<WriteCall, T>,
    argument = () => '',
  ): Promise<T> => {
    note(() => `${subject.name}.${callback}${argument()}`)
    try {
      const adapter = await subject.adapter(call)
      return await inTime(surroundings.timeout, `${subject.name}.${callback}`, work(adapter, call))
    } catch (error) {
      if (error instanceof ContractViolation) throw error
      throw new CallbackFailure(`${subject.name}.${callback}`, surroundings.mapError?.(error) ?? error, argument())
    }
  }
  return {
    identity,
    read: (callback, work, select, argument) =>
      answer(callback, callWith(select, undefined, undefined), work, argument),
    write: (callback, work, ifMatch, argument) => {
      const { transaction } = surroundings
      if (transaction === undefined) return answer(callback, callWith(undefined, undefined, ifMatch), work, argument)
      return transaction(
        (handle) => answer(callback, callWith(undefined, handle, ifMatch), work, argument),
        callWith(undefined, undefined, undefined),
      )
    },
  }
}

async function inTime<T>(milliseconds: number, callback: string, work: Awaitable<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void =>
      reject(new ContractViolation(`${callback} gave no answer within ${milliseconds} ms`, 'errors'))
    timer = setTimeout(giveUp, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
