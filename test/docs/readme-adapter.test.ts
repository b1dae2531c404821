import { transformSync } from '@swc/core'
import { adapterChecks } from '../../src/conformance/index.js'
import { playSequence } from '../../src/conformance/play.js'
import { sequences } from '../../src/conformance/sequences.js'
import * as library from '../../src/index.js'
import { created } from '../rfc7643/device.js'
import { user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { codeBlocks } from './code-blocks.js'

const { users } = adapterInReadme()
const app = sharedApp(() => ({ resources: { User: { adapter: users } } }))

/** The module that README.md shows as an adapter, run as it stands. */
function adapterInReadme(): { readonly users: library.ResourceAdapter<library.UserResource> } {
  const block = codeBlocks('README.md').find(({ code }) => code.includes('export const users: ResourceAdapter'))
  const { code } = transformSync(block?.code ?? '', {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  })
  const exports = {} as ReturnType<typeof adapterInReadme>
  const load = (name: string): unknown => (name === 'express-scim' ? library : undefined)
  new Function('require', 'exports', code)(load, exports)
  return exports
}

/** What a service without groups can be asked. */
const ofUsers = Object.values(sequences)
  .flat()
  .filter(
    ({ steps }) => !JSON.stringify(steps).includes('Group') && steps.every(({ path }) => !path.includes('Config')),
  )

test('there are sequences of users alone', () => {
  expect(ofUsers.length).toBeGreaterThan(10)
})

test.each(ofUsers.map((sequence) => [sequence.id, sequence] as const))(
  'the adapter in README.md passes %s',
  async (_id, sequence) => {
    expect(await playSequence(sequence, app.scim)).toEqual([])
  },
)

const checks = adapterChecks({
  resourceTypes: {
    User: { adapter: users, reveal: async (id, attribute, call) => ((await users.get(id, call)) as any)?.[attribute] },
  },
  // README lets the router hash passwords.
  password: { hash: (password) => password },
  // It knows no tenants.
  identities: [{}],
})

test.each(checks.map(({ name, run }) => [name, run] as const))(
  'the adapter in README.md keeps the contract: %s',
  (_name, run) => run(),
)

test('the adapter in README.md keeps times, passwords and names apart', async () => {
  const { id, meta } = created(await app.scim.post('/Users', user('readme', { password: 'secret' })))
  const replaced = await app.scim.put(`/Users/${id}`, user('Readme'))
  expect(replaced.body.meta.created).toBe(meta.created)
  expect((await users.get(id, {} as never))?.password).toBe('secret')
  await app.scim.post('/Users', user('other'))
  expect((await app.scim.put(`/Users/${id}`, user('OTHER'))).status).toBe(409)
})
