import { propertiesOf } from '../../is-object.js'
import { DAY, MINUTE } from '../../time.js'
/** Public keys of an issuer, RFC 7517. */
export interface KeySet {
  /** The keys, each a JWK. */
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

const MOST_KEYS = 20
/** One read in so many milliseconds for each address, whether it succeeds or fails. */
const PAUSE = 30_000
const KEPT = DAY
const FRESH = 10 * MINUTE

interface Entry {
  keys: KeySet | undefined
  /** When they were read. */
  read: number
  /** When the last attempt to read them began. */
  lastAttempt: number
  pending: Promise<void> | undefined
}

/** Keys of issuers by the address that they come from. */
export class KeySets {
  readonly #readText: (url: string) => Promise<string>
  readonly #ticks: () => number
  readonly #entries = new Map<string, Entry>()

  /** @param ticks Milliseconds of a monotonic clock. */
  constructor(readText: (url: string) => Promise<string>, ticks: () => number) {
    this.#readText = readText
    this.#ticks = ticks
  }

  /**
   * The keys at an address. They are read anew when they are older than ten minutes or have no key of this name, but
   * once in 30 seconds; keys that are known are used for a day while they cannot be read. Rejects if there are none.
   */
  async get(url: string, kid: string): Promise<KeySet> {
    const entry = this.#entries.get(url) ?? {
      keys: undefined,
      read: 0,
      lastAttempt: Number.NEGATIVE_INFINITY,
      pending: undefined,
    }
    this.#entries.set(url, entry)
    const now = this.#ticks()
    const isKnown = entry.keys?.keys.some(({ kid: name }) => name === kid) === true
    if ((!isKnown || now - entry.read > FRESH) && (entry.pending || now - entry.lastAttempt >= PAUSE)) {
      entry.pending ??= this.#read(url, entry)
      await entry.pending
    }
    if (entry.keys === undefined || this.#ticks() - entry.read > KEPT)
      throw new Error('The keys of the issuer cannot be read.')
    return entry.keys
  }

  async #read(url: string, entry: Entry): Promise<void> {
    entry.lastAttempt = this.#ticks()
    try {
      entry.keys = readKeySet(JSON.parse(await this.#readText(url)))
      entry.read = this.#ticks()
    } catch {
      // The keys that are known go on; without any the caller says so.
    } finally {
      entry.pending = undefined
    }
  }
}

/** Keys that verify signatures; those of another use, and secrets, are left out. */
export function readKeySet(value: unknown): KeySet {
  const { keys } = propertiesOf(value)
  if (!Array.isArray(keys) || keys.length > MOST_KEYS)
    throw new Error(`A key set must have a list of at most ${MOST_KEYS} keys.`)
  return {
    keys: keys.filter((key) => {
      const { kty, use, kid } = propertiesOf(key)
      return (kty === 'RSA' || kty === 'EC') && (use === undefined || use === 'sig') && typeof kid === 'string'
    }),
  }
}
