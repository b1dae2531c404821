import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../support/process.js'

/** Functions that are alike, and why each stays where it is. */
const EXCEPTIONS: readonly string[] = [
  // The objects of the two lists have different types.
  'openapi/read-service.ts: listOf, pages/views/resource.ts: listOf',
  // The pages run in a browser and import nothing from the source of the server.
  'cli/check/bench/ledger.ts: decoded, pages/client/data/route.ts: decoded',
]
/** Characters without blanks: shorter bodies are alike by chance. */
const SHORTEST = 45

interface Body {
  readonly place: string
  readonly text: string
}

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
)

/** The bodies of the named functions of a file, with the names of the parameters replaced by their positions. */
function bodiesOf(file: string, text: string): readonly Body[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Body[] = []
  const visit = (node: ts.Node): void => {
    const name = nameOf(node)
    if (ts.isFunctionLike(node) && 'body' in node && node.body && name !== undefined) {
      const normal = normalised(node.body, parametersOf(node), source)
      if (normal.length >= SHORTEST) found.push({ place: `${file}: ${name}`, text: normal })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.name?.getText()
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return undefined
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : undefined
}

function parametersOf(node: ts.SignatureDeclaration): ReadonlyMap<string, string> {
  const names: string[] = []
  const add = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text)
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name)
  }
  for (const { name } of node.parameters) add(name)
  return new Map(names.map((name, index) => [name, `$${index}`]))
}

/** The text of a body without blanks and comments. */
function normalised(body: ts.Node, parameters: ReadonlyMap<string, string>, source: ts.SourceFile): string {
  return body
    .getText(source)
    .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
    .replace(/\.?\b[A-Za-z_]\w*/g, (word) => parameters.get(word) ?? word)
    .replace(/\s+/g, '')
}

/** The places of each body that more than one function has. */
function repeated(bodies: readonly Body[]): readonly (readonly string[])[] {
  const places = new Map<string, string[]>()
  for (const { place, text } of bodies) {
    const same = places.get(text)
    if (same) same.push(place)
    else places.set(text, [place])
  }
  return [...places.values()].filter((same) => same.length > 1).map((same) => same.sort())
}

describe('one rule has one function', () => {
  test('two bodies that differ in names and blanks alone are found', () => {
    const one =
      'function a(x: string) {\n  // Why.\n  return x.length > 100 && x.startsWith("something") && x.endsWith("else")\n}'
    const other = one
      .replaceAll('x', 'text')
      .replace('function a', 'function b')
      .replace('// Why.\n', '')
      .replace('text.endsWith', 'text\n.endsWith')
    expect(repeated([...bodiesOf('one.ts', one), ...bodiesOf('other.ts', other)])).toEqual([
      ['one.ts: a', 'other.ts: b'],
    ])
  })

  test('no function of src is written twice', () => {
    const bodies = files.flatMap((file) => bodiesOf(file, readFileSync(join(ROOT, 'src', file), 'utf8')))
    expect(bodies.length).toBeGreaterThan(1_500)
    const known = new Set(EXCEPTIONS)
    expect(repeated(bodies).filter((same) => !known.has(same.join(', ')))).toEqual([])
    expect(repeated(bodies).map((same) => same.join(', '))).toEqual(expect.arrayContaining([...EXCEPTIONS]))
  })
})
