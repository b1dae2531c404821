import type { IndexPage } from '../../src/adapter/contract.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { callWith, groupSchema, patchWith, queryOf, userSchema } from './calls.js'

const acme = callWith({ tenant: 'acme' })
const umbrella = callWith({ tenant: 'umbrella' })

describe('tenants', () => {
  test('each sees its own resources alone', async () => {
    const { users, groups } = memoryAdapters()
    const { id } = await users.create({ userName: 'ann' }, acme)
    const ann = String(id)
    const { id: group } = await groups.create({ displayName: 'G', members: [{ value: ann }] }, acme)
    const patch = patchWith<never>(groupSchema, { op: 'remove', path: 'members' })

    for (const other of [umbrella, callWith(), callWith({ tenant: '__proto__' })]) {
      expect(await users.get(ann, other)).toBeUndefined()
      expect(await users.replace(ann, { userName: 'eve' }, other)).toBeUndefined()
      expect(await users.delete(ann, other)).toBe(false)
      expect(await groups.patch?.(String(group), patch as never, other)).toBeUndefined()
      for (const filter of [`id eq "${ann}"`, 'userName eq "ann"', 'userName pr']) {
        const answer = await users.list(queryOf(userSchema, { filter }), other)
        expect('resources' in answer ? [...(answer as IndexPage).resources] : [...(answer as never as [])]).toEqual([])
      }
    }
    expect(await users.get(ann, acme)).toMatchObject({ userName: 'ann', groups: [{ display: 'G' }] })
  })

  test('values are unique within one, and members are of the same', async () => {
    const { users, groups } = memoryAdapters()
    const { id } = await users.create({ userName: 'ann' }, acme)
    await users.create({ userName: 'ann' }, umbrella)
    expect(() => users.create({ userName: 'ann' }, acme)).toThrow(expect.objectContaining({ scimType: 'uniqueness' }))
    const draft = { displayName: 'G', members: [{ value: String(id) }] }
    expect(() => groups.create(draft, umbrella)).toThrow(expect.objectContaining({ scimType: 'invalidValue' }))
    expect(await groups.create(draft, acme)).toBeDefined()
  })

  test('in parallel none gets what is another’s', async () => {
    const { users } = memoryAdapters()
    const calls = Array.from({ length: 20 }, (_, index) => callWith({ tenant: `t${index}` }))
    const work = calls.flatMap((call) =>
      Array.from({ length: 50 }, async (_, index) => {
        const stored = await users.create({ userName: `user${index}`, title: String(call.tenant) }, call)
        return users.get(String(stored.id), call)
      }),
    )
    await Promise.all(work)
    for (const call of calls) {
      const page = (await users.list(queryOf(userSchema), call)) as IndexPage
      const titles = Array.from(page.resources, (user) => (user as { title?: unknown }).title)
      expect(titles).toEqual(Array.from({ length: 50 }, () => call.tenant))
    }
  })

  test('two pairs of adapters share nothing', async () => {
    const { id } = await memoryAdapters().users.create({ userName: 'ann' }, acme)
    expect(await memoryAdapters().users.get(String(id), acme)).toBeUndefined()
  })
})
