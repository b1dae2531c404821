import type { Answer, RequestOptions } from '../../../client/index.js'
import { isObject } from '../../../is-object.js'
import type { Capabilities } from './capabilities.js'
import { type Json, memberOf } from './expect.js'
import { NotSeen } from './outcome.js'

/** Sends one request. */
export type Send = (method: string, path: string, request?: RequestOptions) => Promise<Answer>

/** A resource that this run created. */
interface CreatedResource {
  readonly path: string
  readonly name: string
  /** Whether a DELETE of the resource has succeeded. The cleanup looks for the resource all the same. */
  readonly gone: boolean
}

/** A resource that is still there at the end, and the reason. */
export interface RemainingResource {
  readonly path: string
  readonly name: string
  readonly why: string
}

/**
 * How far the clocks of a server may differ, in milliseconds: `Date` counts whole seconds, and a store has its own
 * clock.
 */
const TOLERANCE = 5_000

/**
 * The resources that this run created. Only these may be changed and deleted.
 *
 * A server may answer a POST with a person who existed before: some servers link people by name or mail address. So the
 * ledger reads the resource of each answer again. It counts as created by this run only if its name has the mark of the
 * run and its `meta.created` is not before the run.
 */
export class Ledger {
  readonly mark: string
  /** Resources that the server answered to a POST although they existed before. The run leaves them alone. */
  readonly foreign: RemainingResource[] = []
  readonly #send: Send
  readonly #made = new Map<string, CreatedResource>()
  #began: number | undefined

  constructor(send: Send, mark: string) {
    this.#send = send
    this.mark = mark
  }

  /** How many resources of the run are at an endpoint now. */
  count(endpoint: string): number {
    return this.#at(endpoint).filter(({ gone }) => !gone).length
  }

  /** How many resources the run has created at an endpoint. */
  created(endpoint: string): number {
    return this.#at(endpoint).length
  }

  /** Notes that a resource was deleted. */
  deleted(path: string): void {
    const made = this.#made.get(decoded(path))
    if (made !== undefined) this.#made.set(decoded(path), { ...made, gone: true })
  }

  /** Remembers the time of the server before the first write. */
  begin(answer: Answer): void {
    const date = Date.parse(answer.headers.get('date') ?? '')
    this.#began ??= Number.isNaN(date) ? Date.now() : date
  }

  /** Records the resource that a POST to an endpoint has created. */
  async took(endpoint: string, id: unknown): Promise<void> {
    if (typeof id !== 'string' || id === '') return
    const path = `${endpoint}/${encodeURIComponent(id)}`
    if (this.#made.has(decoded(path))) return
    const read = await this.#send('GET', path)
    const refusal =
      read.status === 200 && isObject(read.body) ? this.#foreign(read.body) : `it cannot be read (${read.status})`
    const name = nameOf(read.body)
    if (refusal === undefined) this.#made.set(decoded(path), { path, name, gone: false })
    else this.foreign.push({ path, name: '', why: refusal })
  }

  /** Throws unless this run created the resource, or no such resource exists. */
  async mayChange(path: string): Promise<void> {
    const place = path.split('?')[0] ?? ''
    if (this.#made.has(decoded(place))) return
    const read = await this.#send('GET', place)
    if (read.status < 200 || read.status > 299) return
    if (isList(read.body)) return
    throw new NotSeen(`${place} was not created by this run, so it is not changed.`)
  }

  /** Finds and records resources whose POST was answered but whose answer was lost: their names have the mark. */
  async findLost({ user, group }: Pick<Capabilities, 'user' | 'group'>): Promise<void> {
    for (const [endpoint, name] of [
      [group?.endpoint, 'displayName'],
      [user?.endpoint, 'userName'],
    ] as const) {
      if (endpoint === undefined) continue
      const filter = encodeURIComponent(`${name} co ${JSON.stringify(this.mark)}`)
      const answer = await this.#send('GET', `${endpoint}?filter=${filter}&count=200`).catch(() => undefined)
      const found = memberOf(answer?.body, 'Resources')
      for (const resource of Array.isArray(found) ? found.filter(isObject) : []) {
        // A server that does not know the filter answers with all people.
        if (this.#foreign(resource) === undefined) await this.took(endpoint, resource.id)
      }
    }
  }

  /** Deletes the resources of this run; reads each again before. Resolves with the remaining resources. */
  async cleanUp(progress?: (done: number, all: number) => void): Promise<readonly RemainingResource[]> {
    const left: RemainingResource[] = []
    // In reverse order of creation: groups before users.
    const all = [...this.#made.values()].reverse()
    for (const [index, { path, name }] of all.entries()) {
      const why = await this.#remove(path).catch((error: Error) => error.message)
      if (why === undefined) this.#made.delete(decoded(path))
      else left.push({ path, name, why })
      progress?.(index + 1, all.length)
    }
    return left
  }

  #at(endpoint: string): readonly CreatedResource[] {
    return [...this.#made].filter(([path]) => path.startsWith(`${endpoint}/`)).map(([, made]) => made)
  }

  async #remove(path: string): Promise<string | undefined> {
    const read = await this.#send('GET', path)
    if (read.status === 404 || read.status === 410) return undefined
    if (read.status !== 200 || !isObject(read.body)) return `it cannot be read (${read.status})`
    const refusal = this.#foreign(read.body)
    if (refusal !== undefined) return refusal
    const { status } = await this.#send('DELETE', path)
    return (status >= 200 && status < 300) || status === 404 ? undefined : `DELETE is answered with ${status}`
  }

  /** Why a resource is not of this run; undefined if it is. */
  #foreign(resource: Json): string | undefined {
    const names = [memberOf(resource, 'userName'), memberOf(resource, 'displayName'), memberOf(resource, 'externalId')]
    const marked = names.some((name) => typeof name === 'string' && name.toLowerCase().includes(this.mark))
    if (!marked) return 'its name does not have the mark of this run'
    const created = Date.parse(String(memberOf(resource.meta, 'created') ?? ''))
    if (this.#began === undefined || Number.isNaN(created) || created >= this.#began - TOLERANCE) return undefined
    return 'it was created before this run'
  }
}

/** Refuses every write. */
export function refuseWrite(): never {
  throw new NotSeen('The check only reads (--read-only).')
}

function nameOf(body: unknown): string {
  const name = memberOf(body, 'userName') ?? memberOf(body, 'displayName')
  return typeof name === 'string' ? name : ''
}

function isList(body: unknown): boolean {
  return Array.isArray(memberOf(body, 'Resources'))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
