#!/usr/bin/env node
// Part of npm run check: every export of every entry has a comment (TSDoc), and so has every member of an exported
// class, interface or object type.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The source file of each entry of package.json. */
function entryFiles() {
  const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return Object.keys(entries)
    .filter((name) => name !== './package.json')
    .map((name) => join(ROOT, 'src', name === '.' ? '' : name.slice(2), 'index.ts'))
}

const files = entryFiles()
const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
const program = ts.createProgram(files, { ...options, types: ['node'], skipLibCheck: true })
const checker = program.getTypeChecker()
const missing = new Set()

for (const file of files) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    if (!isOurs(symbol)) continue
    check(symbol, symbol.name)
    for (const member of membersOf(symbol)) checkMember(symbol, member)
  }
}

if (missing.size > 0) {
  console.error(`These exports have no comment (TSDoc):\n${[...missing].sort().join('\n')}`)
  process.exitCode = 1
}

/** The members that the declarations of a class, an interface or a type name themselves. */
function membersOf(symbol) {
  if (symbol.flags & ts.SymbolFlags.Class)
    return [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])]
  if (symbol.flags & ts.SymbolFlags.Interface) return [...(symbol.members?.values() ?? [])]
  if (!(symbol.flags & ts.SymbolFlags.TypeAlias)) return []
  return symbol.declarations.filter(ts.isTypeAliasDeclaration).flatMap(({ type }) => membersOfType(type))
}

/**
 * The members of an object type, also of one within a union or an intersection; a type that fits a line explains
 * itself.
 */
function membersOfType(type) {
  if (ts.isParenthesizedTypeNode(type)) return membersOfType(type.type)
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(membersOfType)
  if (!ts.isTypeLiteralNode(type) || !type.getText().includes('\n')) return []
  return type.members.map(({ name }) => name && checker.getSymbolAtLocation(name)).filter(Boolean)
}

/** A method or property that users see: not private, not the prototype, not a constructor. */
function checkMember(owner, member) {
  const [declaration] = member.declarations ?? []
  if (declaration === undefined || ts.isConstructorDeclaration(declaration)) return
  if (ts.isTypeParameterDeclaration(declaration)) return
  if (declaration.name === undefined || ts.isPrivateIdentifier(declaration.name)) return
  if (ts.isComputedPropertyName(declaration.name)) return
  if (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Override)) return
  check(member, `${owner.name}.${member.name}`)
}

function check(symbol, name) {
  if (symbol.getDocumentationComment(checker).length > 0) return
  const [declaration] = symbol.declarations ?? []
  if (declaration === undefined) return
  const { fileName } = declaration.getSourceFile()
  missing.add(`  ${name} (${relative(ROOT, fileName)})`)
}

function isOurs(symbol) {
  return (symbol.declarations ?? []).some((declaration) =>
    declaration.getSourceFile().fileName.startsWith(join(ROOT, 'src')),
  )
}
