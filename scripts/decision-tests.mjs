// The test files of each decision of docs/decisions.md: files that cite its number, and files that name a requirement
// that cites the decision.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NUMBER = /\bA-\d+[a-z]?\b/g
const REQUIREMENT = /\b[A-Z]-[A-Z\d.]+-\d\d[a-z]?\b/g

/** Rows of a decision and its test files, in the order of the page. */
export function decisionTests(page) {
  const numbers = [...page.matchAll(/<a id="a-\w+"><\/a>(A-\w+) \|/g)].map(([, number]) => number)
  const files = new Map(numbers.map((number) => [number, new Set()]))
  const citing = citingRequirements()
  for (const file of testFiles()) {
    const text = readFileSync(join('test', file), 'utf8')
    const cited = new Set(text.match(NUMBER))
    for (const id of text.match(REQUIREMENT) ?? []) for (const number of citing.get(id) ?? []) cited.add(number)
    for (const number of cited) files.get(number)?.add(file)
  }
  return numbers.map((number) => [number, [...files.get(number)].sort()])
}

function testFiles() {
  return readdirSync('test', { recursive: true })
    .filter((name) => name.endsWith('.test.ts') || /^cases\/.+\.json$/.test(name))
    .filter((name) => !name.includes('node_modules') && !/^(?:docs|house|conformance)\//.test(name))
    .sort()
}

/** The decisions that a requirement cites, by its id. */
function citingRequirements() {
  const requirements = JSON.parse(readFileSync('test/conformance/requirements.json', 'utf8'))
  return new Map(requirements.map((each) => [each.id, JSON.stringify(each).match(NUMBER) ?? []]))
}
