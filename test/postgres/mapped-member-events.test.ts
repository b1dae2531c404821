import express from 'express'
import {
  type GroupResource,
  type ResourceAdapter,
  type ResourceEvent,
  type ScimRouterOptions,
  scimRouter,
} from '../../src/index.js'
import { mappedResources } from '../../src/postgres/index.js'
import { group } from '../rfc7644/service.js'
import { type App, serve } from '../support/app.js'
import { hooksCalled } from '../support/hooks.js'
import { testDatabase } from '../support/postgres.js'
import { tableMapping, tableStatements } from '../support/tables.js'

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `m${at}`)

describe.each([false, true])('member events of groups in existing tables, in a transaction: %s', (inTransaction) => {
  const database = testDatabase()
  const told: string[] = []
  const updated: ResourceEvent[] = []
  let reads = 0
  let app: App
  beforeAll(async () => {
    const { pool, schema } = database
    await pool.query(tableStatements(schema))
    await pool.query(`INSERT INTO "${schema}".accounts (id, org, email, email_key)
      SELECT id, 'acme', id, id FROM (SELECT 'm' || i AS id FROM generate_series(0, 2499) AS i UNION SELECT unnest(ARRAY['x', 'y', 'z'])) AS a`)
    const on = {
      'group.updated': (event: ResourceEvent) => updated.push(event),
      'group.member.added': ({ member }: { member: unknown }) => told.push(`+${member}`),
      'group.member.removed': ({ member }: { member: unknown }) => told.push(`-${member}`),
    }
    const resources = mappedResources({ pool }, tableMapping(schema))
    const transaction = async (work: (handle: unknown) => Promise<unknown>): Promise<void> => {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await work(client)
        await client.query('COMMIT')
      } finally {
        client.release()
      }
    }
    const authenticate = () => ({ tenant: 'acme' })

    const adapter = resources.Group.adapter as ResourceAdapter<GroupResource>
    const Group = {
      ...resources.Group,
      adapter: {
        ...adapter,
        get: (...given: Parameters<typeof adapter.get>) => {
          reads += 1
          return adapter.get(...given)
        },
      },
    }
    const options = { authenticate, resources: { ...resources, Group }, on, ...(inTransaction && { transaction }) }
    app = await serve(express().use('/scim/v2', scimRouter(options as unknown as ScimRouterOptions)))
  })
  afterAll(() => app?.close())
  const take = async (): Promise<string[]> => {
    for (let turn = 0; turn < 5; turn += 1) await hooksCalled()
    return told.splice(0).sort()
  }

  test.each([0, 1, 999, 1_000, 1_001, 2_500])(
    '%i members: POST, PUT, PATCH and DELETE tell who came and went',
    async (size) => {
      const { scim } = app
      const start = ids(size)
      const { body, status } = await scim.post('/Groups?attributes=displayName', group(`G${size}`, ...start))
      expect(status).toBe(201)
      expect(await take()).toEqual(start.map((id) => `+${id}`).sort())
      const path = `/Groups/${body.id}`
      const next = [...start.slice(1), 'x', 'y']
      await scim.put(`${path}?attributes=displayName`, group(`G${size}`, ...next))
      expect(await take()).toEqual(['+x', '+y', ...start.slice(0, 1).map((id) => `-${id}`)])
      await scim.patch(path, {
        Operations: [{ op: 'add', path: 'members', value: [{ value: 'x' }, { value: 'z' }] }],
      })
      expect(await take()).toEqual(['+z'])
      expect((await scim.delete(path)).status).toBe(204)
      expect(await take()).toEqual([...next, 'z'].map((id) => `-${id}`).sort())
    },
  )

  test('a PATCH tells the name of a group before and after, and nobody reads it for that', async () => {
    const { scim } = app
    const { body } = await scim.post('/Groups', group('Old', 'm1'))
    await take()
    updated.length = 0
    reads = 0
    const Operations = [
      { op: 'replace', path: 'displayName', value: 'New' },
      { op: 'add', path: 'members', value: [{ value: 'm2' }] },
    ]
    expect((await scim.patch(`/Groups/${body.id}`, { Operations })).status).toBe(204)
    expect(await take()).toEqual(['+m2'])
    expect(updated).toHaveLength(1)
    expect(updated[0]).toMatchObject({
      before: { id: body.id, displayName: 'Old' },
      resource: { id: body.id, displayName: 'New' },
      set: { displayName: 'New' },
      changes: { members: { added: ['m2'], removed: [] } },
    })
    expect([updated[0]?.before, updated[0]?.resource].filter((one) => one && 'members' in one)).toEqual([])
    expect(reads).toBe(0)
  })
})
