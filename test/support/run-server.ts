import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * The URL of a server that serves all test files of this run: the first test file that needs it starts it. It ends with
 * the run.
 *
 * @param name Of the server, in paths.
 * @param script Starts it: gets a folder for its URL, and the process with which it must end.
 */
export async function serverOfRun(name: string, script: string, ...args: readonly string[]): Promise<string> {
  // Workers are children of the process that runs the tests.
  const run = process.send ? process.ppid : process.pid
  const folder = join(tmpdir(), `scim-${name}-of-${run}`)
  try {
    mkdirSync(folder)
    const all = [join(__dirname, script), folder, String(run), ...args]
    spawn(process.execPath, all, { detached: true, stdio: 'ignore' }).unref()
  } catch {
    // Another test file was first.
  }
  for (let tries = 0; tries < 1_100; tries++) {
    if (existsSync(join(folder, 'url'))) return readFileSync(join(folder, 'url'), 'utf8')
    if (existsSync(join(folder, 'error'))) throw new Error(readFileSync(join(folder, 'error'), 'utf8'))
    await delay(50)
  }
  throw new Error(`The server of ${name} has not started within 55 seconds.`)
}
