import createDebug from 'debug'
import type { Call, Identity, Selection, WriteCall } from '../../adapter/contract.js'
import { entityTag } from '../../adapter/versions.js'
import { Breather } from '../../breather.js'
import { type Compatibility, enabledTolerances, type ToleranceName, type Tolerate } from '../../compatibility.js'
import { ScimError } from '../../error.js'
import { type QueryParameters, readQuery } from '../../message/query-parameters.js'
import type { ResourceEvent } from '../setup/hooks.js'
import type { Provider } from '../setup/provider.js'
import type { TimedWork } from '../shared/deadlines.js'
import { AdapterCall, CallAfterWrite } from './adapter-call.js'
import { Facts } from './facts.js'
import { logText } from './log-text.js'
import type { ScimRequest } from './request.js'

const debugCompat = createDebug('scim:compat')

// The standard has no status for this, and no client receives it: it is for reports only.
export const CLIENT_GONE = 499
const NOBODY: Identity = Object.freeze({})
const NOTHING: readonly never[] = Object.freeze([])

const MOST_TOLERATED = 50
// Most ids need no encoding, and looking is cheaper than doing it.
const UNRESERVED = /^[A-Za-z0-9_-]+$/

/** A tolerance that a request needed, and the attribute or text that it was needed for. */
export interface ToleranceUse {
  readonly name: ToleranceName
  readonly attribute: string | undefined
}

/** One request and the facts known about it. */
export class Context implements TimedWork {
  /** The name of the request: in a header, in the detail of every error, in its report. */
  readonly id: string
  /** The facts about it, for its report. */
  readonly facts = new Facts()
  readonly started = performance.now()
  readonly deadline: number
  readonly breather: Breather
  earlier: TimedWork | undefined
  later: TimedWork | undefined
  /** The client; undefined until `authenticate` has answered. */
  identity: Identity | undefined
  #transaction: { readonly handle: unknown } | undefined
  #held: ResourceEvent[] | undefined
  #tolerances: ReadonlySet<ToleranceName>
  #tolerated: Map<string, ToleranceUse> | undefined
  /** Where each was used last. */
  #lastTolerated: Map<ToleranceName, string | undefined> | undefined
  #listable: Map<string, boolean> | undefined
  #abort: AbortController | undefined
  #over: ScimError | undefined
  #onExpire: ((error: ScimError) => void) | undefined
  #isAnswered = false
  /** Hooks that wait for the answer. */
  #afterAnswer: (() => void)[] | undefined
  #isExpired = false
  #onTimeOver: (() => void) | undefined
  #baseUrl: string | undefined
  #query: QueryParameters | undefined
  #endpoint: string | undefined
  #endpointUrl = ''
  #locatedId: string | number | undefined
  #location = ''
  #version: string | number | undefined
  #entityTag = ''

  constructor(
    readonly provider: Provider,
    readonly request: ScimRequest,
  ) {
    this.id = provider.requestIds.next()
    this.deadline = this.started + provider.limits.requestTime
    this.breather = new Breather(this.started)
    this.#tolerances = provider.tolerances
  }

  /** Tolerances that have been needed so far. */
  get tolerated(): readonly ToleranceName[] {
    return this.#tolerated ? [...new Set(this.toleratedAttributes.map(({ name }) => name))] : NOTHING
  }

  /** Tolerances that have been needed so far, each with the attribute or text that it was needed for. */
  get toleratedAttributes(): readonly ToleranceUse[] {
    return this.#tolerated ? [...this.#tolerated.values()] : NOTHING
  }

  get baseUrl(): string {
    this.#baseUrl ??= this.request.baseUrl()
    return this.#baseUrl
  }

  /**
   * URI of a resource. RFC 7644 section 1.2: characters of an id that are not unreserved are percent-encoded. The last
   * one is kept, because headers and `meta` show the same.
   */
  location(endpoint: string, id: string | number): string {
    if (endpoint !== this.#endpoint) {
      this.#endpointUrl = `${this.baseUrl}${endpoint}/`
      this.#endpoint = endpoint
      this.#locatedId = undefined
    }
    if (id !== this.#locatedId) {
      const segment = typeof id === 'string' && UNRESERVED.test(id) ? id : encodeURIComponent(id)
      // One flat text: V8 keeps a text made by `+` in its parts, and JSON.stringify of Node 26 takes twice as long for
      // a whole answer that holds one such text.
      this.#location = [this.#endpointUrl, segment].join('')
      this.#locatedId = id
    }
    return this.#location
  }

  /**
   * The entity tag of a stored version. A header and the resource show it, and many resources of a list may share it.
   */
  entityTag(version: string | number): string {
    if (version !== this.#version) {
      this.#entityTag = entityTag(version)
      this.#version = version
    }
    return this.#entityTag
  }

  /** Throws if it is unknown under which URL the client sees the service. */
  requireBaseUrl(): void {
    this.#baseUrl ??= this.request.baseUrl()
  }

  /** The parameters in the URL. */
  get query(): QueryParameters {
    this.#query ??= readQuery(this.request.query, this.tolerate)
    return this.#query
  }

  /** Aborts if the client goes away or the time is over. Made only if an adapter or hook reads it. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#over) this.#abort.abort(this.#over)
      else this.request.onAbort(() => this.#end(clientGone()))
    }
    return this.#abort.signal
  }

  readonly tolerate: Tolerate = (name, where) => {
    if (!this.#tolerances.has(name)) return false
    this.#tolerated ??= new Map()
    // One request can use a tolerance a hundred thousand times, for one attribute as a rule.
    this.#lastTolerated ??= new Map()
    if (this.#lastTolerated.get(name) === where && where !== undefined) return true
    this.#lastTolerated.set(name, where)
    if (this.#tolerated.size < MOST_TOLERATED) this.#tolerated.set(`${name} ${where}`, { name, attribute: where })
    if (debugCompat.enabled)
      debugCompat('%s %s: %s %s', this.request.method, logText(this.request.path), name, logText(where ?? ''))
    return true
  }

  /** The client, for steps after `authenticate`. Discovery may be open to clients without an identity. */
  get auth(): Identity {
    return this.identity ?? NOBODY
  }

  /** Whether the client may list resources of a type; undefined before the first check. */
  isListable(type: string): boolean | undefined {
    return this.#listable?.get(type)
  }

  /** Remembers whether the client may list resources of a type. */
  setListable(type: string, permitted: boolean): void {
    this.#listable ??= new Map()
    this.#listable.set(type, permitted)
  }

  /** Takes over the identity that `authenticate` returned. */
  identify(auth: Identity): void {
    this.identity = auth
    const compatibility: Compatibility | undefined = auth.compatibility
    if (compatibility !== undefined) this.#tolerances = enabledTolerances(compatibility)
  }

  /**
   * Whether `on.exchange` gets the request: as long as its identity has `record`. Without an identity nothing is
   * recorded.
   */
  get isRecorded(): boolean {
    const record = this.identity?.record
    return record !== undefined && Number(record.until) > Date.now() && this.provider.listeners.has('exchange')
  }

  /** Calls back when the answer is out, at once if it is. */
  afterAnswer(listener: () => void): void {
    if (this.#isAnswered) {
      listener()
    } else {
      this.#afterAnswer ??= []
      this.#afterAnswer.push(listener)
    }
  }

  /** The answer is out. */
  answered(): void {
    const waiting = this.#afterAnswer
    this.#isAnswered = true
    this.#afterAnswer = undefined
    if (waiting) for (const listener of waiting) listener()
  }

  /** Calls back with a 503 when the time is over first. */
  onExpire(listener: (error: ScimError) => void): void {
    this.#onExpire = listener
  }

  expire(): void {
    const error = ScimError.unavailable({ retryAfter: 1 })
    this.#isExpired = true
    this.#onExpire?.(error)
    this.#end(error)
    this.#onTimeOver?.()
  }

  /**
   * Calls back when the time is over; at once if it is. One listener is enough: a request waits in one queue at a time.
   */
  onTimeOver(listener: () => void): void {
    if (this.#isExpired) listener()
    else this.#onTimeOver = listener
  }

  /** Whether the time is over or the client has gone: nothing new is begun then. */
  get isOver(): boolean {
    if (this.#over === undefined && this.request.isAborted()) this.#end(clientGone())
    return this.#over !== undefined
  }

  /** Throws if the time is over or the client has gone: from then on the request begins no new work. */
  throwIfOver(): void {
    if (this.isOver) throw this.#over
  }

  #end(reason: ScimError): void {
    this.#over ??= reason
    this.#abort?.abort(this.#over)
  }

  /** Whether the current work runs inside the `transaction` option. */
  get isTransactional(): boolean {
    return this.#transaction !== undefined
  }

  /** The value that the `transaction` option handed in, while a transaction is open. */
  get transaction(): unknown {
    return this.#transaction?.handle
  }

  enterTransaction(handle: unknown): void {
    this.#transaction = { handle }
  }

  leaveTransaction(): void {
    this.#transaction = undefined
  }

  /** From here on events wait: returns the list they wait in. */
  holdEvents(): ResourceEvent[] {
    this.#held = []
    return this.#held
  }

  /** Lets an event wait; false when there is nothing to wait for. */
  hold(event: ResourceEvent): boolean {
    if (this.#held === undefined) return false
    this.#held.push(event)
    return true
  }

  /** Emits the held events: their changes are committed. */
  releaseEvents(): readonly ResourceEvent[] {
    const held = this.#held ?? []
    this.#held = undefined
    return held
  }

  /**
   * The call object for an adapter. The reading decides about a write, unless the caller says that it is only for
   * display.
   */
  call(select: Selection, forWrite = true): Call {
    return new AdapterCall(this, select, undefined, forWrite)
  }

  /** The call object for a reading whose result is only shown. */
  readCall(select: Selection): Call {
    return this.call(select, false)
  }

  /**
   * The call object for a callback that writes. Throws when the request is over: no write is begun behind the answer.
   */
  writeCall(select: Selection, ifMatch?: readonly string[]): WriteCall {
    this.throwIfOver()
    return new AdapterCall(this, select, ifMatch, true)
  }

  /**
   * The call object for reading a resource just written, for its event. The event is emitted even if the request is
   * over by then.
   */
  callAfterWrite(select: Selection): Call {
    return new CallAfterWrite(this, select, undefined, true)
  }
}

function clientGone(): ScimError {
  return new ScimError(CLIENT_GONE, 'The client has not waited for the answer.')
}
