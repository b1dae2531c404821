import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECTIONS } from '../../src/adapter/sections.js'
import { ROOT } from '../support/process.js'

// The compiler holds every fault of an adapter and every rule of the kit to one of these names.
test.each(SECTIONS)('docs/adapters.md has the section %s, to which faults of adapters refer', (section) => {
  const page = readFileSync(join(ROOT, 'docs/adapters.md'), 'utf8')
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  )
  const anchors = [...page.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)
  expect([...headings, ...anchors]).toContain(section)
})
