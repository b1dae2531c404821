import { execFileSync } from 'node:child_process'
import { ROOT } from '../support/process.js'

test('the tables in the documentation are those that the code runs on', () => {
  expect(() =>
    execFileSync(process.execPath, ['scripts/tables.mjs', '--check'], { cwd: ROOT, stdio: 'pipe' }),
  ).not.toThrow()
})
