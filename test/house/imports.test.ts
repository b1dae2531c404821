import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'

/** The order of the house: a file imports from its own part and from those before it, never from those behind it. */
const ORDER = [
  ['breather', 'error', 'urn'],
  ['compatibility'],
  ['schema'],
  ['filter'],
  ['patch'],
  ['message'],
  ['adapter'],
  ['provider'],
  ['express'],
  ['index'],
]

/** Entries of their own. They stand on the contract of the adapter and know nothing of the router. */
const ENTRIES = ['memory', 'sql', 'postgres', 'conformance']
const BELOW_ENTRIES = 'adapter'

const src = join(__dirname, '../../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))

describe('imports in src', () => {
  test('the order is held against a file that breaks it', () => {
    expect(isAllowed('schema', './filter/ast')).toBe(false)
    expect(isAllowed('memory', './provider/options')).toBe(false)
    expect(isAllowed('provider', './memory/index')).toBe(false)
    expect(isAllowed('express', 'express')).toBe(false)
    expect(isAllowed('provider', './schema/schema')).toBe(true)
  })

  test.each(files)('%s', (file) => {
    expect(importsOf(file).filter((imported) => !isAllowed(partOf(file), imported))).toEqual([])
  })
})

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const specifiers = code.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...specifiers].map(([, specifier = '']) => {
    if (!specifier.startsWith('.')) return specifier
    return `./${relative(src, normalize(join(src, dirname(file), specifier))).replaceAll(sep, '/')}`
  })
}

/** The folder of a file, or its name when it stands in src itself. */
function partOf(file: string): string {
  return file.split(/[\\/]/)[0]?.replace(/\.(js|ts)$/, '') ?? ''
}

function isAllowed(part: string, imported: string): boolean {
  // The host's framework is its own affair: everything works on node:http alone.
  if (!imported.startsWith('./')) return imported !== 'express' && !imported.startsWith('express/')
  const target = partOf(imported.slice(2))
  if (target === part) return true
  if (ENTRIES.includes(part))
    return positionOf(target) <= positionOf(BELOW_ENTRIES) || (part === 'postgres' && target === 'sql')
  return positionOf(target) <= positionOf(part)
}

function positionOf(part: string): number {
  const position = ORDER.findIndex((parts) => parts.includes(part))
  return position < 0 ? Number.POSITIVE_INFINITY : position
}
