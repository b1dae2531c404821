import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { scimRouter } from '../../src/index.js'
import { express } from '../cli/terminal.js'
import { type AppOptions, startApp, TOKEN } from '../support/app.js'
import { fullService, leanService } from './services.js'

function problemsOf(...documents: readonly object[]): readonly string[] {
  const linted = spawnSync(process.execPath, [join(__dirname, 'lint.mjs')], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
  })
  expect(linted.stderr).toBe('')
  return JSON.parse(linted.stdout)
}

/** The document that the command makes of the description of a running service. */
async function byDiscovery(options: AppOptions): Promise<object> {
  const { base } = await startApp(options)
  return JSON.parse((await express(['openapi', base], { env: { SCIM_TOKEN: TOKEN } })).out)
}

test('documents are valid OpenAPI, and a linter has nothing to say', async () => {
  const full = scimRouter(fullService())
  const lean = scimRouter(leanService())
  const problems = problemsOf(
    full.openapi(),
    full.openapi({ url: 'https://api.acme.dev/scim/{org}/v2', title: 'Acme', version: '7.1', me: 'Device' }),
    lean.openapi(),
    lean.openapi({ me: false }),
    await byDiscovery(fullService()),
    await byDiscovery(leanService()),
  )
  expect(problems).toEqual([])
})

test('the linter finds what is wrong', () => {
  const lean = scimRouter(leanService())
  const { components, ...wrong } = lean.openapi()
  expect(problemsOf({ ...wrong, components: {} }).length).toBeGreaterThan(10)
})
