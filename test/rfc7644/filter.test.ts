import { defineSchema, Group, resourceType, User } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { SEARCH_REQUEST } from '../../src/urn.js'
import { describeExpress, sharedApp } from '../support/app.js'
import { column, createUsers, ENTERPRISE, expectError, group, memoryOptions, user } from './service.js'

const Item = defineSchema({
  id: 'urn:example:scim:Item',
  attributes: [
    { name: 'label' },
    { name: 'code', caseExact: true },
    { name: 'size', type: 'integer' },
    { name: 'weight', type: 'decimal' },
    { name: 'built', type: 'dateTime' },
    { name: 'ready', type: 'boolean' },
    { name: 'raw', type: 'binary' },
    { name: 'link', type: 'reference', referenceTypes: ['external'] },
    { name: 'tags', multiValued: true },
    { name: 'secret', returned: 'never' },
    {
      name: 'parts',
      type: 'complex',
      multiValued: true,
      subAttributes: [{ name: 'value' }, { name: 'type' }, { name: 'count', type: 'integer' }],
    },
    { name: 'place', type: 'complex', subAttributes: [{ name: 'room' }, { name: 'floor', type: 'integer' }] },
  ],
})
const ITEMS = [
  {
    label: 'one',
    code: 'A1',
    size: 9,
    weight: 0,
    built: '2011-05-13T06:42:34+02:00',
    ready: false,
    tags: ['red', 'blue'],
    parts: [
      { value: 'wheel', type: 'round', count: 4 },
      { value: 'door', type: 'flat', count: 2 },
    ],
    place: { room: 'r1', floor: 0 },
    link: 'https://example.com/One',
  },
  {
    label: 'two',
    code: 'a1',
    size: 10,
    weight: -1.5,
    built: '2011-05-13T04:42:34.5Z',
    ready: true,
    raw: 'AQID',
    tags: ['green'],
  },
  { label: 'three "quoted" \\ text', size: 100, parts: [{ value: 'door', type: 'round', count: 1 }] },
]
const [ONE, TWO, THREE] = ITEMS.map(({ label }) => label)

describeExpress('filter', (version) => {
  const app = sharedApp(() => {
    const { resources } = memoryOptions()
    const items = resourceType({ schema: Item, adapter: memoryAdapter({ schema: Item }) })
    return { resources: { ...resources, Item: items }, compatibility: 'strict' }
  }, version)
  beforeAll(async () => {
    for (const item of ITEMS) expect((await app.scim.post('/Items', { schemas: [Item.id], ...item })).status).toBe(201)
    const [first] = await createUsers(
      app.scim,
      user('ann', {
        externalId: 'Ext',
        emails: [
          { value: 'ann@example.com', type: 'work' },
          { value: 'ann@home.org', type: 'home' },
        ],
      }),
      user('bob', { schemas: [User.id, ENTERPRISE], [ENTERPRISE]: { department: 'Sales', manager: { value: 'm1' } } }),
    )
    await app.scim.post('/Groups', group('all', first.id))
  })
  const items = async (filter: string): Promise<unknown[]> => {
    const found = column(await app.scim.get(`/Items?filter=${encodeURIComponent(filter)}`), 'label')
    const { body: searched } = await app.scim.post('/Items/.search', { schemas: [SEARCH_REQUEST], filter })
    expect(searched.Resources.map(({ label }: any) => label)).toEqual(found)
    // The labels in the order of creation, which ids do not show.
    return [ONE, TWO, THREE].filter((label) => found.includes(label))
  }

  test.each([
    // equal and not
    ['P-3.4.2.2-05', 'label eq "two"', [TWO]],
    ['P-3.4.2.2-05', 'label ne "two"', [ONE, THREE]],
    ['P-3.4.2.2-05', 'code ne "A1"', [TWO, THREE]],
    ['P-3.4.2.2-05', 'size eq 10', [TWO]],
    ['P-3.4.2.2-05', 'ready eq false', [ONE]],
    ['P-3.4.2.2-05', 'built eq "2011-05-13T04:42:34Z"', [ONE]],
    // texts
    ['P-3.4.2.2-06', 'label co "w"', [TWO]],
    ['P-3.4.2.2-06', 'label sw "t"', [TWO, THREE]],
    ['P-3.4.2.2-06', 'label sw "two"', [TWO]],
    ['P-3.4.2.2-06', 'label ew "e"', [ONE]],
    ['P-3.4.2.2-06', 'label ew "one"', [ONE]],
    ['P-3.4.2.2-06', 'label co "onetwo"', []],
    // presence
    ['P-3.4.2.2-07', 'raw pr', [TWO]],
    ['P-3.4.2.2-07', 'ready pr', [ONE, TWO]],
    ['P-3.4.2.2-07', 'weight pr', [ONE, TWO]],
    ['P-3.4.2.2-07', 'parts pr', [ONE, THREE]],
    ['P-3.4.2.2-07', 'place.floor pr', [ONE]],
    ['P-3.4.2.2-07', 'not (tags pr)', [THREE]],
    // order
    ['P-3.4.2.2-08', 'size gt 9', [TWO, THREE]],
    ['P-3.4.2.2-08', 'size ge 10 and size le 99.5', [TWO]],
    ['P-3.4.2.2-08', 'weight lt 0', [TWO]],
    ['P-3.4.2.2-08', 'built gt "2011-05-13T04:42:34Z"', [TWO]],
    ['P-3.4.2.2-08', 'built le "2011-05-13T04:42:34Z"', [ONE]],
    ['P-3.4.2.2-08', 'label lt "ONF"', [ONE]],
    ['P-3.4.2.2-08', 'code lt "a"', [ONE]],
    // logic
    ['P-3.4.2.2-10', 'size eq 9 or size eq 100', [ONE, THREE]],
    ['P-3.4.2.2-10', '(size eq 9 or size eq 100) and ready pr', [ONE]],
    ['P-3.4.2.2-10', 'not (size eq 9 or size eq 100)', [TWO]],
    ['P-3.4.2.2-10', 'not (size eq 9 and ready eq true)', [ONE, TWO, THREE]],
    ['P-3.4.2.2-11', 'size eq 9 or size eq 10 and ready eq false', [ONE]],
    ['P-3.4.2.2-11', 'not (size eq 9) and ready eq false', []],
    ['P-3.4.2.2-11', 'not (size eq 10) and ready pr or size eq 100', [ONE, THREE]],
    // value paths
    ['P-3.4.2.2-12', 'parts[value eq "door" and type eq "round"]', [THREE]],
    ['P-3.4.2.2-12', 'parts.value eq "door" and parts.type eq "round"', [ONE, THREE]],
    ['P-3.4.2.2-14', 'not(size gt 9)', [ONE]],
    ['P-3.4.2.2-14', 'not (parts[type eq "flat"])', [TWO, THREE]],
    ['P-3.4.2.2-15', 'parts[type eq "flat" or (type eq "round" and not (count gt 1))]', [ONE, THREE]],
    ['P-3.4.2.2-18', 'parts.count gt 3', [ONE]],
    ['P-3.4.2.2-18', 'tags eq "blue"', [ONE]],
    ['P-3.4.2.2-19', 'parts co "oor"', [ONE, THREE]],
    ['P-3.4.2.2-19', 'place.room eq "R1"', [ONE]],
    // names and literals
    ['P-3.4.2.2-03', 'LABEL EQ "two" OR Parts.COUNT Gt 3', [ONE, TWO]],
    ['P-3.4.2.2-03', 'NOT (size PR) AND label pr', []],
    ['P-3.4.2.2-16', 'label eq "three \\"quoted\\" \\\\ text"', [THREE]],
    ['P-3.4.2.2-16', 'label eq "\\u0074wo"', [TWO]],
    ['P-3.4.2.2-16', 'size eq 1.0e1', [TWO]],
    ['P-3.4.2.2-16', 'raw eq null', [ONE, THREE]],
    ['P-3.4.2.2-17', 'urn:example:scim:Item:parts.count eq 4', [ONE]],
    ['P-3.4.2.2-22', 'label eq "TWO"', [TWO]],
    ['P-3.4.2.2-22', 'code eq "a1"', [TWO]],
    ['P-3.4.2.2-22', 'code co "A"', [ONE]],
    ['P-3.4.2.2-22', 'link ew "/one"', []],
    ['P-3.4.2.2-22', 'link ew "/One"', [ONE]],
  ])('[%s, P-3.4.2.2-02] %s', async (_, filter, expected) => {
    expect(await items(filter)).toEqual(expected)
  })

  const REFUSED = [
    ['P-3.4.2.2-04', ''],
    ['P-3.4.2.2-04', 'label'],
    ['P-3.4.2.2-04', 'label eq'],
    ['P-3.4.2.2-04', 'eq "one"'],
    ['P-3.4.2.2-04', 'label pr "one"'],
    ['P-3.4.2.2-04', 'label eq "one" and'],
    ['P-3.4.2.2-04', '()'],
    ['P-3.4.2.2-09', 'ready gt true'],
    ['P-3.4.2.2-09', 'ready le false'],
    ['P-3.4.2.2-09', 'raw ge "AQID"'],
    ['P-3.4.2.2-09', 'raw lt "AQID"'],
    ['P-3.4.2.2-13', 'parts[label eq "one"]'],
    ['P-3.4.2.2-13', 'parts[parts.value eq "door"]'],
    ['P-3.4.2.2-14', 'not label pr'],
    ['P-3.4.2.2-14', '(label pr'],
    ['P-3.4.2.2-14', 'label pr)'],
    ['P-3.4.2.2-14', 'parts[value pr'],
    ['P-3.4.2.2-15', 'parts[value[type pr]]'],
    ['P-3.4.2.2-16', "label eq 'one'"],
    ['P-3.4.2.2-16', 'label eq one'],
    ['P-3.4.2.2-16', 'ready eq TRUE'],
    ['P-3.4.2.2-16', 'size eq 05'],
    ['P-3.4.2.2-16', 'label eq "one'],
    ['P-3.4.2.2-16', 'label eq "\\x"'],
    ['P-3.4.2.2-17', '1label pr'],
    ['P-3.4.2.2-17', 'place.room.door pr'],
    ['P-3.4.2.2-17', 'place. pr'],
    ['P-3.4.2.2-25', 'ready co "tru"'],
    ['P-3.4.2.2-25', 'size sw 1'],
    ['P-3.4.2.2-25', 'built ew "Z"'],
    ['P-3.4.2.2-25', 'label eq 5'],
    ['P-3.4.2.2-25', 'size eq "9"'],
    ['X-INT-03', 'neverHeardOf pr'],
    ['X-INT-03', 'place.neverHeardOf eq "x"'],
    ['P-7.7-01', '__proto__ pr'],
    ['P-7.7-01', 'constructor.name eq "Object"'],
  ] as const

  test.each(REFUSED)('[%s] %j is 400 invalidFilter, whatever is stored', async (_, filter) => {
    // There are no devices like this at all.
    for (const text of [filter, `label eq "nobody" and (${filter})`]) {
      expectError(await app.scim.get(`/Items?filter=${encodeURIComponent(text)}`), 400, 'invalidFilter')
      expectError(
        await app.scim.post('/Items/.search', { schemas: [SEARCH_REQUEST], filter: text }),
        400,
        'invalidFilter',
      )
    }
  })

  test('[P-3.4.2.2-21] the detail names an operator that there is none of', async () => {
    for (const operator of ['regex', 'lik', '==', 'in']) {
      const answer = await app.scim.get(`/Items?filter=${encodeURIComponent(`label ${operator} "x"`)}`)
      expectError(answer, 400, 'invalidFilter')
      expect(answer.body.detail).toContain(`"${operator}"`)
    }
  })

  test('[P-3.4.2.2-01, P-3.4.2.2-27] is announced, with the bound of an answer', async () => {
    const { body } = await app.scim.get('/ServiceProviderConfig')
    expect(body.filter).toEqual({ supported: true, maxResults: 200 })
  })

  test('[P-3.4.2.2-22, P-3.4.2.2-17] on users and groups', async () => {
    const users = async (filter: string) =>
      column(await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`), 'userName')
    expect(await users('userName eq "ANN"')).toEqual(['ann'])
    expect(await users('externalId eq "ext"')).toEqual([])
    expect(await users('externalId eq "Ext"')).toEqual(['ann'])
    expect(await users(`${User.id}:userName eq "bob"`)).toEqual(['bob'])
    expect(await users(`${ENTERPRISE}:department eq "sales"`)).toEqual(['bob'])
    expect(await users(`${ENTERPRISE}:manager.value eq "m1"`)).toEqual(['bob'])
    expect(await users('department eq "sales"')).toEqual(['bob'])
    expect(await users('emails[type eq "work" and value ew "home.org"]')).toEqual([])
    expect(await users('groups.display eq "all"')).toEqual(['ann'])
    expect(await users('meta.created ge "2011-01-01T00:00:00Z" and id pr')).toHaveLength(2)
  })

  test('[P-3.4.2.2-23] on schemas, meta and references, which the router makes', async () => {
    const users = async (filter: string) =>
      column(await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`), 'userName')
    expect(await users(`schemas eq "${ENTERPRISE}"`)).toEqual(['bob'])
    expect(await users(`schemas eq "${User.id}"`)).toHaveLength(2)
    expect(await users(`schemas eq "${Group.id}"`)).toEqual([])
    expect(await users('meta.resourceType eq "User"')).toHaveLength(2)
    expect(await users('meta.resourceType eq "Group"')).toEqual([])
    const { body } = await app.scim.get('/Users?filter=userName eq "ann"')
    const { meta } = body.Resources[0]
    expect(await users(`meta.location eq "${meta.location}"`)).toEqual(['ann'])
    const { body: groups } = await app.scim.get(`/Groups?filter=members.$ref eq "${meta.location}"`)
    expect(groups.totalResults).toBe(1)
    for (const operator of ['co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']) {
      for (const path of ['/Users?filter=meta.location', '/Groups?filter=members.$ref']) {
        expectError(await app.scim.get(`${path} ${operator} "http"`), 400, 'invalidFilter')
      }
    }
  })

  test.each(['password eq "x"', 'password pr', 'userName eq "ann" or password sw "a"'])(
    '%s would tell what is never returned: 400 invalidFilter',
    async (filter) => {
      expectError(await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter')
      expectError(await app.scim.post('/Users/.search', { schemas: [SEARCH_REQUEST], filter }), 400, 'invalidFilter')
    },
  )

  test.each([
    ['10,000 brackets', `${'('.repeat(10_000)}label pr${')'.repeat(10_000)}`],
    ['10,000 nots', `${'not ('.repeat(10_000)}label pr${')'.repeat(10_000)}`],
    ['a very long literal', `label eq "${'x'.repeat(100_000)}"`],
    ['very many expressions', Array(5_000).fill('size eq 1').join(' or ')],
  ])('[P-3.4.2.2-28] %s are 400 invalidFilter, and the server goes on', async (_, filter) => {
    expectError(await app.scim.post('/Items/.search', { schemas: [SEARCH_REQUEST], filter }), 400, 'invalidFilter')
    expect(await items('label eq "two"')).toEqual([TWO])
  })
})

describe('by tolerance', () => {
  const app = sharedApp(() => memoryOptions())
  beforeAll(() =>
    createUsers(
      app.scim,
      user('ann', { active: true, emails: [{ value: 'a@example.com', type: 'work' }] }),
      user('bob'),
    ),
  )

  test.each([
    "userName eq 'ann'",
    'userName eq ann',
    'active eq "True"',
    '  userName   eq  "ann"  ',
    'emails[type eq "work"].value eq "a@example.com"',
    'emails[ type eq "work" ]',
  ])('%s is understood', async (filter) => {
    expect(column(await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`), 'userName')).toEqual(['ann'])
  })

  test.each(['userName eq', 'userName = "x"', 'neverHeardOf pr', 'userName eq "a" and', 'active eq "maybe"'])(
    '%s is 400 invalidFilter all the same',
    async (filter) => {
      expectError(await app.scim.get(`/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter')
    },
  )
})
