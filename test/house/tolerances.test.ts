import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOLERANCES } from '../../src/compatibility.js'
import { ownFiles } from '../support/own-files.js'
import { ROOT } from '../support/process.js'

const tests = ownFiles('test')
  .filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith(join(ROOT, 'test', 'house')))
  .map((file) => readFileSync(file, 'utf8'))

/** Tests that name a tolerance and look at both modes: with it and without it. */
function pairsOf(name: string, texts: readonly string[]): number {
  const named = new RegExp(`\\b${name}\\b`)
  return texts.filter((text) => named.test(text) && /\bstrict\b|\bwithout\(/.test(text)).length
}

describe('each tolerance', () => {
  test('is missed when no test has both modes', () => {
    expect(pairsOf('booleanText', ["compatibility: { booleanText: true }, 'tolerant'"])).toBe(0)
    expect(pairsOf('booleanText', ["{ base: 'strict', booleanText: true }"])).toBe(1)
  })

  test.each(Object.keys(TOLERANCES))('%s has a test in strict and in tolerant mode', (name) => {
    expect(pairsOf(name, tests)).toBeGreaterThan(0)
  })

  test.each(Object.keys(TOLERANCES))('%s has a place where it acts', (name) => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && file !== 'compatibility.ts',
    )
    const acting = files.filter((file) => readFileSync(join(ROOT, 'src', file), 'utf8').includes(`'${name}'`))
    expect(acting).not.toEqual([])
  })
})
