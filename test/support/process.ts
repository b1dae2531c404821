import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { lookAtLog } from './leaks.js'
import { note } from './running.js'

/** The folder of the repository. */
export const ROOT = join(__dirname, '../..')

/** A server in a process of its own. */
export interface ServerProcess {
  /** The URL it printed. */
  readonly base: string
  /** Everything it has written so far, to both streams. */
  readonly output: () => string
  /** Sends a signal and resolves with the exit code, null when the signal has killed it. */
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>
}

/**
 * Runs a script with Node and waits until it has printed the URL it listens at, and the text that `until` matches. At
 * the end of the test, all remaining processes are killed.
 */
export function startServer(
  script: string,
  env: Readonly<Record<string, string>> = {},
  until: RegExp = /\n/,
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, env: { ...process.env, PORT: '0', ...env } })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve).once('error', () => resolve(null)))
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  note({ close })
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk
      lookAtLog([String(chunk)], `the output of ${script}`)
      const base = /(http:\/\/\S+)\n/.exec(output)?.[1]
      if (base === undefined || !until.test(output)) return
      resolve({
        base,
        output: () => output,
        stop: (signal) => {
          child.kill(signal)
          return ended
        },
      })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    ended.then((code) => reject(new Error(`${script} ended with code ${code}: ${output}`)))
  })
}
