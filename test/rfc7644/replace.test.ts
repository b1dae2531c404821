import { setTimeout as delay } from 'node:timers/promises'
import { EnterpriseUser, User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { createDevice, created, Device, device, deviceOptions, FIRMWARE, Rack, Warranty } from '../rfc7643/device.js'
import { type App, sharedApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { expectError, group, user } from './service.js'

const strict = sharedApp(() => deviceOptions({ compatibility: 'strict' }))
const tolerant = sharedApp(deviceOptions)

let count = 0
function name(): string {
  count += 1
  return `replace-${count}`
}

async function createUser(rest: object = {}, { scim }: App = strict): Promise<any> {
  return created(await scim.post('/Users', user(name(), { ...rest })))
}

function put({ id }: { id: string }, body: unknown, query = ''): Promise<Answer> {
  return strict.scim.put(`/Users/${id}${query}`, body)
}

async function read(id: string): Promise<any> {
  return (await strict.scim.get(`/Users/${id}`)).body
}

const FULL = {
  externalId: 'x',
  title: 'Guide',
  active: true,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [
    { value: 'a@example.com', type: 'work', primary: true },
    { value: 'b@example.com', type: 'home' },
  ],
  [EnterpriseUser.id]: { department: 'Tours', costCenter: '4130' },
}

describe('a replacement', () => {
  test('[P-3.5-01, P-3.5.1-08] is answered with 200 and the whole resource as it is now', async () => {
    const { id, userName } = await createUser(FULL)
    const answer = await put({ id }, user(userName, { title: 'Boss' }))
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ schemas: [User.id], id, userName, title: 'Boss' })
    expect(answer.body).toEqual(await read(id))
    expect(answer.headers.get('location')).toBe(answer.body.meta.location)
    expect(answer.headers.get('etag')).toBe(answer.body.meta.version)
  })

  test('[P-3.5.1-01] values that are given take the place of the stored ones, lists as a whole', async () => {
    const before = await createUser(FULL)
    const changed = {
      title: 'Boss',
      active: false,
      name: { familyName: 'Smith' },
      emails: [{ value: 'c@example.com' }],
      [EnterpriseUser.id]: { department: 'Rides' },
    }
    const { body } = await put(before, user(before.userName, changed))
    expect(body).toMatchObject(changed)
    expect(body.name).toEqual({ familyName: 'Smith' })
    expect(body.emails).toEqual([{ value: 'c@example.com' }])
    expect(body[EnterpriseUser.id]).toEqual({ department: 'Rides' })
  })

  test('[P-3.5.1-02, P-3.5.1-12] what is left out is cleared, an extension and its URN too', async () => {
    const before = await createUser(FULL)
    const { body } = await put(before, user(before.userName))
    expect(Object.keys(body).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName'])
    expect(body.schemas).toEqual([User.id])
    const named = await put(before, { ...user(before.userName), schemas: [User.id, EnterpriseUser.id] })
    expect(named.body.schemas).toEqual([User.id])
  })

  test('[P-3.5.1-02] or kept if the application has chosen that; a default counts for POST alone', async () => {
    const { id } = created(await choosing.scim.post('/Users', user('choosing', { title: 'Guide', active: false })))
    const answer = await choosing.scim.put(`/Users/${id}`, user('choosing'))
    expect(answer.body).toMatchObject({ active: false, title: 'Guide' })
    const cleared = await choosing.scim.put(`/Users/${id}`, user('choosing', { active: null, title: null }))
    expect(cleared.body).not.toHaveProperty('active')
    expect(cleared.body).not.toHaveProperty('title')
  })

  test.each([null, []])('[P-3.5.1-03, S-2.5-01] %j clears', async (nothing) => {
    const before = await createUser(FULL)
    const rest = Object.fromEntries(Object.keys(FULL).map((attribute) => [attribute, null]))
    const { body } = await put(before, user(before.userName, { ...rest, emails: nothing }))
    expect(Object.keys(body).sort()).toEqual(['id', 'meta', 'schemas', 'userName'])
  })

  test('[P-3.5.1-06, P-3.1-05] the answer to a GET can be sent back as it is, readOnly attributes included', async () => {
    const before = await createUser(FULL)
    const { id: groupId } = created(await strict.scim.post('/Groups', group('back', before.id)))
    const whole = await read(before.id)
    expect(whole.groups[0].value).toBe(groupId)
    const { meta, ...rest } = whole
    const { status, body } = await put(before, whole)
    expect(status).toBe(200)
    expect(body).toMatchObject(rest)
    expect(body.meta).toMatchObject({ created: meta.created, location: meta.location })
  })

  test('[P-3.5.1-06] another id, meta or membership in the body changes nothing', async () => {
    const before = await createUser()
    const groups = [{ value: 'nowhere' }]
    const meta = {
      created: '1999-01-01T00:00:00Z',
      version: 'W/"mine"',
      location: 'https://example.com',
      resourceType: 'X',
    }
    const { status, body } = await put(before, user(before.userName, { id: 'other', meta, groups }))
    expect(status).toBe(200)
    expect(body.id).toBe(before.id)
    expect(body.meta).toMatchObject({ created: before.meta.created, resourceType: 'User' })
    expect(body).not.toHaveProperty('groups')
    expectError(await strict.scim.get('/Users/other'), 404)
  })

  test('[P-3.5.1-11] changes lastModified and version, and neither id nor created', async () => {
    const before = await createUser()
    await delay(2)
    const { body } = await put(before, user(before.userName, { title: 'Guide' }))
    expect(body.id).toBe(before.id)
    expect(body.meta.created).toBe(before.meta.created)
    expect(Date.parse(body.meta.lastModified)).toBeGreaterThan(Date.parse(before.meta.lastModified))
    expect(body.meta.version).not.toBe(before.meta.version)
  })

  test('[P-3.9-01] may be answered in part', async () => {
    const before = await createUser(FULL)
    const { body } = await put(before, user(before.userName, FULL), '?attributes=title')
    expect(body).toEqual({ schemas: [User.id, EnterpriseUser.id], id: before.id, title: 'Guide' })
  })
})

describe('a replacement that is refused changes nothing', () => {
  test.each([
    ['without userName', { userName: undefined }, 400, 'invalidValue'],
    ['with null for it', { userName: null }, 400, 'invalidValue'],
    ['with a value of another type', { active: 'maybe' }, 400, 'invalidValue'],
    ['without schemas', { schemas: undefined }, 400, 'invalidSyntax'],
    ['with an unknown attribute', { nope: 1 }, 400, 'invalidSyntax'],
  ])('[P-3.5.1-07, P-3.3-10, P-3.3-11] %s', async (_what, rest, status, scimType) => {
    const before = await createUser(FULL)
    expectError(await put(before, { ...user(before.userName), ...rest }), status, scimType)
    expect(await read(before.id)).toEqual(before)
  })

  test('[P-3.5.1-10] with a userName that somebody else has: 409 uniqueness', async () => {
    const other = await createUser()
    const before = await createUser()
    expectError(await put(before, user(other.userName.toUpperCase())), 409, 'uniqueness')
    expect(await read(before.id)).toEqual(before)
  })

  test('[P-3.5.1-13, P-3.2-02] of a resource that is not there: 404, and nothing is created', async () => {
    const userName = name()
    expectError(await put({ id: 'nobody' }, user(userName)), 404)
    expectError(await strict.scim.put('/Devices/nothing', device()), 404)
    const { body } = await strict.scim.get(`/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)
    expect(body.totalResults).toBe(0)
  })

  test.each(['/Users', '/Groups', '/Devices', '/'])('[P-3.5.1-14] of the whole of %s: 405', async (endpoint) => {
    const answer = await strict.scim.put(endpoint, user('all'))
    expectError(answer, 405)
    expect(answer.headers.get('allow')).toMatch(/^GET, HEAD/)
  })
})

describe('immutable attributes', () => {
  const bought = '2020-01-01T00:00:00Z'
  const SET = { bought, place: { room: '1', building: 'A' }, [Rack.id]: { unit: 1, row: 'B' } }

  test.each([
    ['another value', { bought: '2021-01-01T00:00:00Z' }],
    ['another value of a part', { place: { building: 'B' } }],
    ['another value in an extension', { [Rack.id]: { row: 'C' } }],
  ])('[P-3.5.1-04] %s is 400 mutability', async (_what, rest) => {
    const before = await createDevice(strict.scim, SET)
    const body = { ...before, ...rest }
    expectError(await strict.scim.put(`/Devices/${before.id}`, body), 400, 'mutability')
    expectError(
      await tolerant.scim.put(`/Devices/${(await createDevice(tolerant.scim, SET)).id}`, { ...device(SET), ...rest }),
      400,
      'mutability',
    )
    expect((await strict.scim.get(`/Devices/${before.id}`)).body).toEqual(before)
  })

  test('[P-3.5.1-04] the same value is fine, and one where there was none is stored', async () => {
    const { id, ...before } = await createDevice(strict.scim, SET)
    const same = await strict.scim.put(`/Devices/${id}`, { ...before, label: 'new' })
    expect(same.body).toMatchObject({ ...SET, label: 'new' })
    const { id: bare, ...rest } = await createDevice(strict.scim)
    const first = await strict.scim.put(`/Devices/${bare}`, { ...rest, ...SET })
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject(SET)
    const body = { ...rest, ...SET, bought: '2021-01-01T00:00:00Z' }
    expectError(await strict.scim.put(`/Devices/${bare}`, body), 400, 'mutability')
  })

  test('[P-3.5.1-05] left out they are kept', async () => {
    const { id, serial } = await createDevice(strict.scim, SET)
    const { status, body } = await strict.scim.put(`/Devices/${id}`, device({ serial, place: { room: '2' } }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ bought, place: { room: '2', building: 'A' }, [Rack.id]: { row: 'B' } })
    expect(body[Rack.id]).not.toHaveProperty('unit')
  })

  test('[P-3.5.1-07] but what is required has to be there', async () => {
    const { id, serial: _, ...rest } = await createDevice(strict.scim)
    expectError(await strict.scim.put(`/Devices/${id}`, rest), 400, 'invalidValue')
  })
})

test('[P-3.5.1-06] readOnly attributes of a type of one’s own stay, whatever the body says or does not say', async () => {
  const { id, serial } = await createDevice(strict.scim, { place: { room: '1' } })
  for (const firmware of ['2.0', null, undefined]) {
    const { body } = await strict.scim.put(`/Devices/${id}`, device({ serial, firmware, place: { room: '2' } }))
    expect(body).toMatchObject({ firmware: FIRMWARE, place: { room: '2', floor: 3 } })
  }
})

describe('what no client can read', () => {
  const users = fixtureAdapter([])
  const app = sharedApp(() => ({ resources: { User: { adapter: users } } }))
  const passwordOf = async (id: string): Promise<unknown> => (await users.get(id, {} as never))?.['password']

  test('[P-3.5.1-09, P-3.5.1-01] a password that is left out is kept, one that is given takes its place', async () => {
    const { id } = created(await app.scim.post('/Users', user('secret', { password: 'one' })))
    for (const rest of [{}, { password: null }, { title: 'Guide' }]) {
      expect((await app.scim.put(`/Users/${id}`, user('secret', rest))).status).toBe(200)
      expect(await passwordOf(id)).toBe('one')
    }
    await app.scim.put(`/Users/${id}`, user('secret', { password: 'two' }))
    expect(await passwordOf(id)).toBe('two')
  })
})

// Decision A-114.
describe.each(['strict', 'tolerant'] as const)('an attribute with the role activation, %s', (compatibility) => {
  const { users } = memoryAdapters()
  const get = jest.fn(users.get)
  const app = sharedApp(() => ({ resources: { User: { adapter: { ...users, get } } }, compatibility }))
  const { users: others } = memoryAdapters()
  const clearing = sharedApp(() => ({
    resources: { User: { adapter: others, attributes: { active: { keepOnReplace: false, default: true } } } },
    compatibility,
  }))

  test('[P-3.5.1-02] stays as it is if a PUT leaves it out, so that silence activates nobody', async () => {
    for (const active of [false, true]) {
      const { id } = created(await app.scim.post('/Users', user(`kept ${active}`, { active, title: 'Guide' })))
      const { body } = await app.scim.put(`/Users/${id}`, user(`kept ${active}`))
      expect(body).toMatchObject({ active })
      expect(body).not.toHaveProperty('title')
    }
  })

  test('[P-3.5.1-03] goes if a PUT says so, and changes if a PUT gives it: neither reads the stored resource', async () => {
    const { id } = created(await app.scim.post('/Users', user('said', { active: false })))
    get.mockClear()
    expect((await app.scim.put(`/Users/${id}`, user('said', { active: true }))).body).toMatchObject({ active: true })
    expect((await app.scim.put(`/Users/${id}`, user('said', { active: null }))).body).not.toHaveProperty('active')
    expect(get).not.toHaveBeenCalled()
  })

  test('[P-3.5.1-02] is cleared if the application has chosen that, and its default does not bring it back', async () => {
    const { id, active } = created(await clearing.scim.post('/Users', user('cleared')))
    expect(active).toBe(true)
    expect((await clearing.scim.put(`/Users/${id}`, user('cleared'))).body).not.toHaveProperty('active')
  })
})

describe('a policy to keep what is left out', () => {
  const serial = 'kept-1'
  const keeping = sharedApp(() => {
    const { resources } = deviceOptions()
    const attributes = {
      label: { keepOnReplace: true },
      colour: { keepOnReplace: true, required: true, default: 'red' },
      tags: { keepOnReplace: true },
      [`${Warranty.id}:provider`]: { keepOnReplace: true },
    }
    return { resources: { Device: { ...resources['Device']!, attributes } } }
  })

  test('[P-3.5.1-02, P-3.5.1-03] left out it stays, null and [] clear, what is required cannot be cleared', async () => {
    const set = { label: 'a', colour: 'green', tags: ['x'] }
    const until = '2030-01-01T00:00:00Z'
    const sent = device({ serial, ...set, [Warranty.id]: { until, provider: 'p' } })
    const { id } = created(await keeping.scim.post('/Devices', sent))
    const send = (rest: object): Promise<Answer> => keeping.scim.put(`/Devices/${id}`, device({ serial, ...rest }))
    expect((await send({})).body).toMatchObject({ ...set, [Warranty.id]: { until, provider: 'p' } })
    expect((await send({ label: 'b' })).body).toMatchObject({ ...set, label: 'b' })
    expectError(await send({ colour: null }), 400, 'invalidValue')
    const { body } = await send({ label: null, tags: [], [Warranty.id]: { until, provider: null } })
    expect(body).toMatchObject({ colour: 'green', [Warranty.id]: { until } })
    for (const attribute of ['label', 'tags', [Warranty.id, 'provider']]) expect(body).not.toHaveProperty(attribute)
  })
})

describe('a store that yields lists bit by bit', () => {
  const rows = fixtureAdapter([])
  async function* bits(values: readonly unknown[]): AsyncGenerator {
    yield* values
  }
  const asBits = (stored: any): any => stored && { ...stored, ...(stored.tags && { tags: bits(stored.tags) }) }
  const app = sharedApp(() => ({
    resources: {
      Device: {
        schema: Device,
        attributes: { tags: { keepOnReplace: true } },
        adapter: { ...rows, get: async (id: string) => asBits(await rows.get(id, {} as never)) },
      },
    },
  }))

  test('[P-3.5.1-01, P-3.5.1-02] gets back an array of what is kept', async () => {
    const { id } = created(await app.scim.post('/Devices', { schemas: [Device.id], serial: '1', tags: ['a', 'b'] }))
    const { status, body } = await app.scim.put(`/Devices/${id}`, { schemas: [Device.id], serial: '1', label: 'x' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ label: 'x', tags: ['a', 'b'] })
    expect((await rows.get(id, {} as never))?.['tags']).toEqual(['a', 'b'])
  })
})

const choosing = sharedApp(() => {
  const { resources } = deviceOptions()
  const attributes = { active: { default: true }, title: { keepOnReplace: true } }
  return { resources: { User: { ...resources['User']!, attributes } } }
})
