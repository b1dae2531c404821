// Runs the whole suite on other versions of Node: `npm run test:nodes -- 24 26 [path …]`. Without versions: 22, 24, 26.
import { spawnSync } from 'node:child_process'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBinary } from './node-binary.mjs'

const LINES = ['22', '24', '26']

const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url))
const isVersion = (text) => /^\d+(\.\d+){0,2}$/.test(text)
const versions = process.argv.slice(2).filter(isVersion)
const rest = process.argv.slice(2).filter((text) => !isVersion(text))

const failed = []
for (const version of versions.length > 0 ? versions : LINES) {
  const binary = nodeBinary(version)
  // Tests that start programs start them with this Node too.
  const env = { ...process.env, PATH: `${dirname(binary)}${delimiter}${process.env.PATH}` }
  console.log(`Node ${version}: ${spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim()}`)
  const { status } = spawnSync(binary, [jest, ...rest], { stdio: 'inherit', env })
  if (status !== 0) failed.push(version)
}
if (failed.length > 0) {
  console.error(`The suite fails on Node ${failed.join(', ')}.`)
  process.exit(1)
}
