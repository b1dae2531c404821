#!/usr/bin/env node
// Writes docs/conformance.json and docs/conformance.md: each requirement with the passing tests whose titles name it in
// brackets, `[P-3.5.2-13]`, or the reason why no test does. Runs all tests, or reads a report: --from jest.json. Writes
// to another folder than docs with --to FOLDER.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const LEVELS = ['MUST', 'SHOULD', 'MAY', 'INFO']
const STATUSES = ['proved', 'not applicable', 'not offered', 'missing']

const { from, to } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } }).values
const folder = to ?? join(ROOT, 'docs')
const requirements = readJson('test/conformance/requirements.json')
const repository = readJson('package.json').homepage.replace(/#.*$/, '')
const reasons = readJson('test/conformance/reasons.json')
const report = readReport()
const proofs = collectProofs(report)
const entries = requirements.map((requirement) => judge(requirement, proofs.get(requirement.id)))

writeFileSync(join(folder, 'conformance.json'), `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`)
writeFileSync(join(folder, 'conformance.md'), page(entries))
for (const line of summary(entries)) console.log(line.map((cell) => cell.padStart(15)).join(''))
if (report.numFailedTests > 0 || report.numFailedTestSuites > 0) {
  console.error(
    `${report.numFailedTests} tests and ${report.numFailedTestSuites} files failed: what they name is not proved.`,
  )
  process.exitCode = 1
}

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

/** The results of a run in the report of `jest --json`. */
function readReport() {
  if (from !== undefined) return JSON.parse(readFileSync(from, 'utf8'))
  const temporary = mkdtempSync(join(tmpdir(), 'conformance-'))
  try {
    const file = join(temporary, 'jest.json')
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
    spawnSync(process.execPath, [jest, '--silent', '--json', `--outputFile=${file}`], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return JSON.parse(readFileSync(file, 'utf8'))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/**
 * The tests that name each requirement. A skipped test, whose server is not on this machine, neither proves nor refutes
 * a requirement. Throws for an id without a requirement.
 */
function collectProofs(report) {
  const known = new Set(requirements.map(({ id }) => id))
  const found = new Map()
  // Jest runs files in another order each time.
  const suites = report.testResults.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  for (const suite of suites) {
    const file = relative(ROOT, suite.name)
    for (const { fullName, status } of suite.assertionResults) {
      if (status !== 'passed' && status !== 'failed') continue
      for (const id of idsIn(fullName)) {
        if (!known.has(id)) throw new Error(`${file}: "${fullName}" names ${id}, which is no requirement`)
        const tests = found.get(id) ?? { passed: [], failed: [] }
        tests[status === 'passed' ? 'passed' : 'failed'].push(`${file}: ${fullName}`)
        found.set(id, tests)
      }
    }
  }
  return found
}

function idsIn(title) {
  const listed = [...title.matchAll(/\[([^[\]]+)\]/g)].flatMap(([, list]) => list.split(/[\s,]+/))
  return new Set(listed.filter((text) => /^[A-Z]-[A-Z\d.]+-\d\d[a-z]?$/.test(text)))
}

function judge({ id, level, section, text }, { passed = [], failed = [] } = {}) {
  const proved = passed.length > 0 && failed.length === 0
  const { status = 'missing', reason = failed.length > 0 ? 'A test of it fails.' : 'No test names it yet.' } =
    reasons[id] ?? {}
  if (proved) return { id, level, status: 'proved', tests: passed, reason: '', section, text }
  return { id, level, status, tests: [], reason, section, text }
}

/** Rows of counts: a level, then one number for each status. */
function summary(all) {
  const count = (level, status) => all.filter((entry) => entry.level === level && entry.status === status).length
  return [
    ['', ...STATUSES],
    ...LEVELS.map((level) => [level, ...STATUSES.map((status) => String(count(level, status)))]),
  ]
}

function page(all) {
  const sections = [...new Set(all.map(({ section }) => section))]
  return `# Conformance

Every requirement of RFC 7643, RFC 7644 and RFC 9865 for a server (a service provider), one line each, with the tests that
prove it. \`npm run conformance\` makes this page from a run of all tests. The same as data, with the title of each test, is in
[conformance.json]. Ids begin with P for RFC 7644, S for RFC 7643, C for RFC 9865, H for RFC 9110, E for
RFC 9967 and X for drafts and profiles. Level INFO: no keyword in the text, but needed to be interoperable.

${table(summary(all))}
${sections
  .map((section) =>
    sectionOf(
      section,
      all.filter((entry) => entry.section === section),
    ),
  )
  .join('\n')}
${definitions(all)}`
}

/** The addresses of the linked files, each address once: the package has neither the tests nor the data. */
function definitions(all) {
  const tests = all.filter(({ reason }) => !reason).flatMap((entry) => entry.tests.map(fileOf))
  return [...[...new Set(tests)].sort(), 'docs/conformance.json']
    .map((file) => `[${file.replace(/^(test|docs)\//, '')}]: ${repository}/blob/main/${file}\n`)
    .join('')
}

function sectionOf(section, entries) {
  const rows = entries.map((entry) => [
    entry.id,
    entry.level,
    entry.text,
    entry.status,
    entry.reason || filesOf(entry.tests),
  ])
  return `## ${section}\n\n${table([['Id', 'Level', 'Requirement', 'Status', 'Tests, or why there are none'], ...rows])}`
}

/** The number of tests in each file: `test/patch/apply.test.ts (3)`. */
function filesOf(tests) {
  const counts = new Map()
  for (const test of tests) {
    const file = fileOf(test)
    counts.set(file, (counts.get(file) ?? 0) + 1)
  }
  return [...counts].map(([file, count]) => `[${file.replace('test/', '')}] (${count})`).join(', ')
}

function fileOf(test) {
  return test.slice(0, test.indexOf(':'))
}

function table([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
