import { randomBytes } from 'node:crypto'
import type { RequestReport } from '../../index.js'
import { MINUTE } from '../../time.js'
import type { Form } from './form.js'
import type { NotedEntry } from './noted-entry.js'

/** The time in which equal requests become one entry. */
const TOGETHER = 10 * MINUTE
/** A power of two. */
const ROWS = 256
const PLACES = 8
const MOST_IN_MS = 36 ** 4 - 1

function countText(count: number): string {
  return count.toString(36).padStart(4, '0')
}

/** The texts of most counts. */
const COUNTS: readonly string[] = Array.from({ length: 256 }, (_, count) => countText(count))

/** Makes keys that grow with time and are unique over all processes. */
export function keyMaker(now: () => number): () => string {
  const process = randomBytes(5).toString('hex')
  const ends = COUNTS.map((count) => count + process)
  let last = 0
  let count = 0
  let begin = ''
  return () => {
    // The clock may be set back, and a key has room for so many in a millisecond.
    const time = Math.max(now(), count === MOST_IN_MS ? last + 1 : last)
    if (time !== last) begin = time.toString(36).padStart(9, '0')
    count = time === last ? count + 1 : 0
    last = time
    return begin + (ends[count] ?? countText(count) + process)
  }
}

/** The path and the form of a request, by which it is compared. */
export interface PathAndForm {
  readonly path: string
  readonly form: Form
}

/**
 * Counts equal requests in one entry. The entry keeps its key, so that its stored state is replaced. Entries
 * are found by a word, and then compared with the request: a text of all that requests have in common costs more to
 * make than to compare.
 *
 * The words are in a table of rows with eight places each, and a new word replaces the oldest of its row. A Map costs
 * three times as much: it makes an object for each entry, is resized often, and is slow to delete its oldest entry.
 */
export class Gatherer<Seen> {
  readonly #hashes = new Int32Array(ROWS * PLACES)
  /** When the entries began. */
  readonly #times = new Float64Array(ROWS * PLACES)
  readonly #words: (string | undefined)[] = new Array<undefined>(ROWS * PLACES).fill(undefined)
  readonly #entries: (NotedEntry | undefined)[] = new Array<undefined>(ROWS * PLACES).fill(undefined)
  /** The place of the oldest in each row. */
  readonly #oldest = new Uint8Array(ROWS)

  /**
   * @param isAlike Whether a request is counted in an entry with the same word.
   * @param endOf The time until which requests are counted in an entry that began at a time.
   */
  constructor(
    private readonly isAlike: (entry: NotedEntry, report: RequestReport, seen: Seen) => boolean,
    private readonly endOf: (time: number) => number,
  ) {}

  /** The entry that a request is counted in; undefined: it begins one. */
  find(word: Word, report: RequestReport, seen: Seen): NotedEntry | undefined {
    const { text, hash } = word
    const begin = rowOf(hash) * PLACES
    for (let at = begin; at < begin + PLACES; at += 1) {
      if (this.#hashes[at] !== hash || this.#words[at] !== text) continue
      const entry = this.#entries[at]
      if (entry === undefined || !this.#isOpen(this.#times[at] as number, report)) continue
      if (this.isAlike(entry, report, seen)) return entry
    }
    return undefined
  }

  /** Ends all entries: later requests begin new ones. */
  clear(): void {
    this.#words.fill(undefined)
    this.#entries.fill(undefined)
  }

  /** Adds an entry, in which later requests are counted. */
  begin({ text, hash }: Word, entry: NotedEntry): void {
    const row = rowOf(hash)
    const place = this.#oldest[row] as number
    const at = row * PLACES + place
    this.#oldest[row] = (place + 1) % PLACES
    this.#hashes[at] = hash
    this.#times[at] = entry.time
    this.#words[at] = text
    this.#entries[at] = entry
  }

  #isOpen(began: number, report: RequestReport): boolean {
    const time = report.time.getTime()
    const until = this.endOf(began)
    // The end is far away if the clock was set back.
    return time < until && until - time <= 2 * TOGETHER
  }
}

/** The facts that requests of one kind have in common. */
export class Word {
  readonly hash: number

  constructor(readonly text: string) {
    this.hash = hashOf(text)
  }
}

/** Characters at each end of a text that count for its number. */
const HASHED = 16

/** A number for a text, after Fowler, Noll and Vo. */
function hashOf(text: string): number {
  const { length } = text
  let hash = 0x811c9dc5 ^ length
  for (let at = 0; at < length; at += 1) {
    if (at === HASHED && length > 2 * HASHED) at = length - HASHED
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash
}

function rowOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (ROWS - 1)
}

/** The facts that requests with refused credentials have in common, as one word. */
export function wordOfRefused({ tenant, status, code, refusal }: RequestReport): Word {
  return new Word(JSON.stringify([tenant, refusal?.subject, status, code]))
}

/** The end of the minute in which requests with refused credentials are counted together. */
export function endOfMinute(time: number): number {
  return time - (time % MINUTE) + MINUTE
}

/** The end of the time in which equal polls are counted together. */
export function endOfPolls(time: number): number {
  return time + TOGETHER
}

/** The word of a poll: the name of the person that it looks for; undefined: the request has an entry of its own. */
export function wordOfPoll(report: RequestReport, path: string, names: readonly string[]): Word | undefined {
  const { method, status, query, action, tenant, tolerances } = report
  if (method !== 'GET' || status !== 200 || action === undefined) return undefined
  // An administrator waits for it at the page of an identity provider: Entra's Test Connection.
  if (query?.includes('<uuid>')) return undefined
  if (names.length <= 1 && tolerances.length === 0) return new Word(names[0] ?? path)
  return new Word([tenant, path, query, ...names, ...tolerances].join('\0'))
}

/** Whether a poll with the same word is alike. */
export function isAlikePoll(entry: NotedEntry, { count }: RequestReport, { path, form }: PathAndForm): boolean {
  // Two forms are equal if one of them was forgotten in between: such polls become two entries.
  return entry.form === form && entry.path === path && entry.count === count
}
