import { defineSchema, resourceType } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { sqliteAdapters } from '../../src/sqlite/index.js'
import { startApp } from '../support/app.js'
import { sqliteFile } from '../support/sqlite-file.js'

const Robot = defineSchema({
  id: 'urn:example:scim:Robot',
  attributes: [
    { name: 'label', required: true },
    {
      name: 'keys',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value', returned: 'never' }, { name: 'display' }],
    },
  ],
})

const file = sqliteFile()

type Kept = 'memory' | 'documents in SQLite'

async function entryOf(kept: Kept) {
  if (kept === 'memory') return resourceType({ schema: Robot, adapter: memoryAdapter({ schema: Robot }) })
  const sqlite = sqliteAdapters({ database: file.open(), protect: (value) => `#${value}` })
  const entry = sqlite.resource({ name: 'Robot', schema: Robot })
  await sqlite.migrate()
  return entry
}

describe.each<Kept>(['memory', 'documents in SQLite'])('a value that no client can read, in %s', (kept) => {
  // RFC 7643 section 7: a value that is never returned must not show that it is there.
  test('leaves nothing of a list in which every value has only that', async () => {
    const app = await startApp({ resources: { Robot: await entryOf(kept) } })
    const keys = [{ value: 'a' }, { value: 'b' }]
    const { body: robot } = await app.scim.post('/Robots', { schemas: [Robot.id], label: 'one', keys })
    expect(robot).not.toHaveProperty('keys')
    const found = await app.scim.get(`/Robots/${robot.id}`)
    expect(found.body).not.toHaveProperty('keys')
    const present = await app.scim.get(`/Robots?filter=${encodeURIComponent('keys pr')}`)
    expect(present.body.totalResults).toBe(0)
    const patched = await app.scim.patch(`/Robots/${robot.id}`, {
      Operations: [{ op: 'add', path: 'keys', value: [{ display: 'left hand' }] }],
    })
    expect(patched.body.keys).toEqual([{ display: 'left hand' }])
  })
})
