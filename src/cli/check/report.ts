import type { Exchange } from '../../client/index.js'
import type { RemainingResource } from './bench/ledger.js'
import type { Level, Status } from './bench/outcome.js'

/** The outcome of one rule, or of one test of a provider. */
export interface Result {
  /** The name of the area, or of the provider. */
  readonly area: string
  readonly kind: 'rule' | 'provider'
  /** The name of the provider's test; undefined for a rule. */
  readonly test?: string
  readonly title: string
  readonly level: Level
  readonly requirements: readonly string[]
  readonly section: string
  readonly status: Status
  /** The fault, or the reason for skipping the rule. */
  readonly message?: string
  readonly milliseconds: number
  /** The requests of a rule that does not hold. */
  readonly exchanges: readonly Exchange[]
}

/** The outcome of a run. */
export interface Report {
  readonly url: string
  /** The mark in all names of the run. */
  readonly mark: string
  readonly readOnly: boolean
  /** True when the run was ended early. */
  readonly stopped: boolean
  /** The discovery answers of the server, in sentences. */
  readonly says: readonly string[]
  readonly results: readonly Result[]
  readonly requests: number
  readonly milliseconds: number
  readonly created: { readonly users: number; readonly groups: number }
  /** Resources that the run created and could not delete. */
  readonly left: readonly RemainingResource[]
  /** Resources that the server answered to a POST although they existed before. They are unchanged. */
  readonly foreign: readonly RemainingResource[]
}

/** The results of one area, counted. */
export interface Count {
  readonly area: string
  readonly kind: Result['kind']
  readonly all: number
  readonly by: Readonly<Record<Status, number>>
}

/** Counts the results by area, in the order in which they were made. */
export function countsOf({ results }: Pick<Report, 'results'>): readonly Count[] {
  const areas = [...new Set(results.map(({ area }) => area))]
  return areas.map((area) => {
    const own = results.filter((result) => result.area === area)
    const by = { passed: 0, failed: 0, warning: 0, note: 0, skipped: 0 }
    for (const { status } of own) by[status] += 1
    return { area, kind: own[0]?.kind ?? 'rule', all: own.length, by }
  })
}

/** Whether the check has failed: a MUST does not hold, or with `strict` a SHOULD. */
export function hasFailed({ results }: Pick<Report, 'results'>, strict: boolean): boolean {
  return results.some(({ status }) => status === 'failed' || (strict && status === 'warning'))
}
