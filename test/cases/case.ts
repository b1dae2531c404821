import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { playSequence } from '../../src/conformance/replay/play.js'
import type { Step } from '../../src/conformance/replay/sequence.js'
import type { RequestReport, ToleranceName } from '../../src/index.js'
import type { ScimClient } from '../support/client.js'

/** Requests that a client was seen to send, with the expected answers. README.md tells the format. */
export interface Case {
  readonly id: string
  readonly title: string
  readonly source: string
  /** Strict mode answers alike, but for steps that say otherwise. */
  readonly strict?: true
  readonly steps: readonly CaseStep[]
}

interface CaseStep extends Step {
  /** The expected answer of strict mode, if it differs from `expect`. */
  readonly strict?: Step['expect']
  /** The tolerances that the report of the request names in tolerant mode, no other ones. */
  readonly tolerances?: readonly ToleranceName[]
}

export type Mode = 'tolerant' | 'strict'

/** The cases of all files here, by file. */
export const cases: Readonly<Record<string, readonly Case[]>> = Object.fromEntries(
  readdirSync(__dirname)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(__dirname, name), 'utf8'))]),
)

/** A case without an answer of strict mode says nothing about strict mode. */
export function isPlayedIn(mode: Mode, { strict: isAlike, steps }: Case): boolean {
  return mode === 'tolerant' || isAlike === true || steps.some(({ strict }) => strict !== undefined)
}

/** Takes the reports of `on.request`, which come one by one when requests are sent one by one. */
export class Reports {
  readonly #told: RequestReport[] = []
  #arrived: (() => void) | undefined

  readonly hook = (report: RequestReport): void => {
    this.#told.push(report)
    this.#arrived?.()
  }

  async next(): Promise<RequestReport> {
    for (;;) {
      const report = this.#told.shift()
      if (report) return report
      await new Promise<void>((resolve) => {
        this.#arrived = resolve
      })
    }
  }
}

/** Plays a case; one line for each answer and each report that is not the expected one. */
export async function playCase(one: Case, mode: Mode, scim: ScimClient, reports: Reports): Promise<string[]> {
  const failures: string[] = []
  for (const step of one.steps) if (step.strict && !step.expect) failures.push(`${step.name}: strict without expect`)
  const steps = one.steps.map((step) => ({ ...step, ...(mode === 'strict' && step.strict && { expect: step.strict }) }))
  // Each step sends one request, so a request and its step have the same place.
  const left = [...one.steps]
  const send: ScimClient['send'] = async (method, path, request) => {
    const answer = await scim.send(method, path, request)
    const { tolerances } = await reports.next()
    const step = left.shift()
    if (mode === 'tolerant' && step?.tolerances && tolerances.toSorted().join() !== step.tolerances.toSorted().join()) {
      failures.push(`${step.name}: reports [${tolerances.join()}], expected [${step.tolerances.join()}]`)
    }
    return answer
  }
  failures.push(...(await playSequence({ ...one, level: 'quirk', steps }, { base: scim.base, send })))
  return failures
}
