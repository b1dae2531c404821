import express from 'express'
import { adapterChecks, sequences as all, entra, okta, replay } from '../../src/conformance/index.js'
import { bearer, pick, scimRouter, User } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { TOKEN } from '../support/app.js'

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

  test.each(adapterChecks({ resourceTypes: { User: { schema: Person, adapter: memoryAdapter({ schema: Person }) } } }))(
    'its adapter: $name',
    ({ run }) => run(),
  )
})
