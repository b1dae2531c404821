/** One check for any test runner: `test(check.name, check.run)`. */
export interface Check {
  /** The rule, in one line. */
  readonly name: string
  /** Resolves if the rule holds; else rejects with a sentence about the fault. */
  readonly run: () => Promise<void>
}
