// The adapters of examples/prisma with one fault each: the checks of adapters must find every one. npm run
// test:examples runs it after the example itself, whose packages it needs.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { MUTANTS } from './on-prisma.mjs'

const example = fileURLToPath(new URL('../../examples/prisma/', import.meta.url))
// Below the example, so that its packages are found.
const folder = join(example, `.cache/mutants-${process.pid}`)

let kit
before(async () => {
  kit = await import(pathToFileURL(join(example, 'node_modules/express-scim/dist/conformance.js')))
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('the adapters of examples/prisma are found out if one', () => {
  for (const [number, mutant] of MUTANTS.entries()) {
    test(mutant.what, async () => {
      const { storeOf, prisma } = await mutated(mutant, join(folder, String(number)))
      try {
        const { resources: resourceTypes, ...options } = storeOf(prisma)
        const identities = [{ tenant: 'acme' }, { tenant: 'globex' }]
        const checks = kit.adapterChecks({ resourceTypes, identities, members: 60, ...options })
        const check = checks.find(({ name }) => name === mutant.check)
        assert.ok(check, `There is no check "${mutant.check}".`)
        await assert.rejects(check.run(), kit.ContractViolation)
      } finally {
        await prisma.$disconnect()
      }
    })
  }
})

/** The example in a folder of its own, with one part of one file replaced, over an empty database. */
async function mutated({ file = 'adapter.js', change: [from, to] }, copy) {
  mkdirSync(copy, { recursive: true })
  for (const name of ['adapter.js', 'mapping.js', 'resources.js', 'database.js', 'tables.sql', 'package.json']) {
    cpSync(join(example, name), join(copy, name))
  }
  symlinkSync(join(example, 'generated'), join(copy, 'generated'))
  const text = readFileSync(join(copy, file), 'utf8')
  assert.ok(text.includes(from), `There is no "${from}" in ${file}.`)
  writeFileSync(
    join(copy, file),
    text.replace(from, () => to),
  )
  const { openPrisma } = await import(pathToFileURL(join(copy, 'database.js')))
  const { storeOf } = await import(pathToFileURL(join(copy, 'resources.js')))
  return { storeOf, prisma: await openPrisma(join(copy, 'app.db')) }
}
