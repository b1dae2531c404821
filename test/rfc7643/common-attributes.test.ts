import { setTimeout as delay } from 'node:timers/promises'
import { defineSchema, resourceType, User } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { created, device, deviceOptions } from './device.js'

const app = sharedApp(() => deviceOptions({ compatibility: 'strict' }))
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const MINIMAL: readonly (readonly [string, (name: string) => object])[] = [
  ['/Users', user],
  ['/Groups', group],
  ['/Devices', () => device()],
]

let count = 0
async function create(endpoint: string, bodyOf: (name: string) => object, rest: object = {}): Promise<any> {
  count += 1
  return created(await app.scim.post(endpoint, { ...bodyOf(`common-${count}`), ...rest }))
}

async function find(endpoint: string, filter: string): Promise<string[]> {
  const { body } = await app.scim.get(`${endpoint}?filter=${encodeURIComponent(filter)}`)
  return body.Resources.map(({ id }: any) => id)
}

describe.each(MINIMAL)('every resource of %s', (endpoint, bodyOf) => {
  test('[S-3.1-01] has id, externalId and meta, though its schema does not name them', async () => {
    const { id, externalId, meta } = await create(endpoint, bodyOf, { externalId: 'mine' })
    expect(id).toMatch(/\S/)
    expect(externalId).toBe('mine')
    expect(Object.keys(meta).sort()).toEqual(['created', 'lastModified', 'location', 'resourceType', 'version'])
    expect(await find(endpoint, `id eq "${id}" and externalId eq "mine" and meta.created pr`)).toEqual([id])
  })

  test('[S-3.1-02, S-3.1-04, S-3.1-06, S-7-06] the server gives id and meta, whatever the client says', async () => {
    const mine = {
      id: 'mine',
      meta: {
        resourceType: 'Mine',
        created: '1999-01-01T00:00:00Z',
        lastModified: '1999-01-01T00:00:00Z',
        location: 'https://example.com/mine',
        version: 'W/"mine"',
      },
    }
    const posted = await create(endpoint, bodyOf, mine)
    expect(JSON.stringify(posted)).not.toMatch(/mine|Mine|1999-01-01/)
    const { body } = await app.scim.put(`${endpoint}/${posted.id}`, { ...posted, ...mine })
    expect(body.id).toBe(posted.id)
    expect(JSON.stringify(body)).not.toMatch(/mine|Mine|1999-01-01/)
    expect(body.meta).toMatchObject({ created: posted.meta.created, location: posted.meta.location })
    expectError(await app.scim.get(`${endpoint}/mine`), 404)
    for (const path of ['id', 'meta', 'meta.created', 'meta.version', 'meta.location']) {
      const Operations = [{ op: 'replace', path, value: path === 'meta' ? mine.meta : 'mine' }]
      const answer = await app.scim.patch(`${endpoint}/${posted.id}`, { schemas: [PATCH_OP], Operations })
      expectError(answer, 400, 'mutability')
    }
  })

  test('[S-3.1-04, S-7-09] id is in every answer, named or excluded or neither', async () => {
    const { id } = await create(endpoint, bodyOf)
    for (const query of ['', '?attributes=meta.created', '?excludedAttributes=id,ID,schemas', '?attributes=nope']) {
      expect((await app.scim.get(`${endpoint}/${id}${query}`)).body.id).toBe(id)
      const { body } = await app.scim.get(`${endpoint}${query}`)
      for (const resource of body.Resources) expect(resource.id).toMatch(/\S/)
    }
  })

  test('[S-3.1-04, P-3.4.1-03] id is case exact', async () => {
    const { id } = await create(endpoint, bodyOf)
    const other = id.toUpperCase()
    expect(other).not.toBe(id)
    expectError(await app.scim.get(`${endpoint}/${other}`), 404)
    expect(await find(endpoint, `id eq "${other}"`)).toEqual([])
    expect(await find(endpoint, `id eq "${id}"`)).toEqual([id])
  })

  test('[S-3.1-07] created and lastModified are dateTimes, and equal at first', async () => {
    const { meta } = await create(endpoint, bodyOf)
    expect(meta.created).toMatch(DATE_TIME)
    expect(meta.lastModified).toBe(meta.created)
    expect(Math.abs(Date.parse(meta.created) - Date.now())).toBeLessThan(60_000)
  })

  test('[S-3.1-08, P-3.5.1-11] lastModified rises with changes, and not with reads', async () => {
    const { id, ...posted } = await create(endpoint, bodyOf)
    await delay(2)
    expect((await app.scim.get(`${endpoint}/${id}`)).body.meta).toEqual(posted.meta)
    await find(endpoint, `id eq "${id}"`)
    const put = (await app.scim.put(`${endpoint}/${id}`, { ...posted, externalId: 'changed' })).body.meta
    expect(put.created).toBe(posted.meta.created)
    expect(Date.parse(put.lastModified)).toBeGreaterThan(Date.parse(posted.meta.lastModified))
    await delay(2)
    const Operations = [{ op: 'replace', path: 'externalId', value: 'again' }]
    await app.scim.patch(`${endpoint}/${id}`, { schemas: [PATCH_OP], Operations })
    const { meta } = (await app.scim.get(`${endpoint}/${id}`)).body
    expect(meta.created).toBe(posted.meta.created)
    expect(Date.parse(meta.lastModified)).toBeGreaterThan(Date.parse(put.lastModified))
    expect(await find(endpoint, `id eq "${id}" and meta.lastModified gt "${put.lastModified}"`)).toEqual([id])
  })

  // Decision A-75.
  test('[S-3.1-09] meta.location is the URI, and equal to Location and Content-Location', async () => {
    const answers = [await app.scim.post(endpoint, bodyOf(`location-${endpoint}`))]
    const { id, ...posted } = created(answers[0]!)
    answers.push(await app.scim.get(`${endpoint}/${id}`), await app.scim.put(`${endpoint}/${id}`, posted))
    const Operations = [{ op: 'replace', path: 'externalId', value: 'there' }]
    answers.push(await app.scim.patch(`${endpoint}/${id}?attributes=meta`, { schemas: [PATCH_OP], Operations }))
    for (const { body, headers, status } of answers) {
      expect(status).toBeLessThan(300)
      expect(body.meta.location).toBe(`${app.base}${endpoint}/${id}`)
      expect(headers.get('content-location')).toBe(body.meta.location)
      expect(headers.get('location')).toBe(body.meta.location)
    }
  })

  test('[S-3.1-10] meta.version is the ETag, and weak', async () => {
    const { id } = await create(endpoint, bodyOf)
    const { body, headers } = await app.scim.get(`${endpoint}/${id}`)
    expect(body.meta.version).toMatch(/^W\/"[^"]+"$/)
    expect(headers.get('etag')).toBe(body.meta.version)
  })
})

describe('id', () => {
  test('[S-3.1-03, P-3.6-05] is unique over all resources, not empty, and never given again', async () => {
    const seen = new Set<string>()
    for (let round = 0; round < 10; round += 1) {
      for (const [endpoint, bodyOf] of MINIMAL) {
        const { id } = await create(endpoint, bodyOf)
        expect(id.length).toBeGreaterThan(0)
        expect(id).not.toMatch(/bulkId/i)
        expect(seen.has(id)).toBe(false)
        seen.add(id)
        if (round % 2) await app.scim.delete(`${endpoint}/${id}`)
      }
    }
  })

  test('[S-3.1-03] stays the same through every change', async () => {
    const { id, ...rest } = await create('/Users', user)
    await app.scim.put(`/Users/${id}`, { ...rest, userName: 'another-name' })
    const Operations = [{ op: 'replace', path: 'userName', value: 'yet-another-name' }]
    await app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations })
    expect((await app.scim.get(`/Users/${id}`)).body).toMatchObject({ id, userName: 'yet-another-name' })
  })

  describe.each(['1-bulkId-1', 'BULKID:2', ''])('%j, which an adapter must not give', (id) => {
    const errors: unknown[] = []
    const faulty = sharedApp(() => {
      const adapter = { ...fixtureAdapter([]), create: (draft: object) => ({ ...draft, id }) }
      return { resources: { User: { adapter } }, on: { error: ({ error }) => void errors.push(error) } }
    })

    test('[S-3.1-03] is a 500 without internals, and told to the application', async () => {
      const answer = await faulty.scim.post('/Users', user('faulty'))
      expectError(answer, 500)
      expect(answer.body.detail).not.toMatch(/bulkId|adapter/i)
      expect(errors.map(String)).toEqual([expect.stringContaining('User.create returned')])
    })
  })
})

describe('externalId', () => {
  test('[S-3.1-05] is what the client says, compared case exact, and need not be unique', async () => {
    const one = await create('/Users', user, { externalId: 'Shared' })
    const two = await create('/Users', user, { externalId: 'Shared' })
    const other = await create('/Users', user, { externalId: 'shared' })
    expect(one.externalId).toBe('Shared')
    expect((await find('/Users', 'externalId eq "Shared"')).sort()).toEqual([one.id, two.id].sort())
    expect(await find('/Users', 'externalId eq "shared"')).toEqual([other.id])
    const none = await create('/Users', user)
    expect(none).not.toHaveProperty('externalId')
  })

  describe('of two clients', () => {
    const tenants = sharedApp(() =>
      memoryOptions({ authenticate: ({ token }) => ({ tenant: String(token), subject: String(token) }) }),
    )
    const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

    test('[S-3.1-05, S-9.3-01, P-6.2-01] may be the same: each finds its own, and sees no other', async () => {
      const ids = new Map<string, string>()
      for (const client of ['red', 'blue']) {
        const answer = await tenants.scim.post('/Users', user('same', { externalId: 'same' }), as(client))
        ids.set(client, created(answer).id)
      }
      for (const [client, id] of ids) {
        const filter = encodeURIComponent('externalId eq "same"')
        const { body } = await tenants.scim.get(`/Users?filter=${filter}`, as(client))
        expect(body.Resources.map((one: any) => one.id)).toEqual([id])
        const other = client === 'red' ? 'blue' : 'red'
        expectError(await tenants.scim.get(`/Users/${ids.get(other)}`, as(client)), 404)
      }
    })
  })
})

describe('a schema that repeats common attributes', () => {
  // RFC 7643 section 3.1 is not changed by any of this.
  const Odd = defineSchema({
    id: 'urn:example:scim:schemas:Odd',
    attributes: [
      { name: 'ID', required: false, mutability: 'readWrite', returned: 'request', caseExact: false },
      { name: 'externalId', type: 'integer', mutability: 'readOnly', returned: 'never' },
      { name: 'meta', returned: 'never' },
      { name: 'size' },
    ],
  })
  const odd = sharedApp(() => ({
    compatibility: 'strict',
    resources: { Odd: resourceType({ schema: Odd, adapter: memoryAdapter({ schema: Odd }) }) },
  }))

  test('[S-3.1-11] does not change their characteristics', async () => {
    const posted = created(await odd.scim.post('/Odds', { schemas: [Odd.id], id: 'mine', externalId: 'X', size: 'l' }))
    expect(posted).toMatchObject({ externalId: 'X', meta: { resourceType: 'Odd' } })
    expect(posted.id).not.toBe('mine')
    const filter = encodeURIComponent('externalId eq "x"')
    expect((await odd.scim.get(`/Odds?filter=${filter}`)).body.totalResults).toBe(0)
    const { body } = await odd.scim.get(`/Odds/${posted.id}?attributes=size`)
    expect(body).toEqual({ schemas: [Odd.id], id: posted.id, size: 'l' })
  })

  test('[S-3.1-11, P-4-09] and /Schemas shows those that hold', async () => {
    const { body } = await odd.scim.get(`/Schemas/${Odd.id}`)
    const shown = body.attributes.find(({ name }: any) => name.toLowerCase() === 'id')
    expect(shown).toMatchObject({ required: true, caseExact: true, mutability: 'readOnly', returned: 'always' })
  })
})

test('[S-3.1-01] discovery resources have no externalId', async () => {
  for (const path of ['/ServiceProviderConfig', `/Schemas/${User.id}`, '/ResourceTypes/User']) {
    expect((await app.scim.get(path)).body).not.toHaveProperty('externalId')
  }
})
