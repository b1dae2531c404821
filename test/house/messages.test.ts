import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../support/process.js'

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)
const THROWN =
  /^(?:new (?:SetupError|ScimError|AdapterFault|ContractViolation|ConnectionsError)|ScimError\.\w+|docsAt|refuse)$/

/** A call in the source, or an error that is made there. */
interface Called {
  readonly file: string
  /** `ScimError.invalidValue`, `new SetupError`, `invalidSchema`. */
  readonly name: string
  readonly given: readonly ts.Expression[]
  /** The declared functions that the call stands in. */
  readonly within: readonly ts.FunctionDeclaration[]
}

const calls: Called[] = []
for (const file of files) {
  const text = readFileSync(join(ROOT, 'src', file), 'utf8')
  const visit = (node: ts.Node, within: readonly ts.FunctionDeclaration[]): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { pos, end } = node.expression
      const name = `${ts.isNewExpression(node) ? 'new ' : ''}${text.slice(pos, end).trim()}`
      calls.push({ file, name, given: node.arguments ?? [], within })
    }
    const inside = ts.isFunctionDeclaration(node) ? [...within, node] : within
    ts.forEachChild(node, (child) => visit(child, inside))
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), [])
}

/** The functions that make an error with a text that they are given: `invalidSchema(sentence)`. */
const throwers = new Set<string>()
for (let before = -1; before < throwers.size; ) {
  before = throwers.size
  for (const call of calls.filter(makesError)) {
    for (const { name, parameters } of call.within) {
      const texts = parameters.flatMap((one) => (ts.isIdentifier(one.name) ? [one.name.text] : [])).filter(isMessage)
      if (name && call.given.some((given) => namesIn(given).some((one) => texts.includes(one)))) throwers.add(name.text)
    }
  }
}

/** The texts that are passed to errors, `${…}` for each value in them. */
const sentences = calls
  .filter(makesError)
  .flatMap(({ file, given }) => given.flatMap((one) => (isText(one) ? [{ file, text: textOf(one) }] : [])))

function makesError({ name }: Called): boolean {
  return THROWN.test(name) || throwers.has(name)
}

/** How the parameter of a function is called that takes a message. */
function isMessage(name: string): boolean {
  return /^(?:sentence|detail|message)$/.test(name)
}

/** The name in an expression, or the names in a template. */
function namesIn(node: ts.Expression): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text]
  return ts.isTemplateExpression(node) ? node.templateSpans.flatMap(({ expression }) => namesIn(expression)) : []
}

function isText(node: ts.Node): node is ts.LiteralLikeNode | ts.TemplateExpression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function textOf(node: ts.LiteralLikeNode | ts.TemplateExpression): string {
  return ts.isTemplateExpression(node)
    ? node.head.text + node.templateSpans.map(({ literal }) => `\${…}${literal.text}`).join('')
    : node.text
}

describe('messages', () => {
  test('are found in the source', () => {
    expect(sentences.length).toBeGreaterThan(150)
    expect([...throwers]).toEqual(expect.arrayContaining(['invalid', 'invalidSchema', 'conflict']))
  })

  // "authorize is a function." reads as if all were well: a message names the rule, or the missing thing.
  test('never state the rule as if it were a fact', () => {
    const rule =
      /\b(?:is|are|has) (?:a|an|at least|at most|one of|true or false)\b|\basks for\b|\bhas to\b|is required|is needed|are sent by|\bneeds\b|" holds\b|answers with|^An? \w+ has no|^What /
    const facts = [
      // Messages about the actual state of the store or the request.
      'A value that has to be unique is already in use.',
      'has a character that cannot be stored',
      'has a value that is not valid',
      'is immutable and has a value already',
      'has a scheme and no credentials',
      'has an unknown',
      'A value that has to be looked up is too long.',
      // Why an attribute cannot be removed.
      'is required and cannot be unassigned',
    ]
    expect(
      sentences.filter(
        ({ text }) => rule.test(text) && !text.includes(' must ') && !facts.some((fact) => text.includes(fact)),
      ),
    ).toEqual([])
  })

  test('lead to sections that an installed package has', () => {
    const places = sentences
      .map(({ text }) => text)
      .filter((text) => /^[\w-]+\.md(?:#|$)/.test(text) && !text.includes('$'))
    expect(places.length).toBeGreaterThan(3)
    const dead = places.filter((place) => {
      const [page = '', section] = place.split('#')
      const path = join(ROOT, 'docs', page)
      if (!existsSync(path)) return true
      return section !== undefined && !sectionsOf(readFileSync(path, 'utf8')).has(section)
    })
    expect(dead).toEqual([])
  })
})

describe('package.json', () => {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8')
  const { repository, homepage, bugs, files: shipped } = JSON.parse(text)

  test('says where the project is at home, and nothing else does', () => {
    const home = repository.url.replace(/^git\+|\.git$/g, '')
    expect(home).toMatch(/^https:\/\/github\.com\/[\w-]+\/express-scim$/)
    expect([homepage, bugs]).toEqual([`${home}#readme`, `${home}/issues`])
    const elsewhere = files.filter((name) => readFileSync(join(ROOT, 'src', name), 'utf8').includes(home))
    expect(elsewhere).toEqual([])
  })

  test('ships the documentation', () => {
    expect(shipped).toEqual(expect.arrayContaining(['docs/*.md', 'docs/img', 'SECURITY.md', 'CHANGELOG.md']))
  })
})

/** The anchors of a page: the written ones, and the ones of its headings. */
function sectionsOf(page: string): Set<string> {
  const written = [...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
  return new Set([...written, ...headings])
}
