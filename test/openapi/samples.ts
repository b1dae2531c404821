import type { Judge } from './judge.js'

/** The number of texts so far. Tests search answers for passwords, so no password may be a part of another text. */
let texts = 0

/** Makes values of a document's schemas, the same for the same seed. */
export class Samples {
  readonly #judge: Judge
  #state: number
  /** The ids that references may have. */
  ids: readonly string[] = []

  constructor(judge: Judge, seed: number) {
    this.#judge = judge
    this.#state = seed
  }

  /** A value; undefined for an attribute that only the server sets. */
  of(schema: any): any {
    const told = this.#judge.resolve(schema)
    if (told.readOnly) return undefined
    if (told.enum) return this.pick(told.enum)
    if (told.examples && this.chance(0.7)) return this.pick(told.examples)
    const choices = told.oneOf ?? told.anyOf
    if (choices) return this.of(this.pick(choices))
    return this.#make(told)
  }

  /** The body of a POST or PUT: `schemas` names the extensions that are in it. */
  resource(schema: any): any {
    const body = this.of(schema)
    const [base] = body.schemas
    return { ...body, schemas: [base, ...Object.keys(body).filter((name) => name.startsWith('urn:'))] }
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)] as T
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  /** A text that no other resource has. */
  text(): string {
    texts += 1
    return `${this.pick(['Babs', 'Ünal "quoted"', 'a\\b', 'x'])} ${String(texts).padStart(6, '0')}`
  }

  #make(told: any): any {
    switch (told.type) {
      case 'object':
        return this.#object(told)
      case 'array':
        return this.#list(told)
      case 'boolean':
        return this.chance(0.5)
      case 'integer':
        return Math.floor(this.#next() * 100) - 5
      case 'number':
        return Math.floor(this.#next() * 100) / 4
      default:
        return this.#string(told)
    }
  }

  #string({ format, contentEncoding }: any): string {
    if (format === 'date-time') return this.pick(['2024-02-29T23:59:59Z', '2011-05-13T04:42:34.123+02:00'])
    if (format !== undefined) return this.pick(['https://app.example/a?b=c#d', '/relative', 'urn:example:a'])
    return contentEncoding === undefined ? this.text() : Buffer.from(this.text()).toString('base64')
  }

  #object(told: any): any {
    const { properties, required = [], minProperties = 0 } = told
    // RFC 7643 section 2.4: a reference to a resource is its id and its URI, and only the server that made it knows it.
    if (properties.value && properties.$ref) return { value: this.pick(this.ids) }
    const entries = Object.entries(properties).map(([name, schema]) => {
      return [name, required.includes(name) || this.chance(0.6) ? this.of(schema) : undefined]
    })
    const made = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    return Object.keys(made).length < minProperties ? this.of(told) : made
  }

  #list({ items, contains, maxContains }: any): any {
    if (contains?.const !== undefined) return [contains.const]
    const list = Array.from({ length: 1 + Math.floor(this.#next() * 3) }, () => this.of(items))
    if (maxContains === 1) for (const one of list.slice(1)) if (one.primary) one.primary = false
    return list
  }

  #next(): number {
    // xorshift32
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) / 2 ** 32
  }
}
