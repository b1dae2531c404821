import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../support/process.js'

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
)
const THROWN = /^(?:new (?:SetupError|ScimError|AdapterFault|ContractViolation)|ScimError\.\w+|invalid|docsAt|refuse)$/

/** The texts that are passed to errors, `${…}` for each value in them. */
const sentences = files.flatMap((file) => {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: { readonly file: string; readonly text: string }[] = []
  const visit = (node: ts.Node): void => {
    const isThrown =
      (ts.isCallExpression(node) && THROWN.test(node.expression.getText(source))) ||
      (ts.isNewExpression(node) && THROWN.test(`new ${node.expression.getText(source)}`))
    if (isThrown) for (const given of node.arguments ?? []) if (isText(given)) found.push({ file, text: textOf(given) })
    ts.forEachChild(node, visit)
  }
  const isText = (node: ts.Node): node is ts.LiteralLikeNode | ts.TemplateExpression =>
    ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
  const textOf = (node: ts.LiteralLikeNode | ts.TemplateExpression): string =>
    ts.isTemplateExpression(node)
      ? node.head.text + node.templateSpans.map(({ literal }) => `\${…}${literal.text}`).join('')
      : node.text
  visit(source)
  return found
})

describe('messages', () => {
  test('are found in the source', () => {
    expect(sentences.length).toBeGreaterThan(150)
  })

  // "authorize is a function." reads as if all were well: a message says what must be, or what is missing.
  test('never state the rule as if it were a fact', () => {
    const rule =
      /\b(?:is|are|has) (?:a|an|at least|at most|one of|true or false)\b|\basks for\b|\bhas to\b|is required|\bneeds\b|^An? \w+ has no|^What /
    const facts = [
      // What the store or the request has, and not what it should have.
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

/** The anchors of a page: those that are written, and those that headings have. */
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
