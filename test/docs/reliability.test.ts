import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

const page = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8')
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const rows = [...page.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | ')).slice(2)

test('each part has its figures, and a script that exists', () => {
  expect(rows.length).toBeGreaterThan(10)
  for (const [part, figures = '', script = ''] of rows) {
    expect([part, figures.length > 5]).toEqual([part, true])
    const [, name = ''] = /^`npm run ([a-z]+)/.exec(script) ?? []
    expect([part, Object.hasOwn(scripts, name)]).toEqual([part, true])
  }
})
