import { docsAt, ScimError } from '../error.js'
import { benchOf } from './bench.js'
import type { Check } from './check.js'
import { type Kit, kitOf } from './kit.js'
import type { AdapterChecksOptions } from './options.js'
import type { Rule } from './rule.js'
import { RULES } from './rules/index.js'
import type { Subject } from './subject.js'
import { CallbackFailure, ContractViolation, show, tell } from './violation.js'

/** A check of one rule with one resource type. */
export interface AdapterCheck extends Check {
  /** `User` */
  readonly resourceType: string
  /** The section of docs/adapters.md that has the rule. */
  readonly section: string
}

/**
 * The whole contract of adapters as checks, for whatever runs tests. Each creates what it needs under a mark of its own,
 * looks at nothing else, and deletes it in the end, so that they can share a store with others and with each other.
 *
 * A check that fails says in one sentence which callback broke which rule, with the section of docs/adapters.md.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { adapterChecks } from 'express-scim/conformance'
 * import { memoryAdapters } from 'express-scim/memory'
 *
 * const { users, groups } = memoryAdapters()
 * const resourceTypes = { User: { adapter: users }, Group: { adapter: groups } }
 * for (const check of adapterChecks({ resourceTypes })) test(check.name, check.run)
 * ```
 */
export function adapterChecks(options: AdapterChecksOptions): readonly AdapterCheck[] {
  const kit = kitOf(options)
  return [...kit.subjects.values()].flatMap((subject) =>
    RULES.filter((rule) => rule.applies?.(subject, options) ?? true).map((rule) => checkOf(kit, subject, rule)),
  )
}

function checkOf(kit: Kit, subject: Subject, rule: Rule): AdapterCheck {
  return {
    name: `${subject.name}: ${rule.name}`,
    resourceType: subject.name,
    section: docsAt(`adapters.md#${rule.section}`),
    run: async () => {
      const { subject: kept, missing } = await kit.keptOf(subject)
      // That the store does not keep what the rule is about is told by another check.
      if (rule.applies?.(kept, kit.options) === false) return
      const bench = benchOf(kit, kept, rule.section, missing)
      try {
        await rule.run(bench)
      } catch (error) {
        throw violationOf(rule, error, bench.lastStep())
      } finally {
        await bench.clear()
      }
    },
  }
}

function violationOf(rule: Rule, error: unknown, lastStep: string | undefined): unknown {
  if (error instanceof ContractViolation) return error
  if (!(error instanceof CallbackFailure)) return brokenOff(error, lastStep)
  const { callback, thrown } = error
  // A list that comes bit by bit fails after the call.
  const isLast = error.asked === '' && lastStep?.startsWith(callback)
  const asked = isLast ? lastStep?.slice(callback.length) : error.asked
  if (!ScimError.is(thrown))
    return new ContractViolation(`${callback} threw ${tell(thrown)}${asked}`, rule.section, thrown)
  const told = `${thrown.status} ${thrown.scimType ?? ''}`.trim()
  return new ContractViolation(
    `${callback} refused what is legal: ${told} ${show(thrown.message)}${asked}`,
    rule.section,
    thrown,
  )
}

/** An error between two calls: what the schema does not allow of the kit's own values, or an answer that it could not read. */
function brokenOff(error: unknown, lastStep: string | undefined): unknown {
  if (!(error instanceof Error)) return error
  const after = lastStep === undefined ? '' : ` The last call was ${lastStep}.`
  const help = ScimError.is(error) ? ` Give the option "sample" (${docsAt('conformance-kit.md#sample')}).` : ''
  return new Error(`${error.message}${after}${help}`, { cause: error })
}
