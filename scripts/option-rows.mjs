// The rows of docs/options.md: the members of an interface in src, with the text, type and default of their TSDoc.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

const FIRST_RELEASE = '1.0.0'

/** @returns {string[][]} name, type, default, meaning and first version of each member, required ones marked */
export function optionRows(file, interfaceName) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === interfaceName)
  if (!found) throw new Error(`${file} has no interface ${interfaceName}.`)
  return found.members.map((member) => {
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
      `\`${typeText(member.type.getText(source))}\``,
      isOptional ? tags.defaultValue : '**required**',
      meaning,
      tags.since ?? FIRST_RELEASE,
    ]
  })
}

function typeText(text) {
  const type = oneLine(text)
    .replace(/\breadonly |<Auth>/g, '')
    .replace(/^\| /, '')
  // An option may always be undefined; what a function returns is another matter.
  return type.includes('=>') ? type : type.replace(/ \| undefined$/, '')
}

function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim()
}
