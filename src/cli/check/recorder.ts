import type { Exchange } from '../../client/index.js'

/** The requests of the rule that is looked at, with those of earlier rules whose answers it looks at too. */
export class Recorder {
  #exchanges: Exchange[] = []
  readonly #kept = new Map<string, Exchange>()

  /** Begins with the next rule. */
  begin(): void {
    this.#exchanges = []
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  add(exchange: Exchange): void {
    this.#exchanges.push(exchange)
  }

  /** Keeps the last request for rules that look at its answer again. */
  keep(name: string): void {
    const last = this.#exchanges.at(-1)
    if (last !== undefined) this.#kept.set(name, last)
  }

  /** Adds a request that was kept. */
  cite(name: string): void {
    const kept = this.#kept.get(name)
    if (kept !== undefined && !this.#exchanges.includes(kept)) this.#exchanges.push(kept)
  }
}
