// The benchmark on several versions of Node, one after the other.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from '../scripts/node-binary.mjs'

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url))

/**
 * Runs the parts on each release line, in a process of that Node; the servers that it starts run on that Node too.
 *
 * @param {readonly string[]} lines `22`, `24`, or whole versions.
 * @param {readonly string[]} parts Names of parts; none: all.
 * @returns {Record<string, object>} The figures by the version of Node.
 */
export function runOnNodes(lines, parts) {
  const folder = mkdtempSync(join(tmpdir(), 'scim-bench-'))
  const figures = {}
  try {
    for (const line of lines) {
      const binary = nodeBinary(line)
      const file = join(folder, `${line}.json`)
      const path = `${dirname(binary)}${delimiter}${process.env.PATH}`
      const env = { ...process.env, PATH: path, BENCH_ONE_OF_MANY: '1' }
      const { status } = spawnSync(binary, [RUN, ...parts, '--json', file], { stdio: 'inherit', env })
      if (status !== 0) throw new Error(`The benchmark has failed on Node ${line}.`)
      const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim()
      figures[version] = JSON.parse(readFileSync(file, 'utf8'))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return figures
}
