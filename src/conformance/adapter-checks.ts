import { checkGiven, checkOptions } from '../check-options.js'
import { ScimError } from '../error.js'
import { docsAt } from '../setup-error.js'
import { benchOf } from './kit/bench.js'
import type { Check } from './kit/check.js'
import { type Kit, kitOf } from './kit/kit.js'
import { OPTIONS, RESOURCE_TYPE } from './kit/option-table.js'
import type { AdapterChecksOptions } from './kit/options.js'
import type { Rule } from './kit/rule.js'
import type { Subject } from './kit/subject.js'
import { CallbackFailure, ContractViolation, show, tell } from './kit/violation.js'
import { RULES } from './rules/index.js'

/** A check of one rule for one resource type. */
export interface AdapterCheck extends Check {
  /** Such as `User`. */
  readonly resourceType: string
  /** The section of docs/adapters.md with the rule. */
  readonly section: string
}

/**
 * The whole contract of adapters as checks for any test runner. Each check creates its resources under a mark of its
 * own, uses only these, and deletes them in the end. So checks can share a store with each other and with other data.
 *
 * The error of a check says in one sentence which callback broke which rule, and names the section of docs/adapters.md.
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
  checkGiven(options, OPTIONS, {
    owner: 'adapterChecks',
    code: 'ERR_SCIM_OPTION',
    section: 'conformance-kit.md#options',
  })
  for (const [name, type] of Object.entries(options.resourceTypes)) {
    checkOptions(type, RESOURCE_TYPE, {
      owner: `resource type ${name}`,
      code: 'ERR_SCIM_RESOURCE_TYPE',
      section: 'conformance-kit.md#options',
    })
  }
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
      const known = await kit.keptOf(subject)
      const kept = known.subject
      // Another check reports an attribute that the store does not keep.
      if (rule.applies?.(kept, kit.options) === false) return
      const bench = benchOf(kit, kept, rule.section, known)
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
  // A streamed list fails after the call has returned.
  const isLast = error.argument === '' && lastStep?.startsWith(callback)
  const argument = isLast ? lastStep?.slice(callback.length) : error.argument
  if (!ScimError.is(thrown))
    return new ContractViolation(`${callback} threw ${tell(thrown)}${argument}`, rule.section, thrown)
  const told = `${thrown.status} ${thrown.scimType ?? ''}`.trim()
  return new ContractViolation(
    `${callback} refused a valid call: ${told} ${show(thrown.message)}${argument}`,
    rule.section,
    thrown,
  )
}

/** An error between two calls: the schema refuses a value that the kit made, or the kit cannot read an answer. */
function brokenOff(error: unknown, lastStep: string | undefined): unknown {
  if (!(error instanceof Error)) return error
  const after = lastStep === undefined ? '' : ` The last call was ${lastStep}.`
  const help = ScimError.is(error) ? ` Give the option "sample" (${docsAt('conformance-kit.md#sample')}).` : ''
  return new Error(`${error.message}${after}${help}`, { cause: error })
}
