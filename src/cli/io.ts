/** What a command reads and writes, so that tests can stand in for a terminal. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. */
  readonly out: (text: string) => void
  /** Everything else: progress, questions, errors. */
  readonly err: (text: string) => void
  /** Whether a person looks at the results, and at the rest. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** All of standard input. */
  readonly readInput: () => Promise<string>
  /** Asks a person; undefined where nobody can answer. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** Calls back at Ctrl-C, until the function that it returns is called. */
  readonly onInterrupt: (callback: () => void) => () => void
  readonly writeFile: (path: string, text: string) => Promise<void>
  readonly readFile: (path: string) => Promise<string>
}

/** The command was called in a way that cannot be right. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
