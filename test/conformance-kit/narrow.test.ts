import express from 'express'
import { adapterChecks, sequences as all, entra, okta, replay } from '../../src/conformance/index.js'
import { bearer, pick, scimRouter, User } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { TOKEN } from '../support/app.js'
import { sample } from '../support/length.js'

const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'active'])

function app(schema: typeof Person | typeof User) {
  const { users, groups } = memoryAdapters({ users: { extensions: [] } })
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    resources: { User: { schema, extensions: [], adapter: users }, Group: { adapter: groups } },
  })
  return express().use('/scim/v2', scim)
}

describe('a service that serves a part of the User', () => {
  const target = { app: app(Person), token: TOKEN }
  const resourceTypes = { User: { schema: Person } }

  test.each(replay([...entra, ...okta], target, { resourceTypes }))('plays $name', ({ run }) => run())

  test('and no sequence is left without steps', () => {
    const names = replay(Object.values(all).flat(), target, { resourceTypes }).map(({ name }) => name)
    expect(names).toHaveLength(Object.values(all).flat().length)
  })

  test('is found wanting where nobody says that it serves less', async () => {
    const outcomes = await Promise.all(
      replay(okta, target).map(({ run }) =>
        Promise.resolve(run()).then(
          () => true,
          () => false,
        ),
      ),
    )
    expect(outcomes).toContain(false)
  })

  test('is found wanting in what it says that it serves', async () => {
    const serves = {
      User: { schema: pick(User, ['userName', 'externalId', 'name', 'active', 'emails', 'displayName']) },
    }
    const outcomes = await Promise.all(
      replay(okta, target, { resourceTypes: serves }).map(({ run }) =>
        Promise.resolve(run()).then(
          () => true,
          () => false,
        ),
      ),
    )
    expect(outcomes).toContain(false)
  })

  const stored = adapterChecks({
    resourceTypes: { User: { schema: Person, adapter: memoryAdapter({ schema: Person }) } },
  })
  test.each(sample(stored, 3))('its adapter: $name', ({ run }) => run())
})

describe('a service whose store drops what its schema has', () => {
  const omit = [
    'externalId',
    'emails',
    'name.formatted',
    'addresses',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
  ]
  const drop = <T>(resource: T): T => {
    const { externalId: _id, emails: _emails, addresses: _addresses, ...kept } = resource as Record<string, any>
    if (kept['name']) delete kept['name'].formatted
    const enterprise = kept['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']
    if (enterprise) delete enterprise.manager
    return kept as T
  }
  function droppingApp() {
    const { users, groups } = memoryAdapters()
    const adapter: typeof users = {
      ...users,
      patch: () => 'decline',
      create: (draft, call) => users.create(drop(structuredClone(draft)), call),
      replace: (id, draft, call) => users.replace(id, drop(structuredClone(draft)), call),
    }
    const scim = scimRouter({
      authenticate: bearer(TOKEN),
      resources: { User: { adapter }, Group: { adapter: groups } },
    })
    return express().use('/scim/v2', scim)
  }
  const target = { app: droppingApp(), token: TOKEN }
  const checks = replay([...entra, ...okta], target, { resourceTypes: { User: { omit } } })
  test.each(checks)('plays $name', ({ run }) => run())
})

describe('a service that insists on user names of its domain', () => {
  const { users, groups } = memoryAdapters()
  const scim = scimRouter({
    authenticate: bearer(TOKEN),
    resources: {
      User: { adapter: users, attributes: { userName: { isValid: (text) => /^[^@]+@corp\.example$/i.test(text) } } },
      Group: { adapter: groups },
    },
  })
  const target = { app: express().use('/scim/v2', scim), token: TOKEN }
  // Each user of the group sequences of Authentik and Keycloak has a name without a domain.
  const played = Object.values(all)
    .flat()
    .filter(({ id }) => id !== 'msval-duplicate-group')
  test.each(replay(played, target, { userName: '{name}@corp.example' }))('plays $name', ({ run }) => run())

  test('is found wanting by the recorded names', async () => {
    const [check] = replay(okta, target)
    await expect(check?.run()).rejects.toThrow(/status 400, expected 201/)
  })

  test('and a template without the name is refused', () => {
    expect(() => replay(okta, target, { userName: 'everybody@corp.example' })).toThrow(/must contain {name}/)
  })
})
