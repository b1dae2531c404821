import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import type { Io } from './io.js'

/** The real thing. */
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
    process.on('SIGINT', callback).on('SIGTERM', callback)
    return () => void process.off('SIGINT', callback).off('SIGTERM', callback)
  },
  writeFile: (path, written) => writeFile(path, written, { mode: 0o600 }),
  readFile: (path) => readFile(path, 'utf8'),
}
