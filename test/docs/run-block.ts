import { createRequire } from 'node:module'
import { transformSync } from '@swc/core'
import * as library from '../../src/index.js'
import * as memory from '../../src/memory/index.js'
import { codeBlocks } from './code-blocks.js'

const load = createRequire(__filename)
const SOURCES: Readonly<Record<string, unknown>> = { 'express-scim': library, 'express-scim/memory': memory }

/**
 * Runs the first TypeScript block of a page that has this text, and returns its exports. `pages` are the modules that
 * the page writes in other blocks.
 */
export function runBlock<Exports>(page: string, text: string, pages: Readonly<Record<string, unknown>> = {}): Exports {
  const block = codeBlocks(page).find(({ language, code }) => language === 'ts' && code.includes(text))
  if (block === undefined) throw new Error(`${page} has no block with "${text}".`)
  const { code } = transformSync(block.code, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const exports = {} as Exports
  new Function('require', 'exports', code)((name: string) => pages[name] ?? SOURCES[name] ?? load(name), exports)
  return exports
}
