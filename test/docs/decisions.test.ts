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

// Answers that no line of the code gives: nothing is done for them.
const UNCITED = ['A-115', 'A-116']

test('every decision is cited beside the code that acts on it, or in a test', () => {
  const files = ['src', 'test'].flatMap(ownFiles).filter((file) => /\.(?:ts|tsx|json)$/.test(file))
  // This file names decisions that need no citation.
  const texts = files.filter((file) => !file.endsWith('decisions.test.ts')).map((file) => readFileSync(file, 'utf8'))
  const cited = new Set(texts.flatMap((text) => text.match(/\bA-\d+[a-z]?\b/g) ?? []))
  const numbers = [...page.matchAll(/<a id="a-\w+"><\/a>(A-\w+) \|/g)].map(([, number = '']) => number)
  expect(numbers.length).toBeGreaterThan(150)
  expect(numbers.filter((number) => !cited.has(number)).sort()).toEqual(UNCITED)
})

test('every decision has a test that cites it, or cites a requirement that does', () => {
  const numbers = [...page.matchAll(/<a id="a-\w+"><\/a>(A-\w+) \|/g)].map(([, number = '']) => number)
  // test/docs/tables.test.ts compares the table with the tests.
  expect(numbers.filter((number) => !page.includes(`| [${number}](#${number.toLowerCase()}) | [`))).toEqual(UNCITED)
})

test('every tolerance stands beside a decision, and no other name does', () => {
  const unnamed = Object.keys(TOLERANCES).filter((name) => !page.includes(`\`${name}\``))
  expect(unnamed).toEqual([])
  const named = [...page.matchAll(/[Tt]olerant \(`(\w+)`\)/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(TOLERANCES, name))).toEqual([])
})
