import { type AdapterChecksOptions, adapterChecks, ContractViolation } from '../../../src/conformance/index.js'

/** A fault that an author of an adapter could make. */
export interface Mutant {
  readonly what: string
  /** Name of the check that finds it. */
  readonly check: string
}

/** Expects the check to tell the fault, in the words of the contract. */
export async function expectFound(options: AdapterChecksOptions, { check: name }: Mutant): Promise<void> {
  const checks = adapterChecks(options)
  const check = checks.find((each) => each.name === name)
  if (!check) throw new Error(`There is no check "${name}".`)
  const outcome = await check.run().then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(outcome).toBeInstanceOf(ContractViolation)
}

/** A text with one part replaced, which has to be there. */
export function changed(text: string, [from, to]: readonly [string, string]): string {
  if (!text.includes(from)) throw new Error(`There is no "${from}" to change.`)
  return text.replace(from, () => to)
}
