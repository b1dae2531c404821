/** Two clocks. */
export interface Clocks {
  /** The time of day in milliseconds. It may be set, also back. */
  readonly now: () => number
  /** Milliseconds of a monotonic clock, for lengths of time. */
  readonly ticks: () => number
}

interface Entry<Value> {
  readonly value: Value
  /** In ticks. */
  readonly until: number
  /** In the time of day. */
  readonly end: number
}

/**
 * The connections of good tokens, for a short time: by the SHA-256 of the token, at most 10,000. Refusals are never
 * kept. A change of a connection in this process drops all of its tokens here.
 */
export class Cache<Value extends { readonly connection: string }> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #byConnection = new Map<string, Set<string>>()
  #changes = 0

  /** @param milliseconds How long a value is kept. */
  constructor(
    private readonly milliseconds: number,
    private readonly clocks: Clocks,
    private readonly most = 10_000,
  ) {}

  get isOff(): boolean {
    return this.milliseconds === 0
  }

  /** Counts the drops: a look-up that begins now passes it to {@link Cache.set}. */
  get changes(): number {
    return this.#changes
  }

  get(hash: string): Value | undefined {
    const { now, ticks } = this.clocks
    const entry = this.#entries.get(hash)
    if (entry === undefined) return undefined
    if (entry.until > ticks() && entry.end > now()) return entry.value
    this.#drop(hash, entry.value.connection)
    return undefined
  }

  /**
   * @param end The time of day at which the value ends by itself, in milliseconds.
   * @param changes {@link Cache.changes} before the value was looked up: if something was dropped since, it may be
   * this.
   */
  set(hash: string, value: Value, end: number, changes: number): void {
    if (this.isOff || changes !== this.#changes) return
    const [oldest] = this.#entries
    // A Map keeps its keys in the order in which they came, and entries live equally long.
    if (oldest && this.#entries.size >= this.most) this.#drop(oldest[0], oldest[1].value.connection)
    this.#entries.set(hash, { value, until: this.clocks.ticks() + this.milliseconds, end })
    const hashes = this.#byConnection.get(value.connection)
    if (hashes) hashes.add(hash)
    else this.#byConnection.set(value.connection, new Set([hash]))
  }

  forget(connection: string): void {
    this.#changes += 1
    for (const hash of this.#byConnection.get(connection) ?? []) this.#entries.delete(hash)
    this.#byConnection.delete(connection)
  }

  #drop(hash: string, connection: string): void {
    this.#entries.delete(hash)
    const hashes = this.#byConnection.get(connection)
    hashes?.delete(hash)
    if (hashes?.size === 0) this.#byConnection.delete(connection)
  }
}
