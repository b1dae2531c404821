import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
const model = page.slice(page.indexOf('## Threat model'))
const rows = [...model.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | ')).slice(2)

test('each threat of the model has what the library does, and tests that exist', () => {
  expect(rows.length).toBeGreaterThan(15)
  for (const [threat, done = '', , tests = ''] of rows) {
    expect([threat, done.length > 10]).toEqual([threat, true])
    const named = [...tests.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect([threat, named.length > 0]).toEqual([threat, true])
    for (const name of named) expect([name, exists(name)]).toEqual([name, true])
  }
})

/** A test file, a folder of them, or a script. */
function exists(name: string): boolean {
  if (name.startsWith('npm run ')) {
    return Object.hasOwn(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts, name.slice(8))
  }
  const path = join(ROOT, 'test', name.replace(/\/\*$/, ''))
  return existsSync(path) || existsSync(`${path}.test.ts`)
}
