import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** The targets of the links and images of a Markdown file, outside of code. */
export function linksOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const found = [...text.matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/^\[[^\]]+\]: (\S+)$/gm)]
  return found.map(([, target = '']) => target)
}

/** `https://…` and `mailto:…`, not a path. */
export function isAddress(target: string): boolean {
  return /^[a-z]+:/.test(target)
}
