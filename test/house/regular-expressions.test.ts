import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { IS_LONG } from '../support/length.js'

/** Expressions that are made of texts, and why no client can slow one down. */
const MADE: Readonly<Record<string, string>> = {
  'adapter/id-shape.ts': 'the pattern is that of the option ids; the texts are ids of a path or of members',
  'conformance/replay/match.ts': 'its patterns are those of the recorded sequences, never a text of a client',
  'connections/tokens/token-text.ts': 'a pattern of fixed lengths around the prefix of the option, for secret scanners',
  'schema/values/unicode-form.ts':
    'a fixed number of one class; test/schema/unicode-form.test.ts gives it a megabyte of marks',
}

/**
 * The long form of this test proves every literal. The short form leaves out literals that it has proved before: a new
 * literal is proved at once, and may be added to the list later.
 */
const PROVED: ReadonlySet<string> = new Set(
  JSON.parse(readFileSync(join(__dirname, 'linear-expressions.json'), 'utf8')) as readonly string[],
)

const src = join(__dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

interface Found {
  readonly literals: readonly string[]
  readonly made: number
}

/** The regular expressions of a file: the literals, and how many are made while the program runs. */
function expressionsIn(text: string): Found {
  const literals: string[] = []
  let made = 0
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node.text)
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') made += 1
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.ESNext, true))
  return { literals, made }
}

/** The steps of each literal on hostile input: proved to be in proportion to its length, or a text with more steps. */
function growthOf(literals: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(__dirname, 'growth.cjs')], {
    env: { ...process.env, RECHECK_SYNC_BACKEND: 'pure' },
    input: JSON.stringify(literals),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

const sources = files.map((file) => ({ file, found: expressionsIn(read(file)) }))
const all = sources.flatMap(({ file, found }) => found.literals.map((literal) => ({ file, literal })))

describe('regular expressions of src take steps in proportion to the length of a text', () => {
  test('the checker finds those that do not', () => {
    // The first two have been here.
    const bad = [String.raw`/"bulkId:(?:[^"\\]|\\.)+"/g`, String.raw`/\/+$/`, '/(a+)+$/', '/(?<=a)b+$/']
    expect(growthOf(bad).filter((growth) => growth === 'linear')).toEqual([])
  })

  test('literals are found, and what is made of texts', () => {
    const text = "const a = /x/g; const b = new RegExp('y'); const c = RegExp(d); // /z/\n"
    expect(expressionsIn(text)).toEqual({ literals: ['/x/g'], made: 2 })
    expect(all.length).toBeGreaterThan(40)
  })

  test('none is made of texts but those that are named here', () => {
    const making = sources.filter(({ found }) => found.made > 0).map(({ file }) => file)
    expect(making.sort()).toEqual(Object.keys(MADE).sort())
  })

  test('every literal', () => {
    const open = all.filter(({ literal }) => IS_LONG || !PROVED.has(literal))
    const growth = growthOf(open.map(({ literal }) => literal))
    const judged = open.map((each, index) => ({ ...each, growth: growth[index] }))
    expect(judged.filter((each) => each.growth !== 'linear')).toEqual([])
  })

  test('those that count as proved are in src', () => {
    const literals = new Set(all.map(({ literal }) => literal))
    expect([...PROVED].filter((literal) => !literals.has(literal))).toEqual([])
  })
})

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8')
}
