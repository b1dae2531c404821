#!/usr/bin/env node
// Counts headless phrases in pages and in comments: clauses that avoid a noun, such as "what is asked". By hand: `node
// scripts/headless.mjs [--list] [path …]`. It prints a line for each page or folder of sources, then one for each top
// folder; with --list also each phrase with its place. A phrase may be right; a page with more than five in a thousand
// words is hard to read.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, extname } from 'node:path'

const FOLDERS = ['docs', 'README.md', 'src', 'scripts', 'bench', 'site', 'examples', 'test']
const SOURCES = new Set(['.ts', '.tsx', '.js', '.mjs', '.cjs'])

const HEADLESS = new RegExp(
  [
    // What is asked; but not: what to do, says what is missing.
    /(?<!\b(?:says?|shows?|describes?|explains?|knows?|lists?) )\bwhat(?:ever)?\b(?! (?:to|if)\b|[?*])/,
    // Whoever waits; who asks: without a person in front.
    /\bwho(?:so)?(?:m)?ever\b/,
    /(?:^|[.,;:(]|\b(?:and|or|but|of|by|for|to|from|with|than|as)) who\b(?! (?:may|can|should)\b)/,
    // All that runs; those that fit; one whose place another took.
    /\b(?:all|everything|anything|nothing|something|those|ones?) (?:that|which|who|whose)\b/,
    /\b(?:nobody|somebody|anybody)\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'giu',
)

const args = process.argv.slice(2)
const paths = args.filter((arg) => !arg.startsWith('--'))
const list = args.includes('--list')
const files = execFileSync('git', ['ls-files', ...(paths.length > 0 ? paths : FOLDERS)], {
  encoding: 'utf8',
}).split('\n')

const groups = new Map()
for (const file of files) {
  const lines = linesOf(file)
  if (lines === undefined) continue
  const group = extname(file) === '.md' ? file : dirname(file).split('/').slice(0, 3).join('/')
  const count = groups.get(group) ?? { words: 0, phrases: 0 }
  groups.set(group, count)
  for (const { number, text } of lines) {
    count.words += text.match(/[\p{L}\p{N}'’-]+/gu)?.length ?? 0
    for (const { 0: phrase, index } of text.matchAll(HEADLESS)) {
      count.phrases += 1
      if (list)
        console.log(`${file}:${number}: ${text.slice(Math.max(0, index - 20), index + phrase.length + 30).trim()}`)
    }
  }
}

const rows = [...groups].map(([group, { words, phrases }]) => ({ group, words, phrases, rate: rateOf(words, phrases) }))
for (const { group, words, phrases, rate } of rows.sort((a, b) => b.rate - a.rate)) {
  if (phrases > 0) console.log(`${rate.toFixed(1).padStart(5)}  ${phrases} in ${words} words  ${group}`)
}
const totals = new Map()
for (const { group, words, phrases } of rows) {
  const [name] = group.split('/')
  const total = totals.get(name) ?? { words: 0, phrases: 0 }
  totals.set(name, { words: total.words + words, phrases: total.phrases + phrases })
}
for (const [name, { words, phrases }] of totals) {
  console.log(`${name}: ${phrases} phrases in ${words} words, ${rateOf(words, phrases).toFixed(1)} in a thousand`)
}

function rateOf(words, phrases) {
  return words === 0 ? 0 : (phrases / words) * 1_000
}

/** Prose of a page without code, comments of a source file; undefined for any other file. */
function linesOf(file) {
  if (extname(file) === '.md' && file !== 'docs/conformance.md') {
    return plain(readFileSync(file, 'utf8'), /^\s*```/, () => true)
  }
  if (!SOURCES.has(extname(file))) return undefined
  return plain(readFileSync(file, 'utf8'), /^\s*\* ?```/, (text) => /^\s*(\/\/|\{?\/\*|\*)/.test(text))
}

/** The lines that are prose, without inline code and quotations of the standard. */
function plain(source, fence, isProse) {
  let isCode = false
  return source.split('\n').flatMap((line, index) => {
    if (fence.test(line)) isCode = !isCode
    if (isCode || fence.test(line) || !isProse(line)) return []
    return [{ number: index + 1, text: line.replace(/`[^`]*`/g, '_').replace(/"[^"]*"/g, '_') }]
  })
}
