/** One thing to prove, for whatever runs tests: `test(check.name, check.run)`. */
export interface Check {
  /** What is proved, in one line. */
  readonly name: string
  /** Resolves when it holds; rejects with a sentence that says what does not. */
  readonly run: () => Promise<void>
}
