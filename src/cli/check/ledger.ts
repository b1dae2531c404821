import type { Answer, RequestOptions } from '../../client/index.js'
import type { Capabilities } from './capabilities.js'
import { isObject, type Json, memberOf } from './expect.js'
import { NotSeen } from './outcome.js'

/** Sends one request. */
export type Send = (method: string, path: string, request?: RequestOptions) => Promise<Answer>

/** A resource that this run created. */
interface Made {
  readonly path: string
  readonly name: string
  /** Whether a DELETE of it has succeeded. It is looked for at the end all the same. */
  readonly gone: boolean
}

/** What is still there at the end, and why. */
export interface Left {
  readonly path: string
  readonly name: string
  readonly why: string
}

/** Seconds that a server's clocks may differ from each other: `Date` counts whole seconds, stores have clocks of their own. */
const TOLERANCE = 5_000

/**
 * What this run created, and nothing else, may be changed and deleted.
 *
 * A server may answer a POST with somebody who was there before (it links people by a name or a mail address). So what is
 * answered to a POST is read again, and counts as ours only with the mark of this run in its name and a `meta.created`
 * that is not before the run.
 */
export class Ledger {
  readonly mark: string
  /** What is there although it was answered to a POST of ours: it is left alone. */
  readonly foreign: Left[] = []
  readonly #send: Send
  readonly #made = new Map<string, Made>()
  #began: number | undefined

  constructor(send: Send, mark: string) {
    this.#send = send
    this.mark = mark
  }

  /** How many resources of the run are at an endpoint now. */
  count(endpoint: string): number {
    return this.#at(endpoint).filter(({ gone }) => !gone).length
  }

  /** How many the run has created there. */
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

  /** Takes in what a POST to an endpoint has created. */
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

  /** Throws unless a resource may be changed: this run created it, or it is not there at all. */
  async mayChange(path: string): Promise<void> {
    const place = path.split('?')[0] ?? ''
    if (this.#made.has(decoded(place))) return
    const read = await this.#send('GET', place)
    if (read.status < 200 || read.status > 299) return
    if (isList(read.body)) return
    throw new NotSeen(`${place} was not created by this run, so it is not changed.`)
  }

  /** Takes in what was created by a request whose answer was lost: it has the mark in its name. */
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
        // A server that does not know the filter answers with everybody.
        if (this.#foreign(resource) === undefined) await this.took(endpoint, resource.id)
      }
    }
  }

  /** Deletes what this run created, each read again before. Resolves with what is left. */
  async cleanUp(progress?: (done: number, all: number) => void): Promise<readonly Left[]> {
    const left: Left[] = []
    // Groups before users, as they were made: the last one first.
    const all = [...this.#made.values()].reverse()
    for (const [index, { path, name }] of all.entries()) {
      const why = await this.#remove(path).catch((error: Error) => error.message)
      if (why === undefined) this.#made.delete(decoded(path))
      else left.push({ path, name, why })
      progress?.(index + 1, all.length)
    }
    return left
  }

  #at(endpoint: string): readonly Made[] {
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

  /** Why a resource is not one of ours; undefined when it is. */
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
