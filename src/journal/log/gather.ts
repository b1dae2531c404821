import { randomBytes } from 'node:crypto'
import type { RequestReport } from '../../index.js'
import type { LogEntry } from './entry.js'
import type { Shown } from './entry-of.js'
import type { Waiting } from './waiting.js'

const MINUTE = 60_000
/** So long requests that are alike become one entry. */
const TOGETHER = 10 * MINUTE
const MOST_OPEN = 1_000
/** Of entries with the same word. */
const MOST_WITH_WORD = 8
const MOST_IN_MS = 36 ** 4 - 1

function countText(count: number): string {
  return count.toString(36).padStart(4, '0')
}

/** The texts of most counts. */
const COUNTS: readonly string[] = Array.from({ length: 256 }, (_, count) => countText(count))

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
    return `${begin}${COUNTS[count] ?? countText(count)}${process}`
  }
}

/** An open entry, and the time until which requests are counted in it. */
interface Open {
  readonly waiting: Waiting
  readonly until: number
  /** Another with the same word, and how many there are. */
  readonly next: Open | undefined
  readonly length: number
}

/**
 * Puts requests that are alike into one entry. The entry keeps its key, so that its stored state is replaced. Entries are found by
 * a word, and then compared with the request: a text of all that requests have in common costs more to make than to compare.
 */
export class Gatherer {
  #open = new Map<string, Open>()
  /** Those before them: all of them go at once, because a Map that loses its first entry again and again is slow. */
  #older = new Map<string, Open>()

  /** @param isAlike Whether a request is counted in an entry with the same word. */
  constructor(private readonly isAlike: (entry: LogEntry, report: RequestReport, shown: Shown) => boolean) {}

  /** The entry that a request is counted in; undefined: it begins one. */
  find(word: string, report: RequestReport, shown: Shown): Waiting | undefined {
    return this.#among(this.#open.get(word), report, shown) ?? this.#among(this.#older.get(word), report, shown)
  }

  /** Ends all entries: later requests begin new ones. */
  clear(): void {
    this.#open.clear()
    this.#older.clear()
  }

  /** Lets requests be counted in an entry that has begun. */
  begin(word: string, waiting: Waiting, until: number): void {
    if (this.#open.size >= MOST_OPEN) {
      this.#older = this.#open
      this.#open = new Map()
    }
    const others = this.#open.get(word)
    const next = others !== undefined && others.length < MOST_WITH_WORD ? others : undefined
    this.#open.set(word, { waiting, until, next, length: 1 + (next?.length ?? 0) })
  }

  #among(first: Open | undefined, report: RequestReport, shown: Shown): Waiting | undefined {
    const time = report.time.getTime()
    for (let open = first; open !== undefined; open = open.next) {
      const { waiting, until } = open
      // Until is far away if the clock was set back.
      if (time < until && until - time <= 2 * TOGETHER && this.isAlike(waiting.entry, report, shown)) return waiting
    }
    return undefined
  }
}

/** What requests with refused credentials have in common, as one word. */
export function wordOfRefused({ tenant, status, code, refusal }: RequestReport): string {
  return JSON.stringify([tenant, refusal?.subject, status, code])
}

/** The end of the minute in which requests with refused credentials are counted together. */
export function endOfMinute(time: number): number {
  return time - (time % MINUTE) + MINUTE
}

/** The end of the time in which equal polls are counted together. */
export function endOfPolls(time: number): number {
  return time + TOGETHER
}

/** The word of a poll: the name of the person that it looks for; undefined: the request is told for itself. */
export function wordOfPoll(report: RequestReport, { path }: Shown, names: readonly string[]): string | undefined {
  const { method, status, query, action, tenant, tolerances } = report
  if (method !== 'GET' || status !== 200 || action === undefined) return undefined
  // Somebody stands before the page of an identity provider and waits for it: Entra's Test Connection.
  if (query?.includes('<uuid>')) return undefined
  const [name] = names
  if (name !== undefined && names.length === 1 && tolerances.length === 0) return name
  return [tenant, path, query, ...names, ...tolerances].join('\0')
}

/** Whether polls with the same word are alike. */
export function isAlikePoll(entry: LogEntry, report: RequestReport, { connection, path }: Shown): boolean {
  return (
    entry.tenant === (report.tenant ?? '') &&
    entry.connection === connection &&
    entry.path === path &&
    entry.query === report.query &&
    entry.count === report.count &&
    entry.via === report.via &&
    entry.userAgent === report.userAgent
  )
}
