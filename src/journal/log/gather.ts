import { randomBytes } from 'node:crypto'
import type { RequestReport } from '../../index.js'
import type { LogEntry } from './entry.js'

const MINUTE = 60_000
/** So long requests that are alike become one entry. */
const TOGETHER = 10 * MINUTE
const MOST_OPEN = 1_000
const MOST_IN_MS = 36 ** 4 - 1

/** Makes keys that grow with time, and that no other process makes. */
export function keyMaker(now: () => number): () => string {
  const process = randomBytes(5).toString('hex')
  let last = 0
  let count = 0
  let begin = ''
  return () => {
    // The clock may be set back, and a key has room for so many in a millisecond.
    const time = Math.max(now(), count === MOST_IN_MS ? last + 1 : last)
    if (time !== last) begin = time.toString(36).padStart(9, '0')
    count = time === last ? count + 1 : 0
    last = time
    return `${begin}${count.toString(36).padStart(4, '0')}${process}`
  }
}

/** An open entry, and the time until which requests are counted in it. */
interface Open {
  readonly key: string
  readonly until: number
  entry: LogEntry
}

/**
 * Puts requests that are alike into one entry: polls that found the same, and refused credentials by connection and minute. The
 * entry keeps its key, so that its stored state is replaced.
 */
export class Gatherer {
  readonly #open = new Map<string, Open>()

  /** The entry that a request is counted in, after it has been; undefined: it begins one. */
  add(like: string, { time, ms, refusal }: RequestReport): LogEntry | undefined {
    const open = this.#open.get(like)
    if (open === undefined || time.getTime() >= open.until) return undefined
    // The clock was set back.
    if (open.until - time.getTime() > 2 * TOGETHER) return undefined
    const { entry } = open
    open.entry = {
      ...entry,
      times: entry.times + 1,
      last: time > entry.last ? time : entry.last,
      ms: Math.max(entry.ms, ms),
      // Who copies a token again looks at the last attempt.
      ...(entry.refusal !== undefined &&
        refusal?.ending !== undefined && { refusal: { ...entry.refusal, ending: refusal.ending.slice(-4) } }),
    }
    return open.entry
  }

  /** Ends all entries: later requests begin new ones. */
  clear(): void {
    this.#open.clear()
  }

  /** Lets requests be counted in an entry that has begun. */
  begin(like: string, entry: LogEntry, until: number): void {
    this.#open.delete(like)
    this.#open.set(like, { key: entry.key, until, entry })
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MOST_OPEN) break
      this.#open.delete(oldest)
    }
  }
}

/** What requests with refused credentials have in common, and the end of their minute. */
export function likeRefused(entry: LogEntry): readonly [like: string, until: number] {
  const time = entry.time.getTime()
  const { tenant, connection, status, code } = entry
  return [JSON.stringify(['refused', tenant, connection, status, code]), time - (time % MINUTE) + MINUTE]
}

/** What polls have in common, and how long they are counted; undefined for a request that is told for itself. */
export function likePoll(
  entry: LogEntry,
  names: readonly string[],
): readonly [like: string, until: number] | undefined {
  const { method, status, query, action, tenant, connection, path, count, via, userAgent } = entry
  if (method !== 'GET' || status !== 200 || action === undefined) return undefined
  // Somebody stands before the page of an identity provider and waits for it: Entra's Test Connection.
  if (query?.includes('<uuid>')) return undefined
  // The hottest line of the log: a text of the parts costs less than JSON, and no part has a NUL.
  const alike = [
    tenant,
    connection,
    path,
    query,
    count,
    via,
    names.length,
    ...names,
    userAgent,
    ...entry.tolerances,
  ].join('\0')
  return [alike, entry.time.getTime() + TOGETHER]
}
