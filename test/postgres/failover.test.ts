import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ROOT } from '../support/process.js'

// The short form of scripts/fault-postgres.mjs, which runs for a given number of rounds.
test('no acknowledged write is lost, and none is there twice, when the primary is killed and its standby promoted', async () => {
  const writes = 30
  const short = ['--rounds', '1', '--writes', String(writes), '--processes', '2', '--clients', '3']
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/fault-postgres.mjs', ...short], {
    cwd: ROOT,
  })
  const { users, members, before, after, lost, twice, other } = JSON.parse(stdout.split('\n')[0] ?? '')
  expect({ lost, twice, other }).toEqual({ lost: 0, twice: 0, other: 0 })
  // There was load before and after the failover.
  expect(Math.min(before, after)).toBeGreaterThanOrEqual(writes)
  expect(members).toBe(before + after)
  expect(users).toBeGreaterThanOrEqual(members)
}, 600_000)
