import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { EnterpriseUser, type ResourceEvent, type ScimRouterOptions } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { BULK_REQUEST } from '../../src/urn.js'
import { withoutFrills } from '../conformance-kit/wrapped.js'
import { group, user } from '../rfc7644/service.js'
import { type App, startApp } from '../support/app.js'
import { type Answer, type ScimClient, scimClient, withoutRequestIds } from '../support/client.js'
import { sample } from '../support/length.js'
import { CROSSINGS, type Crossing, type Known } from './crossings.js'

type Resources = ScimRouterOptions['resources']

const STORES: Readonly<Record<string, () => Resources>> = {
  'one adapter for all': () => {
    const { users, groups } = memoryAdapters()
    return { User: { adapter: users }, Group: { adapter: groups } }
  },
  'candidates, and no patch': () => {
    const { users, groups } = memoryAdapters()
    return {
      User: { adapter: withoutFrills(users as never, true) },
      Group: { adapter: withoutFrills(groups as never, true) },
    }
  },
  'an adapter for each': () => {
    const stores = new Map<string | undefined, ReturnType<typeof memoryAdapters>>()
    const storeOf = (tenant: string | undefined) => {
      const store = stores.get(tenant) ?? memoryAdapters()
      stores.set(tenant, store)
      return store
    }
    return {
      User: { adapter: ({ tenant }) => storeOf(tenant).users, supports: { versions: true, cursor: 'both' } },
      Group: { adapter: ({ tenant }) => storeOf(tenant).groups, supports: { versions: true, cursor: 'both' } },
    }
  },
}

describe.each(Object.entries(STORES))('two tenants, %s', (title, resources) => {
  const events: ResourceEvent[] = []
  let app: App
  let [owner, stranger] = [] as unknown as [ScimClient, ScimClient]
  let own: { readonly user: string; readonly group: string }
  let known: Known
  let before: unknown

  beforeAll(async () => {
    const hook = (event: ResourceEvent) => void events.push(event)
    const names = ['created', 'updated', 'deleted'].flatMap((what) => [`user.${what}`, `group.${what}`] as const)
    app = await startApp({
      authenticate: ({ token }) => (token ? { tenant: token, subject: `client of ${token}` } : null),
      resources: resources(),
      cursor: { secrets: ['sixteen characters and more'] },
      on: Object.fromEntries(names.map((name) => [name, hook])),
    })
    owner = scimClient(app.base, 'owner')
    stranger = scimClient(app.base, 'stranger')
    known = await populate(owner, 'secret')
    own = await populate(stranger, 'own')
    before = await everything(owner)
  })
  afterAll(() => app.close())

  // A store between the engine and the data adds little: one is crossed in every way.
  const crossings = title === 'one adapter for all' ? CROSSINGS : sample(CROSSINGS, 3)
  test.each(crossings)('$title is answered as for what nobody has', async (crossing) => {
    const nobody = likeKnown(known)
    const foreign = neutral(await send(stranger, crossing, known, own), known)
    const unknown = neutral(await send(stranger, crossing, nobody, own), nobody)
    expect(foreign).toEqual(unknown)
    expect(foreign.text).not.toMatch(/secret/)
  })

  test('a name that another tenant uses is free', async () => {
    for (const userName of [known.userName, known.userName.toUpperCase()]) {
      const created = await stranger.post('/Users', user(userName, { externalId: known.externalId }))
      expect(created.status).toBe(201)
      expect((await stranger.delete(`/Users/${created.body.id}`)).status).toBe(204)
    }
  })

  test('nothing of the owner has changed, and nobody was told that it has', async () => {
    expect(await everything(owner)).toEqual(before)
    const told = events.filter(({ tenant, id }) => tenant === 'stranger' && Object.values(known).includes(id))
    expect(told).toEqual([])
    expect(events.some(({ tenant }) => tenant === 'stranger')).toBe(true)
  })

  test('the stranger sees itself alone', async () => {
    const { body } = await stranger.get('/?count=100')
    expect(body.totalResults).toBe(body.Resources.length)
    const text = JSON.stringify(body)
    expect(text).toContain(own.user)
    for (const [what, secret] of Object.entries(known)) {
      if (what !== 'tag') expect(text).not.toContain(secret)
    }
  })
})

test('a store that knows no tenants does not pass', async () => {
  const { users, groups } = memoryAdapters()
  const blind = (adapter: object): object =>
    new Proxy(adapter, {
      get: (target, name) => {
        const callback: unknown = Reflect.get(target, name)
        if (typeof callback !== 'function') return callback
        return (...given: unknown[]) => callback(...given.slice(0, -1), withoutTenant(given.at(-1) as object))
      },
    })
  const app = await startApp({
    authenticate: ({ token }) => (token ? { tenant: token } : null),
    resources: { User: { adapter: blind(users) as never }, Group: { adapter: blind(groups) as never } },
    cursor: { secrets: ['sixteen characters and more'] },
  })
  try {
    const [owner, stranger] = [scimClient(app.base, 'owner'), scimClient(app.base, 'stranger')]
    const told: string[] = []
    const crossings = sample(CROSSINGS, 5)
    for (const crossing of crossings) {
      const known = await populate(owner, 'secret')
      const own = await populate(stranger, 'own')
      const nobody = likeKnown(known)
      const foreign = neutral(await send(stranger, crossing, known, own), known)
      if (!isDeepStrictEqual(foreign, neutral(await send(stranger, crossing, nobody, own), nobody))) {
        told.push(crossing.title)
      }
    }
    expect(told.length).toBeGreaterThan(crossings.length / 2)
  } finally {
    await app.close()
  }
})

describe('two clients of one tenant', () => {
  let app: App
  beforeAll(async () => {
    app = await startApp({
      authenticate: ({ token }) => (token ? { tenant: 'one', subject: token } : null),
      resources: STORES['one adapter for all']?.() as Resources,
      cursor: { secrets: ['sixteen characters and more'] },
    })
  })
  afterAll(() => app.close())

  test('share resources, and no cursors', async () => {
    const [a, b] = [scimClient(app.base, 'a'), scimClient(app.base, 'b')]
    const { user: id, cursor } = await populate(a, 'shared')
    expect((await b.get(`/Users/${id}`)).status).toBe(200)
    const path = `/Users?count=1&cursor=${cursor}`
    expect((await a.get(path)).status).toBe(200)
    const refused = await b.get(path)
    const forged = await b.get(`/Users?count=1&cursor=${'A'.repeat(cursor.length)}`)
    expect([refused.status, withoutRequestIds(refused.text)]).toEqual([forged.status, withoutRequestIds(forged.text)])
    expect(refused.body.scimType).toBe('invalidCursor')
  })

  test('neither learns from a 401 whether there is something', async () => {
    const [a, nobody] = [scimClient(app.base, 'a'), scimClient(app.base, undefined)]
    const { body } = await a.get('/Users?count=1')
    const there = await nobody.get(`/Users/${body.Resources[0].id}`)
    const notThere = await nobody.get(`/Users/${randomUUID()}`)
    const noEndpoint = await nobody.get('/Nothing/here')
    expect([there, notThere, noEndpoint].map(({ status, text }) => [status, withoutRequestIds(text)])).toEqual(
      Array.from({ length: 3 }, () => [401, withoutRequestIds(there.text)]),
    )
  })
})

/** The call of an adapter that has no tenant in it. */
function withoutTenant(call: object): object {
  return new Proxy(call, {
    get: (target, name) => (name === 'tenant' ? undefined : Reflect.get(target, name, target)),
  })
}

/** A user, its manager and its group, found by each of their known facts. */
async function populate(scim: ScimClient, text: string): Promise<Known> {
  const mark = randomUUID()
  const created = await scim.post('/Bulk', {
    schemas: [BULK_REQUEST],
    Operations: [
      {
        method: 'POST',
        path: '/Users',
        bulkId: `ext-${mark}`,
        data: user(`user-${mark}`, { externalId: `ext-${mark}`, title: `${text} title`, nickName: text }),
      },
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: group(`group-${mark}`, `bulkId:ext-${mark}`),
      },
      { method: 'POST', path: '/Users', bulkId: 'other', data: user(`other-${mark}`, manager(`bulkId:ext-${mark}`)) },
    ],
  })
  const [first, second] = created.body.Operations
  const { body } = await scim.get('/Users?count=1&cursor')
  return {
    user: first.location.split('/').pop(),
    group: second.location.split('/').pop(),
    userName: `user-${mark}`,
    externalId: `ext-${mark}`,
    displayName: `group-${mark}`,
    tag: first.version,
    cursor: body.nextCursor,
    location: first.location,
  }
}

function manager(value: string): object {
  return { [EnterpriseUser.id]: { manager: { value } } }
}

/** The same facts about a resource that does not exist; of the same length, so that lengths can be compared. */
function likeKnown({ cursor, location, user: id }: Known): Known {
  const [made, mark] = [randomUUID(), randomUUID()]
  return {
    user: made,
    group: randomUUID(),
    userName: `user-${mark}`,
    externalId: `ext-${mark}`,
    displayName: `group-${mark}`,
    tag: 'W/"9"',
    cursor: cursor.replace(/^.{20}/, 'x'.repeat(20)),
    location: location.replace(id, made),
  }
}

/** Sends a request, and undoes its changes of the stranger's own resources. */
async function send(
  scim: ScimClient,
  crossing: Crossing,
  known: Known,
  own: Pick<Known, 'user' | 'group'>,
): Promise<Answer> {
  const { method, path, headers, body } = crossing
  const target = path(known).replace('{own group}', own.group).replace('{own user}', own.user)
  return scim.send(method, target, { headers: headers?.(known) ?? {}, body: body?.(known) })
}

/** An answer with nothing in it that the request has said. */
function neutral({ status, headers, text }: Answer, known: Known) {
  const { tag: _, ...names } = known
  const plain = (written: string): string =>
    Object.entries(names).reduce((rest, [name, value]) => rest.replaceAll(value, `<${name}>`), written)
  const kept = [...headers].filter(([name]) => name !== 'date' && !(name === 'etag' && status === 204))
  return { status, text: masked(plain(text)), headers: kept.map(([name, value]) => [name, masked(plain(value))]) }
}

/**
 * Masks the parts that change with every write: versions and times of the stranger's own resources, and ids of new
 * ones.
 */
function masked(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/W\/\\?"\d+\\?"/g, '<version>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
}

async function everything(scim: ScimClient): Promise<unknown> {
  const { body } = await scim.get('/?count=100&sortBy=id')
  return body
}
