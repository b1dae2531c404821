import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOLERANCES } from '../../src/compatibility.js'
import { ownFiles } from '../support/own-files.js'
import { ROOT } from '../support/process.js'

const page = readFileSync(join(ROOT, 'docs/decisions.md'), 'utf8')

test('every decision that is cited anywhere is explained', () => {
  const files = ['src', 'test', 'docs']
    .flatMap(ownFiles)
    .filter((file) => /\.(?:ts|json|md)$/.test(file) && !file.endsWith('decisions.md'))
  const cited = files.flatMap((file) => readFileSync(file, 'utf8').match(/\bA-\d+[a-z]?\b/g) ?? [])
  const numbers = [...new Set(cited)]
  expect(numbers.length).toBeGreaterThan(50)
  expect(numbers.filter((number) => !page.includes(`<a id="${number.toLowerCase()}"></a>${number} |`))).toEqual([])
})

test('every tolerance stands beside a decision, and no other name does', () => {
  const unnamed = Object.keys(TOLERANCES).filter((name) => !page.includes(`\`${name}\``))
  expect(unnamed).toEqual([])
  const named = [...page.matchAll(/[Tt]olerant \(`(\w+)`\)/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(TOLERANCES, name))).toEqual([])
})
