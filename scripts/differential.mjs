#!/usr/bin/env node
// Compares filters and orders in memory and in SQL on other resources and other filters in each round, for the given
// number of rounds. A round that differs names its seed.
//
//   node scripts/differential.mjs [--rounds 10] [--filters 10000] [--seed N]
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    filters: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
})
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const jest = join(root, 'node_modules/jest/bin/jest.js')

for (let round = 0; round < Number(options.rounds); round += 1) {
  const seed = Number(options.seed) + round
  const env = { ...process.env, SQL_PROPERTY_RUNS: options.filters, SQL_PROPERTY_SEED: String(seed) }
  const { status } = spawnSync(
    process.execPath,
    [jest, '--silent', 'test/property/sql.test.ts', 'test/property/sql-databases.test.ts'],
    {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) {
    console.log(`Round ${round + 1} differs: --rounds 1 --filters ${options.filters} --seed ${seed}`)
    process.exit(1)
  }
  console.log(
    `Round ${round + 1}: ${options.filters} filters on documents, on SQLite and on MySQL, a quarter as many on existing tables, no difference.`,
  )
}
