import { defineSchema, resourceType } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { column, createUsers, ENTERPRISE, expectError, memoryOptions, user } from './service.js'

const Item = defineSchema({
  id: 'urn:example:scim:Item',
  attributes: [
    { name: 'label' },
    { name: 'code', caseExact: true },
    { name: 'size', type: 'integer' },
    { name: 'weight', type: 'decimal' },
    { name: 'built', type: 'dateTime' },
    { name: 'ready', type: 'boolean' },
    { name: 'secret', returned: 'never' },
  ],
})
const ITEMS = [
  { label: 'B', code: 'B', size: 10, weight: 0.5, built: '2020-01-01T02:00:00+02:00', ready: true },
  { label: 'a', code: 'a', size: 9, weight: -1, built: '2020-01-01T00:00:00.5Z', ready: false },
  { label: 'C', code: 'C', size: -3, weight: 12, built: '2019-12-31T23:59:59Z' },
  { label: 'á', code: 'á', size: 100, weight: 2, built: '2020-01-01T00:00:01Z', ready: true },
]
const PEOPLE = [
  user('d', {
    title: 'x',
    name: { familyName: 'Young', givenName: 'B' },
    emails: [{ value: 'z@example.com' }, { value: 'a@example.com', primary: true }],
  }),
  user('b', { name: { familyName: 'adams' }, emails: [{ value: 'c@example.com' }, { value: 'a0@example.com' }] }),
  user('a', { title: 'A', name: { familyName: 'Zed' }, [ENTERPRISE]: { department: 'Z' } }),
  user('c', { title: 'B', emails: [{ value: 'b@example.com', type: 'work' }], [ENTERPRISE]: { department: 'a' } }),
]

/** The resources of a request, whether the adapter sorts or the router. */
const STORES = {
  memory: () => ({
    resources: {
      ...memoryOptions().resources,
      Item: resourceType({ schema: Item, adapter: memoryAdapter({ schema: Item }) }),
    },
  }),
  candidates: () => ({
    resources: {
      User: { adapter: fixtureAdapter([]) },
      Item: resourceType({ schema: Item, adapter: fixtureAdapter([]) as never }),
    },
  }),
}

describe.each(Object.entries(STORES))('%s', (_, options) => {
  describeExpress('sorting', (version) => {
    const app = sharedApp(options, version)
    beforeAll(async () => {
      await createUsers(app.scim, ...PEOPLE)
      for (const item of ITEMS)
        expect((await app.scim.post('/Items', { schemas: [Item.id], ...item })).status).toBe(201)
    })
    const users = async (query: string) => column(await app.scim.get(`/Users?${query}`), 'userName')
    const items = async (query: string) => column(await app.scim.get(`/Items?${query}`), 'label')

    test('[P-3.4.2.3-01] is announced', async () => {
      expect((await app.scim.get('/ServiceProviderConfig')).body.sort).toEqual({ supported: true })
    })

    test('[P-3.4.2.3-02, P-3.4.2.3-06] is by the value of sortBy, ascending unless asked otherwise', async () => {
      expect(await users('sortBy=userName')).toEqual(['a', 'b', 'c', 'd'])
      expect(await users('sortBy=userName&sortOrder=ascending')).toEqual(['a', 'b', 'c', 'd'])
      expect(await users('sortBy=userName&sortOrder=descending')).toEqual(['d', 'c', 'b', 'a'])
      expect(await users('sortBy=userName&sortOrder=')).toEqual(['a', 'b', 'c', 'd'])
    })

    test.each(['sortOrder=up', 'sortBy=userName&sortOrder=desc', 'sortBy=userName&sortOrder=ascending,descending'])(
      '[P-3.4.2.3-06] %s is no order: 400 invalidValue',
      async (query) => expectError(await app.scim.get(`/Users?${query}`), 400, 'invalidValue'),
    )

    test('[P-3.4.2.3-03] of a multi-valued attribute the primary value counts, else the first', async () => {
      expect((await users('sortBy=emails')).slice(0, 3)).toEqual(['d', 'c', 'b'])
      expect((await users('sortBy=emails.value')).slice(0, 3)).toEqual(['d', 'c', 'b'])
    })

    test('[P-3.4.2.3-04] a sub-attribute is named by its path', async () => {
      expect((await users('sortBy=name.familyName')).slice(0, 3)).toEqual(['b', 'd', 'a'])
      expectError(await app.scim.get('/Users?sortBy=name'), 400, 'invalidValue')
    })

    test('[P-3.4.2.3-05] no value comes last when ascending, first when descending', async () => {
      expect(await users('sortBy=title')).toEqual(['a', 'c', 'd', 'b'])
      expect(await users('sortBy=title&sortOrder=descending')).toEqual(['b', 'd', 'c', 'a'])
    })

    test('[P-3.4.2.3-07] the order is that of the type', async () => {
      expect(await items('sortBy=label')).toEqual(['a', 'B', 'C', 'á'])
      expect(await items('sortBy=code')).toEqual(['B', 'C', 'a', 'á'])
      expect(await items('sortBy=size')).toEqual(['C', 'a', 'B', 'á'])
      expect(await items('sortBy=weight')).toEqual(['a', 'B', 'á', 'C'])
      expect(await items('sortBy=built')).toEqual(['C', 'B', 'a', 'á'])
      expect((await items('sortBy=ready')).slice(0, 1)).toEqual(['a'])
      expect((await items('sortBy=ready')).at(-1)).toBe('C')
    })

    test('[P-3.4.2.3-08] names are known in any letter case and with their URN', async () => {
      const expected = ['a', 'b', 'c', 'd']
      expect(await users('sortBy=USERNAME')).toEqual(expected)
      expect(await users('sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName')).toEqual(expected)
      expect(await users('sortBy=URN:IETF:params:scim:schemas:core:2.0:user:Username')).toEqual(expected)
      expect((await users(`sortBy=${ENTERPRISE}:department`)).slice(0, 2)).toEqual(['c', 'a'])
    })

    test('[P-3.4.2.3-09] equal values are in a stable order, page by page', async () => {
      const walked = []
      for (let startIndex = 1; startIndex <= 4; startIndex += 1) {
        walked.push(...(await users(`sortBy=nickName&count=1&startIndex=${startIndex}`)))
      }
      expect(walked).toEqual(await users('sortBy=nickName'))
      expect([...walked].sort()).toEqual(['a', 'b', 'c', 'd'])
    })

    test.each([
      'neverHeardOf',
      'name.neverHeardOf',
      'urn:example:other:x',
      'name.familyName.x',
      'password',
      '__proto__',
      'constructor',
    ])('nothing can be sorted by %s: 400 invalidValue', async (sortBy) =>
      expectError(await app.scim.get(`/Users?sortBy=${sortBy}`), 400, 'invalidValue'),
    )

    test('what is never returned orders nothing either', async () => {
      expectError(await app.scim.get('/Items?sortBy=secret'), 400, 'invalidValue')
    })

    test('meta can be sorted by', async () => {
      const [last = ''] = (await users('sortBy=meta.lastModified&sortOrder=descending')).slice(-1)
      const times = Object.fromEntries(
        (await app.scim.get('/Users')).body.Resources.map(({ userName, meta }: any) => [userName, meta.lastModified]),
      )
      expect(Object.values(times).sort()[0]).toBe(times[last])
    })
  })
})
