import type { Exchange } from '../../../client/index.js'

/** Records the requests of the current rule, and those of earlier rules whose answers it uses. */
export class Recorder {
  #exchanges: Exchange[] = []
  readonly #kept = new Map<string, Exchange>()

  /** Starts the record of the next rule. */
  begin(): void {
    this.#exchanges = []
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  add(exchange: Exchange): void {
    this.#exchanges.push(exchange)
  }

  /** Keeps the last request for rules that use its answer again. */
  keep(name: string): void {
    const last = this.#exchanges.at(-1)
    if (last !== undefined) this.#kept.set(name, last)
  }

  /** Adds a kept request to the record of the current rule. */
  cite(name: string): void {
    const kept = this.#kept.get(name)
    if (kept !== undefined && !this.#exchanges.includes(kept)) this.#exchanges.push(kept)
  }
}
