import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { type Io, UsageError } from './shared/io.js'

/** The input and output of the process. */
export const processIo: Io = {
  env: process.env,
  out: (written) => void process.stdout.write(written),
  err: (written) => void process.stderr.write(written),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  readInput: () => text(process.stdin),
  ask: async (question) => {
    if (!process.stdin.isTTY) return undefined
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    try {
      return await lines.question(question)
    } finally {
      lines.close()
    }
  },
  onInterrupt: (callback) => {
    let isEnding = false
    const listener = (): void => {
      // The second Ctrl-C ends the process without the cleanup.
      if (isEnding) process.exit(2)
      isEnding = true
      callback()
    }
    process.on('SIGINT', listener).on('SIGTERM', listener)
    return () => void process.off('SIGINT', listener).off('SIGTERM', listener)
  },
  writeFile: (path, written) => writeFile(path, written, { mode: 0o600 }).catch(cannot(`${path} cannot be written`)),
  readFile: (path) => readFile(path, 'utf8').catch(cannot(`${path} cannot be read`)),
}

function cannot(words: string): (error: NodeJS.ErrnoException) => never {
  return ({ code, message }) => {
    throw new UsageError(`${words}: ${code ?? message}.`)
  }
}
