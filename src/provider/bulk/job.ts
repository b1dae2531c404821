import { ScimError } from '../../error.js'
import type { BulkOperation, BulkResult } from '../../message/bulk.js'
import { errorMessage, toClientError } from '../answer/failure.js'
import { locationOf } from '../answer/represent.js'
import type { Context } from '../request/context.js'
import { createCircle } from './circle.js'
import { noteBulkOperation } from './note-operation.js'
import { orderOf } from './order.js'
import { type Outcome, send } from './send.js'
import { type CreatingStep, isCreating, type SoundStep, type Step } from './step.js'

const NONE: ReadonlySet<string> = new Set()
const NO_INDICES: readonly number[] = Object.freeze([])

/**
 * The operations of one bulk request. They are carried out in the order of the request, except that the resource that
 * an operation refers to is created before it (RFC 7644 section 3.7.2).
 */
export class BulkJob {
  readonly #context: Context
  readonly #steps: readonly Step[]
  readonly #byBulkId: ReadonlyMap<string, Step>
  readonly #created = new Map<string, string>()
  readonly #results: (BulkResult | undefined)[] = []
  readonly #maxErrors: number
  #errors = 0
  /** The first operation that failed. */
  failure: { readonly index: number; readonly error: ScimError } | undefined

  /** @param steps The operations of the request, read. */
  constructor(context: Context, steps: readonly Step[], failOnErrors: number | undefined) {
    this.#context = context
    this.#maxErrors = failOnErrors ?? Number.POSITIVE_INFINITY
    this.#steps = steps
    this.#byBulkId = new Map(this.#steps.flatMap((step) => (step.bulkId === undefined ? [] : [[step.bulkId, step]])))
  }

  /** Carries all of it out, or as much as the number of errors lets it. Results come in the order of the request. */
  async run(): Promise<readonly BulkResult[]> {
    const references: (readonly number[])[] = []
    for (const step of this.#steps) {
      references.push(this.#referredBy(step))
      const pause = this.#context.breather.pauseIfDue()
      if (pause) await pause
    }
    for (const indices of orderOf(references)) {
      // RFC 7644 section 3.7: "the number of errors that the service provider should accept before failing the
      // remaining operations returning the response".
      if (this.#errors >= this.#maxErrors) break
      this.#context.throwIfOver()
      const step = this.#steps[indices[0] as number] as Step
      if (indices.length === 1 && !step.references.has(step.bulkId ?? '')) await this.#perform(step)
      else await this.#performCircle(indices.map((index) => this.#steps[index] as Step))
      const pause = this.#context.breather.pauseIfDue()
      if (pause) await pause
    }
    return this.#results.filter((result) => result !== undefined)
  }

  #referredBy({ references }: Step): readonly number[] {
    if (references.size === 0) return NO_INDICES
    return [...references].flatMap((bulkId) => this.#byBulkId.get(bulkId)?.index ?? [])
  }

  async #perform(step: Step): Promise<void> {
    try {
      if (step.fault) throw step.fault.thrown
      this.#requireReferred(step, NONE)
      const outcome = await send(this.#context, step, step.operation.data, this.#created)
      if (step.bulkId !== undefined) this.#created.set(step.bulkId, outcome.id)
      this.#succeed(step, outcome)
    } catch (error) {
      this.#context.throwIfOver()
      this.#fail(step, error)
    }
  }

  async #performCircle(circle: readonly Step[]): Promise<void> {
    const outcome = await this.#attemptCircle(circle)
    if (!('error' in outcome)) {
      for (const [step, one] of outcome) this.#succeed(step, one)
      return
    }
    this.#context.throwIfOver()
    // The operation that failed comes first; the others failed only because of it.
    this.#fail(outcome.step, outcome.error)
    for (const step of circle) if (step !== outcome.step) this.#fail(step, brokenCircle())
  }

  async #attemptCircle(circle: readonly Step[]): ReturnType<typeof createCircle> {
    const bulkIds = new Set(circle.map(({ bulkId }) => bulkId))
    const creating: CreatingStep[] = []
    for (const step of circle) {
      try {
        if (step.fault) throw step.fault.thrown
        this.#requireReferred(step, bulkIds)
        // Others refer to each of them, so each creates something.
        if (isCreating(step)) creating.push(step)
        await this.#context.breather.pauseIfDue()
      } catch (error) {
        return { step, error }
      }
    }
    return createCircle(this.#context, creating, this.#created)
  }

  /** RFC 7644 section 3.7.1 gives 409 to references that cannot be resolved. */
  #requireReferred({ references }: Step, circle: ReadonlySet<string | undefined>): void {
    for (const bulkId of references) {
      if (this.#created.has(bulkId) || circle.has(bulkId)) continue
      const referred = this.#byBulkId.get(bulkId)
      throw new ScimError(
        409,
        referred
          ? `The operation refers to operation ${referred.index + 1}, which failed.`
          : 'The operation refers to a bulkId that no POST of the request has.',
      )
    }
  }

  #succeed(step: SoundStep, { id, status, version }: Outcome): void {
    noteBulkOperation(this.#context, step, { status, id })
    const { method, bulkId } = namesOf(step.operation)
    this.#results[step.index] = {
      method,
      bulkId,
      version,
      location: locationOf(this.#context, step.target.type, id),
      status: String(status),
    }
  }

  #fail(step: Step, thrown: unknown): void {
    const error = toClientError(this.#context, thrown)
    this.#errors += 1
    this.failure ??= { index: step.index, error }
    noteBulkOperation(this.#context, step, { status: error.status, id: step.target?.id, error })
    this.#results[step.index] = {
      ...namesOf(step.operation),
      ...this.#locationOf(step),
      status: String(error.status),
      // RFC 7644 section 3.7: "When indicating a response with an HTTP status other than a 200-series response, the
      // response body MUST be included."
      response: errorMessage(error, this.#context.id),
    }
  }

  // RFC 7644 section 3.7.3: "A "location" attribute that includes the resource's endpoint MUST be returned for all
  // operations except for failed POST operations (which have no location)."
  #locationOf({ operation, target }: Step): Pick<BulkResult, 'location'> {
    const id = target?.id ?? this.#created.get(target?.bulkId ?? '')
    if (operation.method === 'POST' || target === undefined || id === undefined) return {}
    return { location: locationOf(this.#context, target.type, id) }
  }
}

function namesOf({ method, bulkId }: BulkOperation): Pick<BulkResult, 'method' | 'bulkId'> {
  return {
    method: typeof method === 'string' ? method.slice(0, METHOD_LENGTH) : undefined,
    bulkId: typeof bulkId === 'string' && bulkId !== '' ? bulkId.slice(0, BULK_ID_LENGTH) : undefined,
  }
}

// An answer repeats the text that names an operation, but not a hundred kilobytes of it.
const METHOD_LENGTH = 20
const BULK_ID_LENGTH = 1_000

function brokenCircle(): ScimError {
  return new ScimError(
    409,
    'The operation refers in a circle to an operation whose resource could not be created or linked.',
  )
}
