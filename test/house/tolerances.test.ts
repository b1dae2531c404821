import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { TOLERANCES } from '../../src/compatibility.js'
import { cases } from '../cases/case.js'
import { ownFiles } from '../support/own-files.js'
import { ROOT } from '../support/process.js'

const files = ownFiles('test').filter((file) => file.endsWith('.ts') && !file.startsWith(join(ROOT, 'test', 'house')))
const inCode = files.flatMap((file) => unitsOf(readFileSync(file, 'utf8')))

// A step of a case has an answer for each mode; the step counts for the one tolerance that it needs.
const inCases = Object.values(cases)
  .flat()
  .flatMap(({ steps }) => steps)
  .flatMap(({ strict, tolerances }) => (strict && tolerances?.length === 1 ? tolerances : []))

// A vector that tolerant mode answers otherwise runs in strict mode, in tolerant mode, and without the tolerance of its
// row.
const inVectors = ['filter', 'patch']
  .map((name) => readFileSync(join(ROOT, 'test/vectors', `${name}.test.ts`), 'utf8'))
  .flatMap((code) => [...code.matchAll(/^ {2}'(?:FILTER|PATCH)-\d+': \['(\w+)'\],$/gm)].map(([, name]) => name))

const inData: readonly unknown[] = [...inCases, ...inVectors]

/**
 * The smallest pieces of code that prove something: a test, a test with one row of its table, a row of a table with a
 * name.
 */
function unitsOf(code: string): readonly string[] {
  const source = ts.createSourceFile('test.ts', code, ts.ScriptTarget.Latest, true)
  const units: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const { expression } = node
      if (ts.isIdentifier(expression) && expression.text === 'test') units.push(node.getText())
      if (ts.isCallExpression(expression) && /^(?:test|describe)\.each\b/.test(expression.getText())) {
        const body = node.arguments.map((argument) => argument.getText()).join()
        units.push(...expression.arguments.flatMap(rowsOf).map((row) => row + body))
      }
    }
    if (ts.isVariableStatement(node) && node.parent === source) {
      for (const { initializer } of node.declarationList.declarations) units.push(...rowsOf(initializer))
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return units
}

function rowsOf(table: ts.Node | undefined): readonly string[] {
  if (table && ts.isArrayLiteralExpression(table)) return table.elements.map((row) => row.getText())
  if (table && ts.isObjectLiteralExpression(table)) return table.properties.map((row) => row.getText())
  return []
}

/** Units that name a tolerance and look at both modes: with it and without it. */
function pairsOf(name: string, units: readonly string[]): number {
  const named = new RegExp(`\\b${name}\\b`)
  return units.filter((unit) => named.test(unit) && /\bstrict\b|\bwithout\(/.test(unit)).length
}

describe('each tolerance', () => {
  test.each([
    ['no test has both modes', "test('is on', () => start({ booleanText: true }))", 0],
    [
      'another test of the file has strict mode',
      "test('a', () => on('booleanText')); test('b', () => on('strict'))",
      0,
    ],
    ['another row has it', "test.each([['booleanText', 200], ['strict', 400]])('%s', (mode) => start(mode))", 0],
    ['a test has both', "test('is on', () => start({ base: 'strict', booleanText: true }))", 1],
    ['a row has one, its test the other', "test.each([['booleanText']])('%s', (name) => on('strict', name))", 1],
    ['a row of a table has both', 'const PAIRS = { booleanText: { strict: 400, tolerant: 200 } }', 1],
  ])('is counted when %s', (_when, code, count) => {
    expect(pairsOf('booleanText', unitsOf(code))).toBe(count)
  })

  test.each(Object.keys(TOLERANCES))('%s has a test in strict and in tolerant mode', (name) => {
    expect(pairsOf(name, inCode) + inData.filter((each) => each === name).length).toBeGreaterThan(0)
  })

  test.each(Object.keys(TOLERANCES))('%s has a place where it acts', (name) => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && file !== 'compatibility.ts',
    )
    const acting = sources.filter((file) => readFileSync(join(ROOT, 'src', file), 'utf8').includes(`'${name}'`))
    expect(acting).not.toEqual([])
  })
})
