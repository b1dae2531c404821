import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { runs } from '../support/length.js'
import { databaseUrl } from '../support/postgres.js'
import { ROOT } from '../support/process.js'

// The short form of scripts/rolling-postgres.mjs, which runs for a given time.
test('processes of two declarations take turns under load: no look-up misses, no write fails, nothing is lost', async () => {
  const short = [
    '--url',
    await databaseUrl(),
    '--schema',
    `test_rolling_${process.pid}`,
    '--seconds',
    `${runs(1, 2)}`,
    '--turns',
    `${runs(3, 4)}`,
  ]
  const told = await promisify(execFile)(process.execPath, ['scripts/rolling-postgres.mjs', ...short], {
    cwd: ROOT,
  }).catch((error: { readonly stdout: string }) => error)
  const { written, deleted, ...bad } = JSON.parse(told.stdout.split('\n')[0] ?? '')
  expect(bad).toEqual({ missed: 0, failed: 0, lost: 0, errors: [] })
  expect(Math.min(written, deleted)).toBeGreaterThan(0)
}, 120_000)
