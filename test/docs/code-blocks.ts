import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** Code in a text. `line` is its first line in the file, counted from 1. */
export interface CodeBlock {
  readonly file: string
  readonly line: number
  readonly language: string
  readonly code: string
}

/** The Markdown files that users read. */
export function markdownFiles(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (!entry.isDirectory()) return entry.name.endsWith('.md') ? [path] : []
      // Examples with packages of their own have a link to this one among them, in which a walk would not end.
      return entry.name === 'node_modules' ? [] : below(path)
    })
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'))
  return [...top, ...below('docs'), ...below('examples')]
}

/** The TypeScript files whose comments users read in their editors. */
export function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`)
}

/** The fenced blocks of a Markdown file, or of the comments of a TypeScript file. */
export function codeBlocks(file: string): CodeBlock[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n')
  const text = file.endsWith('.ts') ? lines.map((line) => /^\s*\* ?(.*)$/.exec(line)?.[1] ?? '') : lines
  const blocks: CodeBlock[] = []
  let open: { language: string; line: number; indent: number } | undefined
  text.forEach((line, index) => {
    const [, indent = '', language] = /^(\s*)```(\w*)\s*$/.exec(line) ?? []
    if (language === undefined) return
    if (open) {
      const code = text.slice(open.line, index).map((codeLine) => codeLine.slice(open?.indent))
      blocks.push({ file, line: open.line + 1, language: open.language, code: code.join('\n') })
      open = undefined
    } else {
      open = { language, line: index + 1, indent: indent.length }
    }
  })
  return blocks
}
