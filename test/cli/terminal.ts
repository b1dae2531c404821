import { main } from '../../src/cli/main.js'
import type { Io } from '../../src/cli/shared/io.js'

/** The exit code and the output of a command. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly files: ReadonlyMap<string, string>
}

/** The parts of a stand-in for a terminal. */
export interface Terminal {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  /** The answers of the person; without them there is no person. */
  readonly answer?: string
  readonly files?: Readonly<Record<string, string>>
  readonly colours?: boolean
  /** Called with each result as it is written. */
  readonly written?: (text: string) => void
  /** Called with the function that is Ctrl-C. */
  readonly interrupt?: (press: () => void) => void
}

/** Runs the command in this process. */
export async function express(line: readonly string[], terminal: Terminal = {}): Promise<Ended> {
  let out = ''
  let err = ''
  const files = new Map(Object.entries(terminal.files ?? {}))
  const io: Io = {
    env: terminal.env ?? {},
    out: (text) => {
      out += text
      terminal.written?.(text)
    },
    err: (text) => {
      err += text
    },
    outIsTerminal: terminal.colours ?? false,
    errIsTerminal: false,
    readInput: async () => terminal.input ?? '',
    ask: async (question) => {
      err += question
      return terminal.answer
    },
    onInterrupt: (callback) => {
      terminal.interrupt?.(callback)
      return () => undefined
    },
    writeFile: async (path, text) => void files.set(path, text),
    readFile: async (path) => {
      const text = files.get(path)
      if (text === undefined) throw new Error('ENOENT')
      return text
    },
  }
  const code = await main(line, io)
  return { code, out, err, files }
}
