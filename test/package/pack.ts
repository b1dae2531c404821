import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../support/process.js'

const execute = promisify(execFile)

/** The package as `npm publish` would upload it. */
export interface Tarball {
  readonly path: string
  /** Names of the files in it. */
  readonly files: readonly string[]
}

/** Packs the result of `npm run build`. */
export async function pack(): Promise<Tarball> {
  if (!existsSync(join(ROOT, 'dist'))) throw new Error('There is no dist folder: npm run build comes first.')
  const folder = await temporaryFolder()
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const [packed] = JSON.parse(await run('npm', args, ROOT))
  return {
    path: join(folder, packed.filename),
    files: packed.files.map(({ path }: { path: string }) => path).sort(),
  }
}

/** A new folder outside of the repository, so that nothing is resolved from within it. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'express-scim-'))
}

/** Runs a command to its end. Throws with its whole output if it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await execute(command, args, { cwd, maxBuffer: 1 << 26 })).stdout
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
  }
}

export async function readPackage(folder: string): Promise<any> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}
