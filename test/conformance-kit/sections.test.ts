import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapterChecks } from '../../src/conformance/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { ROOT } from '../support/process.js'

const page = readFileSync(join(ROOT, 'docs/adapters.md'), 'utf8')
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'))
const anchors = [...page.matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)
const sections = new Set([...headings, ...anchors])

test('every check has its section in docs/adapters.md', () => {
  const { users, groups } = memoryAdapters()
  const checks = adapterChecks({
    resourceTypes: { User: { adapter: users }, Group: { adapter: groups } },
    transaction: (work) => work(undefined),
    breakStore: () => () => undefined,
  })
  const missing = checks.filter(
    ({ section }) => !sections.has(section.replace('node_modules/express-scim/docs/adapters.md#', '')),
  )
  expect(missing).toEqual([])
})

test('so has every fault of an adapter that a router tells, and every violation that the kit tells by itself', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const told = files.flatMap((name) => {
    const text = readFileSync(join(ROOT, 'src', name), 'utf8')
    return [...text.matchAll(/new (?:AdapterFault|ContractViolation)\([^;]*?, '([a-z-]+)',?\s*\)/g)].map(
      ([, section]) => section,
    )
  })
  expect(told.length).toBeGreaterThan(10)
  expect(told.filter((section) => !sections.has(section ?? ''))).toEqual([])
})
