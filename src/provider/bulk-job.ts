import { type Condition, readCondition } from '../adapter/versions.js'
import { ScimError } from '../error.js'
import type { BulkOperation, BulkRequest, BulkResult } from '../message/bulk.js'
import { referencesIn, replaceReferences, takeOut } from '../message/bulk-reference.js'
import { PATCH_OP } from '../urn.js'
import { Breather } from './breather.js'
import { readTarget, type Target } from './bulk-target.js'
import type { Context } from './context.js'
import { create } from './create.js'
import { remove } from './delete.js'
import { scimErrorOf } from './failure.js'
import type { Input } from './input.js'
import { modify } from './modify.js'
import { replace } from './replace.js'
import { locationOf } from './represent.js'
import type { Result } from './result.js'

interface Step {
  readonly index: number
  readonly operation: BulkOperation
  state: 'waiting' | 'running' | 'done'
  /** The id that the operation has given, once it has created something. */
  id: string | undefined
  result: BulkResult | undefined
}

/** A link that could not be made when its resource was created, because what it points to came later. */
interface Link {
  readonly step: Step
  readonly target: Target
  readonly paths: readonly string[]
  /** The operations that refer to each other in a circle; they stand or fall together. */
  readonly circle: readonly Step[]
}

/**
 * The operations of one bulk request. They are carried out in the order of the request, except that what an operation
 * refers to is created before it (RFC 7644 section 3.7.2), and where that goes in a circle linked after it (3.7.1).
 */
export class BulkJob {
  readonly #context: Context
  readonly #steps: readonly Step[]
  readonly #byBulkId: ReadonlyMap<string, Step>
  readonly #running: Step[] = []
  readonly #links: Link[] = []
  readonly #breather = new Breather()
  readonly #failOnErrors: number | undefined
  #errors = 0
  /** The first operation that failed. */
  failure: { readonly index: number; readonly error: ScimError } | undefined

  constructor(context: Context, { operations, failOnErrors }: BulkRequest) {
    this.#context = context
    this.#failOnErrors = failOnErrors
    this.#steps = operations.map((operation, index) => ({
      index,
      operation,
      state: 'waiting',
      id: undefined,
      result: undefined,
    }))
    const named = this.#steps.filter(({ operation }) => operation.method === 'POST' && isBulkId(operation.bulkId))
    this.#byBulkId = new Map(named.map((step) => [step.operation.bulkId as string, step]))
  }

  /** Carries all of it out, or as much as the number of errors lets it. Results come in the order of the request. */
  async run(failOnErrors = this.#failOnErrors ?? Number.POSITIVE_INFINITY): Promise<readonly BulkResult[]> {
    for (const step of this.#steps) {
      // RFC 7644 section 3.7: after failOnErrors errors "the operation is terminated".
      if (this.#errors >= failOnErrors) break
      await this.#perform(step)
      await this.#breather.pause()
    }
    return this.#steps.flatMap(({ result }) => result ?? [])
  }

  async #perform(step: Step): Promise<void> {
    if (step.state !== 'waiting') return
    step.state = 'running'
    this.#running.push(step)
    try {
      this.#succeed(step, await this.#carryOut(step))
      await this.#linkBack(step)
    } catch (error) {
      this.#fail(step, error)
    } finally {
      step.state = 'done'
      this.#running.pop()
    }
  }

  async #carryOut(step: Step): Promise<{ readonly target: Target; readonly result: Result }> {
    const { operation } = step
    const later = await this.#createReferenced(step)
    const target = readTarget(this.#context, operation, (bulkId) => this.#idOf(bulkId))
    if (later.size === 0) return { target, result: await this.#send(step, target, operation.data) }
    // RFC 7644 section 3.7.1: "The service provider MUST try to resolve circular cross-references".
    if (operation.method !== 'POST') throw unresolved([...later])
    const { rest, paths } = takeOut(operation.data as Record<string, unknown>, later)
    const result = await this.#send(step, target, rest)
    const first = Math.min(...[...later].map((bulkId) => this.#running.indexOf(this.#byBulkId.get(bulkId) as Step)))
    this.#links.push({ step, target, paths, circle: this.#running.slice(first) })
    return { target, result }
  }

  /** Creates what an operation refers to. Tells the bulkIds that have to wait, because what they mean is being created. */
  async #createReferenced(step: Step): Promise<ReadonlySet<string>> {
    const later = new Set<string>()
    for (const bulkId of referencesIn([step.operation.data, step.operation.path])) {
      const other = this.#byBulkId.get(bulkId)
      if (other === undefined) throw unresolved([bulkId])
      if (other.state === 'waiting') await this.#perform(other)
      if (other.state === 'running') later.add(bulkId)
      else if (other.id === undefined) throw unresolved([bulkId])
    }
    return later
  }

  async #send(step: Step, target: Target, data: unknown): Promise<Result> {
    const { type, id } = target
    const { operation } = step
    const input: Input = {
      query: {},
      ifMatch: conditionOf(operation),
      ifNoneMatch: undefined,
      body: async () => replaceReferences(data, (bulkId) => this.#idOf(bulkId)),
    }
    switch (operation.method) {
      case 'POST': {
        const result = await create(this.#context, type, input)
        step.id = String((result.body as { readonly id: unknown }).id)
        return result
      }
      case 'PUT':
        return replace(this.#context, type, id as string, input)
      case 'PATCH':
        return modify(this.#context, type, id as string, input)
      default:
        return remove(this.#context, type, id as string, input)
    }
  }

  /** Makes the links that waited for a step; when one cannot be made, its whole circle is undone. */
  async #linkBack(step: Step): Promise<void> {
    for (const link of [...this.#links]) {
      if (link.circle[0] !== step) continue
      this.#links.splice(this.#links.indexOf(link), 1)
      try {
        await this.#link(link)
      } catch (error) {
        await this.#undo(link.circle)
        throw new ScimError(409, `Resources that refer to each other could not be linked: ${textOf(error)}`)
      }
    }
  }

  async #link({ step, target, paths }: Link): Promise<void> {
    const data = replaceReferences(step.operation.data, (bulkId) => this.#idOf(bulkId)) as Record<string, unknown>
    const Operations = paths.map((path) => ({ op: 'replace', path, value: valueAt(data, path) }))
    const body = { schemas: [PATCH_OP], Operations }
    const input: Input = { query: {}, ifMatch: undefined, ifNoneMatch: undefined, body: async () => body }
    const result = await modify(this.#context, target.type, step.id as string, input)
    const { ETag } = result.headers
    if (step.result && ETag) step.result = { ...step.result, version: ETag }
  }

  async #undo(circle: readonly Step[]): Promise<void> {
    for (const step of circle) {
      if (step.id === undefined) continue
      const target = readTarget(this.#context, step.operation, (bulkId) => this.#idOf(bulkId))
      const input: Input = { query: {}, ifMatch: undefined, ifNoneMatch: undefined, body: async () => undefined }
      await remove(this.#context, target.type, step.id, input).catch(() => undefined)
      step.id = undefined
      if (step.result !== undefined) {
        this.#fail(step, new ScimError(409, 'A resource that it refers to in a circle could not be linked.'))
      }
    }
  }

  #succeed(step: Step, { target, result }: { readonly target: Target; readonly result: Result }): void {
    const { method } = step.operation
    const id = step.id ?? target.id
    step.result = {
      method: method as string,
      ...bulkIdOf(step.operation),
      ...(result.headers.ETag !== undefined && { version: result.headers.ETag }),
      ...(id !== undefined && { location: locationOf(this.#context, target.type, id) }),
      status: String(result.status),
    }
  }

  #fail(step: Step, thrown: unknown): void {
    const error = scimErrorOf(this.#context, thrown)
    this.#errors += 1
    this.failure ??= { index: step.index, error }
    const { method } = step.operation
    step.result = {
      method: typeof method === 'string' ? method : '',
      ...bulkIdOf(step.operation),
      ...this.#locationOf(step),
      status: String(error.status),
      // RFC 7644 section 3.7.3: "a 'response' attribute MUST be included" for what failed.
      response: error.toMessage(),
    }
  }

  // RFC 7644 section 3.7: location is REQUIRED "except in the case of a POST failure".
  #locationOf({ operation }: Step): { readonly location?: string } {
    if (operation.method === 'POST') return {}
    try {
      const { type, id } = readTarget(this.#context, operation, (bulkId) => this.#idOf(bulkId))
      return id === undefined ? {} : { location: locationOf(this.#context, type, id) }
    } catch {
      return {}
    }
  }

  #idOf(bulkId: string): string | undefined {
    return this.#byBulkId.get(bulkId)?.id
  }
}

function isBulkId(bulkId: unknown): bulkId is string {
  return typeof bulkId === 'string' && bulkId !== ''
}

function bulkIdOf({ bulkId }: BulkOperation): { readonly bulkId?: string } {
  return isBulkId(bulkId) ? { bulkId } : {}
}

function unresolved(bulkIds: readonly string[]): ScimError {
  return new ScimError(
    409,
    `The operation with bulkId "${String(bulkIds[0]).slice(0, 100)}" gave no resource to refer to.`,
  )
}

function textOf(error: unknown): string {
  return ScimError.is(error) ? error.message : 'the store failed.'
}

function valueAt(data: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path]
  const colon = path.lastIndexOf(':')
  return (data[path.slice(0, colon)] as Record<string, unknown> | undefined)?.[path.slice(colon + 1)]
}

/** The condition of an operation: its version works as If-Match does (RFC 7644 section 3.7). */
function conditionOf({ version }: BulkOperation): Condition | undefined {
  if (version === undefined) return undefined
  if (typeof version !== 'string') throw ScimError.invalidSyntax('The version of an operation is a string.')
  const condition = readCondition(version)
  return condition?.length === 0 ? [version] : condition
}
