import { randomBytes, randomUUID } from 'node:crypto'

/**
 * The values of `${…}` in a sequence: generated values, the values of its `vars`, and values that its steps capture.
 */
export class Names {
  readonly #values = new Map<string, string>()

  constructor(base: string, vars: Readonly<Record<string, string>> = {}, run = randomBytes(5).toString('hex')) {
    for (const [name, value] of Object.entries({ run, RUN: run.toUpperCase(), base })) this.set(name, value)
    for (const [name, value] of Object.entries(vars)) this.set(name, this.fill(value))
  }

  set(name: string, value: string): void {
    this.#values.set(name, value)
  }

  /** Replaces the placeholders in every text of a JSON value, also in keys. */
  fill<T>(template: T): T {
    return this.#fill(template) as T
  }

  /**
   * Replaces the placeholders in a path. Values in the query are percent-encoded; those in the path are inserted
   * unchanged.
   */
  fillPath(template: string): string {
    const [path = '', ...query] = template.split('?')
    const filled = this.#text(path, String)
    return query.length === 0 ? filled : `${filled}?${this.#text(query.join('?'), encodeURIComponent)}`
  }

  #fill(template: unknown): unknown {
    if (typeof template === 'string') return this.#text(template, String)
    if (Array.isArray(template)) return template.map((element) => this.#fill(element))
    if (typeof template !== 'object' || template === null) return template
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [this.fill(key), this.#fill(value)]))
  }

  #text(template: string, encode: (value: string) => string): string {
    return template.replace(/\$\{([A-Za-z0-9_:]+)\}/g, (_whole, name: string) => encode(this.#get(name)))
  }

  #get(name: string): string {
    const known = this.#values.get(name)
    if (known !== undefined) return known
    if (!name.startsWith('uuid:')) throw new Error(`no earlier step has kept ${name}`)
    const uuid = randomUUID()
    this.set(name, uuid)
    return uuid
  }
}
