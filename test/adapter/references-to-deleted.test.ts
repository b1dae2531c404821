import { defineSchema, EnterpriseUser } from '../../src/index.js'
import { memoryAdapter, memoryAdapters } from '../../src/memory/index.js'
import { postgresAdapters } from '../../src/postgres/index.js'
import { closedAfterEach, group, user } from '../rfc7644/service.js'
import { startApp } from '../support/app.js'
import { testDatabase } from '../support/postgres.js'

const reference = (...referenceTypes: string[]) =>
  [{ name: 'value' }, { name: '$ref', type: 'reference', referenceTypes }, { name: 'note' }] as const
const Seat = defineSchema({
  id: 'urn:example:Seat',
  name: 'Seat',
  attributes: [
    { name: 'owner', type: 'complex', subAttributes: reference('User', 'Group') },
    { name: 'peers', type: 'complex', multiValued: true, subAttributes: reference('User') },
    { name: 'teams', type: 'complex', multiValued: true, subAttributes: reference('Group') },
  ],
})
const Desk = defineSchema({
  id: 'urn:example:Desk',
  name: 'Desk',
  attributes: [
    { name: 'label', required: true },
    { name: 'neighbours', type: 'complex', multiValued: true, subAttributes: reference('Desk') },
  ],
})
const extensions = [EnterpriseUser, Seat]

const database = testDatabase()
const closed = closedAfterEach()

const STORES = {
  'the memory adapter': async () => {
    const { users, groups } = memoryAdapters({ users: { extensions } })
    const desks = memoryAdapter({ schema: Desk })
    return { User: { adapter: users }, Group: { adapter: groups }, Desk: { adapter: desks } }
  },
  'documents in PostgreSQL': async () => {
    const { pool, schema } = database
    const postgres = postgresAdapters({ pool, schema, users: { extensions } })
    const { adapter } = postgres.resource({ name: 'Desk', schema: Desk })
    await postgres.migrate()
    return { User: { adapter: postgres.users }, Group: { adapter: postgres.groups }, Desk: { adapter } }
  },
}

describe.each(Object.keys(STORES) as (keyof typeof STORES)[])(
  '%s: who is deleted leaves no reference behind',
  (store) => {
    const start = async () => {
      const { User, Group, Desk: desks } = await STORES[store]()
      const resources = {
        User: { ...User, extensions },
        Group,
        Desk: { ...desks, schema: Desk, endpoint: '/Desks' },
      }
      const { scim } = await closed(startApp({ resources } as never))
      const create = async (path: string, body: object): Promise<string> => {
        const created = await scim.post(path, body)
        expect(created).toMatchObject({ status: 201 })
        return created.body.id
      }
      return { scim, create }
    }

    test('references in a document, one or several, by the types that they may refer to', async () => {
      const { scim, create } = await start()
      const [one, two] = [await create('/Users', user('one')), await create('/Users', user('two'))]
      const team = await create('/Groups', group('Team'))
      const holder = await create(
        '/Users',
        user('holder', {
          [EnterpriseUser.id]: { department: 'd', manager: { value: one } },
          [Seat.id]: {
            owner: { value: team, note: 'n' },
            peers: [{ value: two, note: 'stays' }, { value: one }],
            // The reference means no user, with any id.
            teams: [{ value: team }, { value: one }],
          },
        }),
      )
      const other = await create('/Users', user('other', { [Seat.id]: { peers: [{ value: two }] } }))
      const read = async (id: string) => (await scim.get(`/Users/${id}`)).body
      const [before, untouched] = [await read(holder), await read(other)]

      expect((await scim.delete(`/Users/${one}`)).status).toBe(204)
      const without = await read(holder)
      expect(without[EnterpriseUser.id]).toEqual({ department: 'd' })
      expect(without[Seat.id]).toMatchObject({
        owner: { value: team },
        peers: [{ value: two, note: 'stays' }],
        teams: [{ value: team }, { value: one }],
      })
      expect(without[Seat.id].peers).toHaveLength(1)
      expect(without.meta.version).not.toBe(before.meta.version)
      expect(await read(other)).toEqual(untouched)

      expect((await scim.delete(`/Groups/${team}`)).status).toBe(204)
      expect((await scim.delete(`/Users/${two}`)).status).toBe(204)
      expect((await read(holder))[Seat.id]).toEqual({ teams: [expect.objectContaining({ value: one })] })
      expect(await read(other)).not.toHaveProperty([Seat.id])
    })

    test('a list of references that is no membership', async () => {
      const { scim, create } = await start()
      const [one, two] = [await create('/Desks', { label: '1' }), await create('/Desks', { label: '2' })]
      const holder = await create('/Desks', { label: '3', neighbours: [{ value: one }, { value: two }] })
      const before = (await scim.get(`/Desks/${holder}`)).body
      expect(before.neighbours).toHaveLength(2)
      expect((await scim.delete(`/Desks/${one}`)).status).toBe(204)
      const { body } = await scim.get(`/Desks/${holder}`)
      expect(body.neighbours).toEqual([expect.objectContaining({ value: two })])
      expect(body.meta.version).not.toBe(before.meta.version)
    })
  },
)
