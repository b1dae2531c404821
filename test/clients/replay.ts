import { randomBytes, randomUUID } from 'node:crypto'
import type { Answer, ScimClient } from '../support/client.js'
import { elementsAt, mismatches, valueAt } from './match.js'

/** A file of recorded sequences, see README.md in this folder. */
export interface SequenceFile {
  readonly format: 'scim-interop/1'
  readonly idp: string
  readonly sequences: readonly Sequence[]
}

export interface Sequence {
  readonly id: string
  readonly title: string
  readonly level: 'rfc' | 'quirk' | 'optional'
  readonly vars?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  readonly cleanup?: readonly string[]
}

interface Step {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: unknown
  readonly expect?: Expectation
  readonly capture?: Readonly<Record<string, string>>
}

interface Expectation {
  readonly status?: number | readonly number[]
  readonly headers?: Readonly<Record<string, unknown>>
  readonly bodySubset?: unknown
  readonly absent?: readonly string[]
  readonly lengths?: Readonly<Record<string, unknown>>
  readonly notContains?: readonly { readonly path: string; readonly element: unknown }[]
}

/**
 * Sends the requests of a sequence one after the other, each on the state that the earlier ones left.
 *
 * @returns one line for each way in which an answer was not the expected one; empty when the sequence passes.
 */
export async function replay(sequence: Sequence, scim: ScimClient): Promise<string[]> {
  const names = new Names(scim.base, sequence.vars)
  const failures: string[] = []
  for (const step of sequence.steps) {
    const told = await play(step, scim, names).catch((error: Error) => [error.message])
    failures.push(...told.map((line) => `${step.name}: ${line}`))
  }
  for (const path of sequence.cleanup ?? []) {
    // Whatever an earlier step did not create cannot be named, and need not be deleted.
    await Promise.resolve(path)
      .then((template) => scim.delete(names.fillPath(template)))
      .catch(() => undefined)
  }
  return failures
}

async function play(step: Step, scim: ScimClient, names: Names): Promise<string[]> {
  const answer = await scim.send(step.method, names.fillPath(step.path), {
    headers: names.fill(step.headers ?? {}),
    body: names.fill(step.body),
  })
  const failures = check(names.fill(step.expect ?? {}), answer)
  for (const [name, source] of Object.entries(step.capture ?? {})) {
    const value = source.startsWith('header:') ? answer.headers.get(source.slice(7)) : valueAt(answer.body, source)
    if (value === undefined || value === null) failures.push(`nothing to keep as ${name} at ${source}`)
    else names.set(name, String(value))
  }
  return failures
}

function check(expected: Expectation, { status, headers, text, body }: Answer): string[] {
  const statuses = [expected.status ?? []].flat()
  if (statuses.length > 0 && !statuses.includes(status)) {
    return [`status ${status}, expected ${statuses.join(' or ')}: ${text.slice(0, 300)}`]
  }
  const failures = Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
    mismatches(value, headers.get(name) ?? undefined, `header ${name}`),
  )
  if (status === 204) return text === '' ? failures : [...failures, '204 with a body']

  if (expected.bodySubset !== undefined) failures.push(...mismatches(expected.bodySubset, body, 'body'))
  for (const path of expected.absent ?? []) {
    if (elementsAt(body, path).length > 0) failures.push(`${path} is there`)
  }
  for (const [path, length] of Object.entries(expected.lengths ?? {})) {
    failures.push(...mismatches(length, elementsAt(body, path).length, `length of ${path}`))
  }
  for (const { path, element } of expected.notContains ?? []) {
    const found = elementsAt(body, path).find((one) => mismatches(element, one, '').length === 0)
    if (found !== undefined) failures.push(`${path} contains ${JSON.stringify(found)}`)
  }
  return failures
}

/** The values that `${…}` stands for: new ones for each sequence, those of its `vars`, and what its steps keep. */
class Names {
  readonly #values = new Map<string, string>()

  constructor(base: string, vars: Readonly<Record<string, string>> = {}) {
    const run = randomBytes(5).toString('hex')
    for (const [name, value] of Object.entries({ run, RUN: run.toUpperCase(), base })) this.set(name, value)
    for (const [name, value] of Object.entries(vars)) this.set(name, this.fill(value))
  }

  set(name: string, value: string): void {
    this.#values.set(name, value)
  }

  /** Fills in every text of a JSON value, keys included. */
  fill<T>(template: T): T {
    return this.#fill(template) as T
  }

  /** Values in the query are percent-encoded, those in the path go in as they are. */
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
