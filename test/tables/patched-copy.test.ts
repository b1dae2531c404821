import type { ResourceAdapter, ResourceEvent } from '../../src/index.js'
import { sqliteAdapters } from '../../src/sqlite/index.js'
import { USER_SCHEMA } from '../../src/urn.js'
import { startApp } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { sqliteInMemory } from '../support/sqlite-file.js'

/** An adapter of the application around the adapter of the store. */
function copying<R>(adapter: ResourceAdapter<R>): ResourceAdapter<R> {
  return {
    ...adapter,
    patch: async (id, patch, call) => {
      const outcome = await adapter.patch?.(id, patch, call)
      return typeof outcome === 'object' && outcome !== null ? { ...outcome } : outcome
    },
  }
}

describe('an adapter of the application that copies what a patch of the store returns', () => {
  const open = sqliteInMemory()

  test('events have the resource before', async () => {
    const { migrate, resources } = sqliteAdapters({ database: open() })
    await migrate()
    const events: ResourceEvent[] = []
    const { scim } = await startApp({
      resources: { User: { ...resources.User, adapter: copying(resources.User.adapter) } },
      on: { 'user.updated': (event) => void events.push(event) },
    })
    const { body } = await scim.post('/Users', { schemas: [USER_SCHEMA], userName: 'ann', title: 'Old' })
    const operation = { op: 'replace', path: 'title', value: 'New' }
    expect((await scim.patch(`/Users/${body.id}`, { Operations: [operation] })).status).toBe(200)
    await hooksCalled()
    expect(events).toMatchObject([{ before: { title: 'Old' }, resource: { title: 'New' } }])
  })
})
