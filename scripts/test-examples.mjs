// Runs the tests of the examples that have packages of their own, each after its packages are installed. Names of
// examples as arguments run those alone.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const has = (example, file) => existsSync(`${folder}${example}/${file}`)
const named = process.argv.slice(2)
const examples = readdirSync(folder).filter((example) => has(example, 'scim.test.js'))
// Prisma needs its engine for migrations alone, and would download it. The example generates its client before its
// test, also if the scripts around this one are left out (`--ignore-scripts`).
const { npm_config_ignore_scripts: _, ...inherited } = process.env
const env = { ...inherited, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
const failed = []
for (const example of named.length > 0 ? named : examples) {
  const run = (command, ...args) =>
    spawnSync(command, args, { cwd: `${folder}${example}`, env, stdio: 'inherit' }).status === 0
  const isFine = has(example, 'package.json')
    ? run('npm', 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline') &&
      run('npm', 'test', '--silent', '--', '--test-reporter=dot')
    : run(process.execPath, '--test', '--test-reporter=dot')
  // Where an example has an adapter written by hand, faults in it must be found by the checks of adapters.
  const mutants = fileURLToPath(new URL(`../test/examples-mutants/${example}.test.mjs`, import.meta.url))
  const areFound = !isFine || !existsSync(mutants) || run(process.execPath, '--test', '--test-reporter=dot', mutants)
  if (!isFine || !areFound) failed.push(example)
}
// Tests whose server a machine may not have say so when they are skipped, as in `npm test`.
if (!process.env.MONGO_URL && (named.length === 0 || named.includes('mongoose')))
  console.error('Not run: the tests of examples/mongoose on a MongoDB server; mingo stood in for it. Set MONGO_URL.')
if (failed.length > 0) {
  console.error(`Examples that fail: ${failed.join(', ')}`)
  process.exitCode = 1
}
