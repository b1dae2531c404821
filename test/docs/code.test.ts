import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../support/process.js'
import { codeBlocks, markdownFiles, sourceFiles } from './code-blocks.js'
import { isAddress, linksOf } from './links.js'
import { typeCheck } from './type-check.js'

/** Links to files that the package leaves out: package.json has the address of the repository. */
const { homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const REPOSITORY: string = homepage.replace(/#.*$/, '')

const blocks = [...markdownFiles(), ...sourceFiles()].flatMap(codeBlocks)

describe('code in the documentation', () => {
  const typescript = blocks.filter(({ language }) => language === 'ts')
  const wrong = "import { bearer } from 'express-scim'\n\nbearer(1)"
  let errors: readonly string[] = []
  // One program for both tests: each further program would bind and check the source again.
  beforeAll(() => {
    errors = typeCheck([...typescript, { file: 'wrong.md', line: 10, language: 'ts', code: wrong }])
  }, 180_000)

  test('every TypeScript block compiles against the source', () => {
    expect(typescript.length).toBeGreaterThan(5)
    expect(errors.filter((error) => !error.startsWith('wrong.md:'))).toEqual([])
  })

  test('no block is JavaScript, which would be compiled by nobody', () => {
    expect(blocks.filter(({ language }) => /^(js|mjs|cjs|javascript)$/.test(language))).toEqual([])
  })

  test('the check finds an error, and says where it is', () => {
    expect(errors.filter((error) => error.startsWith('wrong.md:'))).toEqual([expect.stringMatching(/^wrong\.md:12: /)])
  })
})

test.each(markdownFiles())('the links in %s lead somewhere', (file) => {
  const broken = linksOf(file).filter((target) => !leadsSomewhere(file, target))
  expect(broken).toEqual([])
})

/** A link leads to a file or folder of the repository, and its part behind the # to a heading or an anchor there. */
function leadsSomewhere(file: string, target: string): boolean {
  const inRepository = target.startsWith(REPOSITORY) ? /\/(?:blob|tree)\/main\/(.+)$/.exec(target)?.[1] : undefined
  if (inRepository === undefined && isAddress(target)) return true
  const [path = '', fragment] = (inRepository ?? target).split('#')
  const folder = inRepository === undefined ? dirname(file) : ''
  const linked = path === '' ? join(ROOT, file) : join(ROOT, folder, decodeURIComponent(path))
  if (!existsSync(linked)) return false
  return fragment === undefined || anchorsOf(readFileSync(linked, 'utf8')).has(fragment)
}

/** The anchors of a Markdown file: the anchors of its headings as GitHub makes them, and each `<a id="…">`. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  )
  const written = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)
  return new Set([...headings, ...written])
}
