import { EnterpriseUser, User } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { createDevice, created, deviceOptions, Rack } from './device.js'

const app = sharedApp(() => deviceOptions({ compatibility: 'strict' }))

/** Attributes of a user besides the required name. */
const FULL = {
  externalId: 'x',
  title: 'Guide',
  active: false,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [{ value: 'a@example.com', type: 'work' }],
  [EnterpriseUser.id]: { department: 'Tours', manager: { value: 'm' } },
}

/** Three ways to say that there is no value. */
const NOTHING = {
  externalId: null,
  title: null,
  active: null,
  name: null,
  emails: [],
  [EnterpriseUser.id]: null,
}
const HOLLOW = {
  title: null,
  active: [],
  name: { givenName: null, familyName: null },
  emails: null,
  [EnterpriseUser.id]: { department: null, manager: {} },
}

let count = 0
function body(rest: object): Record<string, unknown> {
  count += 1
  return user(`unassigned-${count}`, { ...rest })
}

/** The attributes that a user has by itself. */
const BARE = ['id', 'meta', 'schemas', 'userName']

async function isPresent(id: string, attribute: string): Promise<boolean> {
  const filter = encodeURIComponent(`id eq "${id}" and ${attribute} pr`)
  return (await app.scim.get(`/Users?filter=${filter}`)).body.totalResults === 1
}

async function expectBare(resource: any): Promise<void> {
  expect(Object.keys(resource).sort()).toEqual(BARE)
  expect(resource.schemas).toEqual([User.id])
  expect((await app.scim.get(`/Users/${resource.id}`)).body).toEqual(resource)
  for (const attribute of ['title', 'active', 'name', 'emails', `${EnterpriseUser.id}:department`]) {
    expect({ attribute, present: await isPresent(resource.id, attribute) }).toEqual({ attribute, present: false })
  }
}

describe.each([
  ['null and []', NOTHING],
  ['objects and lists without a value', HOLLOW],
  // An attribute of the role activation stays if a PUT leaves it out (decision A-20).
  ['left out', { active: null }],
])('[S-2.5-01, S-2.5-02] %s', (_how, nothing) => {
  test('POST: is no value, and is not answered', async () => {
    await expectBare(created(await app.scim.post('/Users', body(nothing))))
  })

  test('PUT: takes the value away', async () => {
    const { id, userName } = created(await app.scim.post('/Users', body(FULL)))
    expect(await isPresent(id, 'emails')).toBe(true)
    const replaced = await app.scim.put(`/Users/${id}`, { ...user(userName), ...nothing })
    expect(replaced.status).toBe(200)
    await expectBare(replaced.body)
  })
})

describe.each([
  ['replace with null', Object.keys(FULL).map((path) => ({ op: 'replace', path, value: null }))],
  ['replace with [] of a list', [{ op: 'replace', path: 'emails', value: [] }]],
  ['replace without path', [{ op: 'replace', value: NOTHING }]],
  ['replace of the parts', [{ op: 'replace', value: { name: HOLLOW.name } }]],
])('[S-2.5-01, P-3.5.2.3-09] PATCH: %s', (_how, Operations) => {
  test('takes the value away', async () => {
    const { id, userName } = created(await app.scim.post('/Users', body(FULL)))
    const answer = await app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations })
    expect(answer.status).toBeLessThan(300)
    const { body: read } = await app.scim.get(`/Users/${id}`)
    const gone = Operations.flatMap((operation) =>
      'path' in operation ? operation.path : Object.keys(operation.value),
    )
    const kept = Object.keys(FULL).filter((name) => !gone.includes(name))
    expect(Object.keys(read).sort()).toEqual([...BARE, ...kept].sort())
    expect(read.userName).toBe(userName)
  })
})

test('[S-2.5-01] a value that is as good as none is no change', async () => {
  const before = created(await app.scim.post('/Users', body({})))
  const Operations = [{ op: 'replace', value: NOTHING }]
  expect((await app.scim.patch(`/Users/${before.id}`, { schemas: [PATCH_OP], Operations })).status).toBeLessThan(300)
  expect((await app.scim.get(`/Users/${before.id}`)).body).toEqual(before)
})

test('[S-2.5-01] false, 0 and the empty text are values', async () => {
  const values = { online: false, ports: 0, weight: 0, note: '' }
  const { id } = await createDevice(app.scim, { ...values, [Rack.id]: { unit: 0 } })
  const { body: read } = await app.scim.get(`/Devices/${id}?attributes=online,ports,weight,note,${Rack.id}`)
  expect(read).toMatchObject({ ...values, [Rack.id]: { unit: 0 } })
  const filter = encodeURIComponent(`id eq "${id}" and online pr and ports pr and ${Rack.id}:unit pr`)
  expect((await app.scim.get(`/Devices?filter=${filter}`)).body.totalResults).toBe(1)
})

describe('[P-3.3-04] null against a default', () => {
  const defaulting = sharedApp(() => {
    const { resources } = deviceOptions()
    return { resources: { User: { ...resources['User']!, attributes: { active: { default: true } } } } }
  })

  test('left out it is set, null leaves it without value', async () => {
    expect(created(await defaulting.scim.post('/Users', user('default-1'))).active).toBe(true)
    expect(created(await defaulting.scim.post('/Users', user('default-2', { active: null })))).not.toHaveProperty(
      'active',
    )
    expect(created(await defaulting.scim.post('/Users', user('default-3', { active: false }))).active).toBe(false)
  })
})
