import { User, type UserResource } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, group, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import type { Answer, ScimClient } from '../support/client.js'
import { createDevice, created, device, deviceOptions } from './device.js'

const strict = sharedApp(() => deviceOptions({ compatibility: 'strict' }))
const tolerant = sharedApp(deviceOptions)

let count = 0
async function createUser(emails: unknown, { scim } = strict): Promise<any> {
  count += 1
  return created(await scim.post('/Users', user(`multi-${count}`, { emails })))
}

function patch(scim: ScimClient, id: string, ...Operations: readonly object[]): Promise<Answer> {
  return scim.patch(`/Users/${id}?attributes=emails`, { schemas: [PATCH_OP], Operations })
}

async function find(filter: string): Promise<string[]> {
  const { body } = await strict.scim.get(`/Users?filter=${encodeURIComponent(filter)}`)
  return body.Resources.map(({ id }: any) => id)
}

const TWO_PRIMARY = [
  { value: 'a@example.com', primary: true },
  { value: 'b@example.com', primary: true },
]

test('[S-2.4-01] type, primary, display, value and $ref have their meaning', async () => {
  const emails = [
    { value: 'first@meaning.example', type: 'home', display: 'First' },
    { value: 'second@meaning.example', type: 'work', display: 'Second', primary: true },
  ]
  const one = await createUser(emails)
  expect(one.emails).toEqual(emails)
  const other = await createUser([{ value: 'middle@meaning.example' }])
  // A filter without a sub-attribute compares `value`, and the primary value decides the order.
  expect(await find('emails eq "first@meaning.example"')).toEqual([one.id])
  expect(await find('emails eq "First"')).toEqual([])
  const filter = encodeURIComponent('emails.value ew "@meaning.example"')
  const { body } = await strict.scim.get(`/Users?filter=${filter}&sortBy=emails`)
  expect(body.Resources.map(({ id }: any) => id)).toEqual([other.id, one.id])
  // $ref is the URI of the resource that value identifies.
  const { members } = created(await strict.scim.post('/Groups', group('meaning', one.id)))
  expect(members[0]).toMatchObject({ value: one.id, $ref: one.meta.location, type: 'User' })
})

describe('[S-2.4-02] primary is true at most once', () => {
  test.each([
    ['POST', (body: object, _id: string) => strict.scim.post('/Users', body)],
    ['PUT', (body: object, id: string) => strict.scim.put(`/Users/${id}`, body)],
  ])('strict: %s with two is 400 invalidValue', async (_method, send) => {
    const { id } = await createUser([])
    expectError(await send(user('two-primary', { emails: TWO_PRIMARY }), id), 400, 'invalidValue')
    expect((await strict.scim.get(`/Users/${id}`)).body).not.toHaveProperty('emails')
  })

  test('strict: one PATCH value with two is 400 invalidValue', async () => {
    const { id } = await createUser([])
    expectError(await patch(strict.scim, id, { op: 'add', path: 'emails', value: TWO_PRIMARY }), 400, 'invalidValue')
    expectError(await patch(strict.scim, id, { op: 'replace', value: { emails: TWO_PRIMARY } }), 400, 'invalidValue')
  })

  test('tolerant: the last one stays primary', async () => {
    const expected = [
      { value: 'a@example.com', primary: false },
      { value: 'b@example.com', primary: true },
    ]
    const { id, emails } = await createUser(TWO_PRIMARY, tolerant)
    expect(emails).toEqual(expected)
    const replaced = await tolerant.scim.put(`/Users/${id}`, user(`multi-put-${id}`, { emails: TWO_PRIMARY }))
    expect(replaced.body.emails).toEqual(expected)
    const patched = await patch(tolerant.scim, id, { op: 'replace', path: 'emails', value: TWO_PRIMARY })
    expect(patched.body.emails).toEqual(expected)
  })

  test('a type of one’s own keeps to it as well', async () => {
    const interfaces = TWO_PRIMARY
    expectError(await strict.scim.post('/Devices', device({ interfaces })), 400, 'invalidValue')
    const { interfaces: stored } = await createDevice(tolerant.scim, { interfaces })
    expect(stored.map(({ primary }: any) => primary)).toEqual([false, true])
  })

  test.each([
    ['add', { op: 'add', path: 'emails', value: [{ value: 'new', primary: true }] }, 'new'],
    ['add without path', { op: 'add', value: { emails: [{ value: 'new', primary: true }] } }, 'new'],
    ['replace of a part', { op: 'replace', path: 'emails[value eq "b"].primary', value: true }, 'b'],
    ['replace of a value', { op: 'replace', path: 'emails[value eq "b"]', value: { primary: true } }, 'b'],
  ])('PATCH %s: no answer ever has two', async (_how, operation, primary) => {
    const { id } = await createUser([{ value: 'a', primary: true }, { value: 'b' }])
    const { status, body } = await patch(strict.scim, id, operation)
    expect(status).toBe(200)
    expect(body.emails.filter((one: any) => one.primary).map(({ value }: any) => value)).toEqual([primary])
  })
})

test('[S-2.4-03] a value without primary counts as one with false', async () => {
  const { id } = await createUser([{ value: 'none@primary.example' }])
  await createUser([{ value: 'true@primary.example', primary: true }])
  const scope = 'value ew "@primary.example"'
  expect(await find(`emails[${scope} and primary eq false]`)).toEqual([id])
  expect(await find(`emails[${scope} and primary ne true]`)).toEqual([id])
  expect(await find(`emails[${scope} and not (primary eq true)]`)).toEqual([id])
})

describe('[S-2.4-04] a pair of type and value is there once', () => {
  const DOUBLE = [
    { value: 'x@example.com', type: 'work' },
    { value: 'x@example.com', type: 'home' },
    { value: 'x@example.com', type: 'work', display: 'Again' },
  ]

  test.each([strict, tolerant])('in POST, PUT and PATCH', async (app) => {
    const expected = [
      { value: 'x@example.com', type: 'work', display: 'Again' },
      { value: 'x@example.com', type: 'home' },
    ]
    const { id, userName, emails } = await createUser(DOUBLE, app)
    expect(emails).toEqual(expected)
    const replaced = await app.scim.put(`/Users/${id}`, user(userName, { emails: DOUBLE }))
    expect(replaced.body.emails).toEqual(expected)
    expect((await patch(app.scim, id, { op: 'replace', path: 'emails', value: DOUBLE })).body.emails).toEqual(expected)
    const added = await patch(app.scim, id, { op: 'add', path: 'emails', value: DOUBLE[1] })
    expect(added.body.emails).toEqual(expected)
  })

  test('the same value with another type is another value', async () => {
    const { emails } = await createUser(DOUBLE.slice(0, 2))
    expect(emails).toEqual(DOUBLE.slice(0, 2))
  })

  test('of simple values each is there once, and references once for each resource', async () => {
    expect((await createDevice(strict.scim, { tags: ['a', 'b', 'a'] })).tags).toEqual(['a', 'b'])
    const { id } = await createUser([])
    const { members } = created(await strict.scim.post('/Groups', group('double', id, id)))
    expect(members.length).toBe(1)
  })
})

describe('values that the store makes canonical', () => {
  const app = sharedApp(() => {
    const users = memoryAdapter({ schema: User })
    const canonical = (draft: object): object => {
      const { emails = [], ims = [] } = draft as UserResource
      return {
        ...draft,
        emails: emails.map((one) => ({ ...one, value: one.value?.toLowerCase() })),
        ims: ims.map((one) => ({ ...one, value: one.value?.replace(/\s/g, '').toLowerCase() })),
      }
    }
    return {
      resources: {
        User: {
          extensions: [],
          adapter: {
            ...users,
            create: (draft, call) => users.create(canonical(draft) as typeof draft, call),
            replace: (id, draft, call) => users.replace(id, canonical(draft) as typeof draft, call),
            // The router makes a patch of get and replace.
            patch: () => 'decline' as const,
          } as typeof users,
        },
      },
    }
  })

  test('[S-2.4-05, S-4.1-14, P-3.1-04] are answered as they are stored, in POST, PUT and PATCH', async () => {
    const sent = { emails: [{ value: 'Babs@Example.COM' }], ims: [{ value: 'Babs J', type: 'xmpp' }] }
    const stored = { emails: [{ value: 'babs@example.com' }], ims: [{ value: 'babsj', type: 'xmpp' }] }
    const posted = created(await app.scim.post('/Users', user('canonical', sent)))
    expect(posted).toMatchObject(stored)
    expect((await app.scim.get(`/Users/${posted.id}`)).body).toMatchObject(stored)
    expect((await app.scim.put(`/Users/${posted.id}`, user('canonical', sent))).body).toMatchObject(stored)
    const operation = { op: 'replace', path: 'emails', value: [{ value: 'JENSEN@Example.com' }] }
    expect((await patch(app.scim, posted.id, operation)).body.emails).toEqual([{ value: 'jensen@example.com' }])
  })

  test('[S-2.4-05, S-4.1-14] are left as they were sent otherwise', async () => {
    const { emails } = await createUser([{ value: 'Babs@Example.COM', type: 'Work' }])
    expect(emails).toEqual([{ value: 'Babs@Example.COM', type: 'Work' }])
  })
})
