import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownFiles } from '../support/own-files.js'

interface Requirement {
  readonly id: string
  readonly level: string
}

interface Entry extends Requirement {
  readonly status: 'proved' | 'not applicable' | 'not offered' | 'missing'
  readonly tests: readonly string[]
  readonly reason?: string
}

const root = join(__dirname, '../..')
const readJson = (path: string): any => JSON.parse(readFileSync(join(root, path), 'utf8'))

const requirements: readonly Requirement[] = readJson('test/conformance/requirements.json')
const reasons: Readonly<Record<string, { status: string; reason: string }>> = readJson('test/conformance/reasons.json')
const entries: readonly Entry[] = readJson('docs/conformance.json')
const ids = new Set(requirements.map(({ id }) => id))

describe('docs/conformance.json, made by npm run conformance', () => {
  test('lists every requirement with its level', () => {
    // A new requirement needs no change here; a lost requirement, or one with the id of another, is found.
    expect(requirements.length).toBeGreaterThanOrEqual(431)
    expect(ids.size).toBe(requirements.length)
    expect(entries.map(({ id, level }) => `${id} ${level}`)).toEqual(
      requirements.map(({ id, level }) => `${id} ${level}`),
    )
  })

  test('names tests that are there for what is proved', () => {
    const proved = entries.filter(({ status }) => status === 'proved')
    const files = new Set(proved.flatMap(({ tests }) => tests.map((title) => title.slice(0, title.indexOf(':')))))
    expect(proved.filter(({ tests }) => tests.length === 0)).toEqual([])
    expect([...files].filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  test('gives a reason for what is not', () => {
    const others = entries.filter(({ status }) => status !== 'proved')
    expect(others.filter(({ reason }) => !reason)).toEqual([])
  })
})

describe('npm run conformance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scim-conformance-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('counts as proved what a test has shown and none has refuted; those that were skipped say neither', () => {
    const status: Readonly<Record<string, readonly string[]>> = {
      'P-3.3-01': ['passed'],
      'P-3.3-02': ['passed', 'pending'],
      'P-3.3-03': ['passed', 'failed'],
      'P-3.3-04': ['pending'],
    }
    const assertionResults = Object.entries(status).flatMap(([id, all]) =>
      all.map((one) => ({ fullName: `it is so [${id}]`, status: one })),
    )
    const report = { numFailedTests: 1, numFailedTestSuites: 0, testResults: [{ name: __filename, assertionResults }] }
    writeFileSync(join(folder, 'jest.json'), JSON.stringify(report))
    const script = join(root, 'scripts/conformance.mjs')
    spawnSync(process.execPath, [script, '--from', join(folder, 'jest.json'), '--to', folder])
    const written: readonly Entry[] = JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8'))
    const found = written.filter(({ id }) => id in status).map((entry) => [entry.id, entry.status])
    expect(Object.fromEntries(found)).toEqual({
      'P-3.3-01': 'proved',
      'P-3.3-02': 'proved',
      'P-3.3-03': 'missing',
      'P-3.3-04': 'missing',
    })
  })
})

test('tests name known requirements alone: npm run conformance refuses others', () => {
  const files = ownFiles('test')
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
  const named = files.flatMap((text) => text.match(/\b[A-Z]-\d[A-Z\d.]*-\d\d[a-z]?\b/g) ?? [])
  expect(new Set(named).size).toBeGreaterThan(300)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})

test('reasons are given for known requirements, and say why there is no test', () => {
  expect(Object.keys(reasons).filter((id) => !ids.has(id))).toEqual([])
  for (const { status, reason } of Object.values(reasons)) {
    expect(['not applicable', 'not offered']).toContain(status)
    expect(reason.length).toBeGreaterThan(10)
  }
})
