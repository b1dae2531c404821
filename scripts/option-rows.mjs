// The rows of docs/options.md: the members of an interface in src, with the text, type and default of their TSDoc.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

const FIRST_RELEASE = '1.0.0'

/** Pages that explain a type with more values than fit into a table. */
const PAGES = {
  Authenticate: 'security.md#authentication',
  Compatibility: 'compatibility.md',
}

/** Types that have no more than a few values, by name: a table shows the values. */
const UNIONS = unionsOf([
  'src/schema/model/definition.ts',
  'src/provider/setup/options.ts',
  'src/adapter/id-shape.ts',
  'src/adapter/unknown-members.ts',
  'src/connections/store/record.ts',
  'src/connections/options/duration.ts',
])

/**
 * @param {string[]} [only] The members to show, if not all.
 * @returns {string[][]} name, type, default, meaning and first version of each member, required ones marked
 */
export function optionRows(file, interfaceName, only) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === interfaceName)
  if (!found) throw new Error(`${file} has no interface ${interfaceName}.`)
  const members = only
    ? only.map((name) => found.members.find((each) => each.name.getText(source) === name))
    : found.members
  return members.map((member) => {
    const name = member.name.getText(source)
    const tags = Object.fromEntries(
      ts.getJSDocTags(member).map((tag) => [tag.tagName.text, oneLine(ts.getTextOfJSDocComment(tag.comment) ?? '')]),
    )
    const text = ts
      .getJSDocCommentsAndTags(member)
      .filter(ts.isJSDoc)
      .map((doc) => ts.getTextOfJSDocComment(doc.comment))
    const meaning = oneLine(text.join(' '))
    const isOptional = member.questionToken !== undefined
    if (!meaning) throw new Error(`${interfaceName}.${name} has no TSDoc.`)
    if (isOptional && !tags.defaultValue) throw new Error(`${interfaceName}.${name} has no @defaultValue.`)
    return [
      `\`${name}\``,
      typeCell(member.type.getText(source)),
      isOptional ? linked(tags.defaultValue) : '**required**',
      linked(meaning),
      tags.since ?? FIRST_RELEASE,
    ]
  })
}

/** The type as code, with the values of a union in place of its name, or with a link to the page that explains it. */
function typeCell(text) {
  const type = typeText(text)
  const page = PAGES[type]
  if (page) return `[\`${type}\`](${page})`
  return `\`${type.replace(/\b[A-Z]\w+\b(?=$|\[| \||; | \})/g, (name) => valuesOf(name, type) ?? name)}\``
}

function valuesOf(name, type) {
  const values = UNIONS.get(name)
  return values && type.includes('[]') ? `(${values})` : values
}

/** The types of some files that are unions of texts and regular expressions. */
function unionsOf(files) {
  const unions = new Map()
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    for (const statement of source.statements) {
      if (!ts.isTypeAliasDeclaration(statement) || !ts.isUnionTypeNode(statement.type)) continue
      if (statement.type.types.every(isText)) unions.set(statement.name.text, typeText(statement.type.getText(source)))
    }
  }
  return unions
}

function isText(type) {
  return (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) || type.getText() === 'RegExp'
}

/** Pages that a comment names, as links. */
function linked(text) {
  return text.replace(/\bdocs\/([\w-]+\.md)(#[\w-]+)?/g, (_, page, anchor = '') => `[${page}](${page}${anchor})`)
}

function typeText(text) {
  const type = oneLine(withSemicolons(text.replace(/\/\*\*[\s\S]*?\*\//g, '')))
    .replace(/\( /g, '(')
    .replace(/, \)/g, ')')
    .replace(/\breadonly |<Auth>/g, '')
    .replace(/^\| /, '')
  // An option may always be undefined; the result of a function may not.
  return type.includes('=>') ? type : type.replace(/ \| undefined$/, '')
}

/** An object type whose members stand in a line each, with semicolons in between. */
function withSemicolons(text) {
  return text.replace(/([^\s{(,])\s*\n\s*(?=readonly )/g, '$1; ')
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim()
}
