#!/usr/bin/env node
// Part of npm run check: prose and comments keep within the line width of biome.json, which .editorconfig repeats.
// Tables, code, headings and addresses cannot be broken, so they do not count.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const { lineWidth } = JSON.parse(readFileSync('biome.json', 'utf8')).formatter
/** Written by a script, a text of others, or front matter alone. */
const EXEMPT = /^(docs\/conformance\.md|CODE_OF_CONDUCT\.md|site\/home\.md)$/

const faults = []
const width = /^max_line_length = (\d+)$/m.exec(readFileSync('.editorconfig', 'utf8'))?.[1]
if (Number(width) !== lineWidth) faults.push(`.editorconfig: max_line_length must be ${lineWidth}, as in biome.json.`)

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
for (const file of files.split('\n')) {
  if (EXEMPT.test(file) || !existsSync(file)) continue
  if (/\.md$/.test(file)) check(file, proseOf(readFileSync(file, 'utf8')))
  else if (/\.(ts|tsx|js|mjs|cjs)$/.test(file)) check(file, commentsOf(readFileSync(file, 'utf8')))
}

if (faults.length > 0) {
  console.error(`These lines must have at most ${lineWidth} characters:\n${faults.join('\n')}`)
  process.exitCode = 1
}

/** The address of a link cannot be broken: it does not count. */
function check(file, lines) {
  for (const { number, text } of lines) {
    if (text.replace(/https?:\/\/[^\s)]+/g, '').length > lineWidth) faults.push(`  ${file}:${number}`)
  }
}

/** The lines of a Markdown file that can be broken. */
function proseOf(markdown) {
  let isCode = false
  return numbered(markdown).filter(({ text }) => {
    if (/^\s*```/.test(text)) isCode = !isCode
    return !isCode && !/^\s*(\||#|<|!\[|\[[^\]]+\]:)/.test(text)
  })
}

/** The lines of a source file that are comments, without the code in TSDoc. */
function commentsOf(source) {
  let isCode = false
  return numbered(source).filter(({ text }) => {
    if (/^\s*\* ?```/.test(text)) isCode = !isCode
    return !isCode && /^\s*(\/\/|\/\*\*|\*)/.test(text) && !/biome-ignore|@ts-|@type \{|\/\/ eslint/.test(text)
  })
}

function numbered(text) {
  return text.split('\n').map((line, index) => ({ number: index + 1, text: line }))
}
