/** The input and output of a command. Tests put their own in place of a terminal. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Results. */
  readonly out: (text: string) => void
  /** Everything else: progress, questions, errors. */
  readonly err: (text: string) => void
  /** Whether results, and everything else, go to a terminal. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>
  /** Asks the user; undefined if standard input is no terminal. */
  readonly ask: (question: string) => Promise<string | undefined>
  /** Calls back at Ctrl-C, until the returned function is called. */
  readonly onInterrupt: (callback: () => void) => () => void
  readonly writeFile: (path: string, text: string) => Promise<void>
  readonly readFile: (path: string) => Promise<string>
}

/** Thrown if the command was called in a way that cannot work. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
