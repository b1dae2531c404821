import { defineSchema } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { ids, patchOp, post, sendBulk, statuses } from '../rfc7644/bulk-service.js'
import { memoryOptions, user } from '../rfc7644/service.js'
import { startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'

const Vault = defineSchema({
  id: 'urn:example:scim:Vault',
  attributes: [{ name: 'pin', precis: 'OpaqueString', returned: 'never', mutability: 'writeOnly' }, { name: 'hint' }],
})

test.each([
  ['without the option it is not', undefined, false],
  ['with it it is', { hash: (password: string) => password }, true],
])('[S-5-06] changePassword is announced only when it is configured: %s', async (_title, password, supported) => {
  const app = await startApp(memoryOptions(password && { password }))
  expect((await app.scim.get('/ServiceProviderConfig')).body.changePassword).toEqual({ supported })
})

test('the hook gets every password in clear text with who asks, those of extensions and bulk requests too', async () => {
  const seen: unknown[] = []
  const stored = fixtureAdapter([])
  const app = await startApp({
    authenticate: () => ({ tenant: 'acme' }),
    resources: { User: { adapter: stored, extensions: [Vault], supports: { versions: true } } },
    password: {
      hash: async (password, { tenant }) => {
        seen.push([password, tenant])
        return `hash of ${password}`
      },
    },
  })
  const answer = await sendBulk(app.scim, [
    post('/Users', 'a', user('a', { password: 'one', [Vault.id]: { pin: '1', hint: 'x' } })),
    { method: 'PUT', path: '/Users/bulkId:a', data: user('a', { password: 'two', [Vault.id]: { pin: '2' } }) },
    {
      method: 'PATCH',
      path: '/Users/bulkId:a',
      data: patchOp(
        { op: 'replace', path: 'password', value: 'three' },
        { op: 'add', path: `${Vault.id}:pin`, value: '3' },
        { op: 'add', value: { title: 'untouched', [`${Vault.id}:hint`]: 'y' } },
      ),
    },
  ])
  expect(statuses(answer)).toEqual(['201', '200', '200'])
  expect(seen.map(([password]: any) => password).sort()).toEqual(['1', '2', '3', 'one', 'three', 'two'])
  expect(new Set(seen.map(([, tenant]: any) => tenant))).toEqual(new Set(['acme']))
  expect(await stored.get(ids(answer)[0] as string, {} as never)).toMatchObject({
    password: 'hash of three',
    title: 'untouched',
    [Vault.id]: { pin: 'hash of 3', hint: 'y' },
  })
  expect(answer.text).not.toMatch(/hash of|three/)
})

test.each([true, false])(
  'a PATCH of a thousand passwords is one hash, that of the last (by the adapter: %s)',
  async (patches) => {
    const seen: string[] = []
    const written: unknown[] = []
    const { users } = memoryAdapters()
    const { patch: _patch, ...plain } = users
    const patch: typeof users.patch = (id, change, call) => {
      written.push(
        ...change.operations.filter(({ attribute }) => attribute.name === 'password').map(({ value }) => value),
      )
      return users.patch?.(id, change, call)
    }
    const replace: typeof users.replace = (id, draft, call) => {
      written.push(draft.password)
      return users.replace(id, draft, call)
    }
    const app = await startApp({
      resources: { User: { adapter: patches ? { ...users, patch } : { ...plain, replace }, extensions: [Vault] } },
      password: {
        hash: (password) => {
          seen.push(password)
          return `hash of ${password}`
        },
      },
    })
    try {
      const { id } = (await app.scim.post('/Users', user('one'))).body
      const set = (path: string, at: number): object => ({
        op: at % 2 ? 'add' : 'replace',
        path,
        value: `secret ${at}`,
      })
      const many = Array.from({ length: 499 }, (_, at) => [set('password', at), set(`${Vault.id}:pin`, at)]).flat()
      expect((await app.scim.patch(`/Users/${id}`, patchOp(...many, set('title', 1)))).status).toBeLessThan(300)
      expect(seen.splice(0)).toEqual(['secret 498', 'secret 498'])
      const removing = patchOp(...many, { op: 'remove', path: 'password' })
      expect((await app.scim.patch(`/Users/${id}`, removing)).status).toBeLessThan(300)
      expect(seen).toEqual(['secret 498'])
      expect(written).toEqual(['hash of secret 498', undefined])
      expect((await app.scim.get(`/Users/${id}`)).body.title).toBe('secret 1')
    } finally {
      await app.close()
    }
  },
)
