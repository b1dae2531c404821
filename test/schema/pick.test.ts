import { bearer, EnterpriseUser, pick, type ResourceOf, SetupError, scimRouter, User } from '../../src/index.js'
import { memoryAdapter } from '../../src/memory/index.js'
import { sharedApp } from '../support/app.js'

const Person = pick(User, ['userName', 'externalId', 'name.givenName', 'name.familyName', 'emails'])

describe('pick', () => {
  test('keeps whole attributes, parts of complex ones, and the characteristics', () => {
    expect(Person.attributes.map(({ name }) => name)).toEqual(['userName', 'name', 'emails'])
    expect(Person.attributes[0]).toEqual(User.attributes[0])
    const name = Person.attributes.find((attribute) => attribute.name === 'name')
    expect(name).toMatchObject({ subAttributes: [{ name: 'familyName' }, { name: 'givenName' }] })
    expect(Person.id).toBe(User.id)
  })

  test('makes a type', () => {
    const person: Pick<ResourceOf<typeof Person>, 'userName' | 'name' | 'emails'> = {
      userName: 'ann',
      name: { givenName: 'Ann' },
      emails: [{ value: 'ann@example.com', type: 'work' }],
    }
    // @ts-expect-error: left out.
    const nick: keyof ResourceOf<typeof Person> = 'nickName'
    // @ts-expect-error: left out.
    const middle: keyof NonNullable<ResourceOf<typeof Person>['name']> = 'middleName'
    expect([person.userName, nick, middle]).toEqual(['ann', 'nickName', 'middleName'])
  })

  test('types the adapter beside it', () => {
    const resources = {
      User: {
        schema: Person,
        adapter: {
          create: (draft: { readonly userName: string }) => ({ ...draft, id: '1' }),
          get: () => undefined,
          list: () => [],
          replace: () => undefined,
          delete: () => true,
        },
      },
    }
    expect(scimRouter({ authenticate: bearer('secret'), resources })).toBeInstanceOf(Function)
  })

  test('takes an extension', () => {
    expect(pick(EnterpriseUser, ['department', 'manager.value']).attributes.map(({ name }) => name)).toEqual([
      'department',
      'manager',
    ])
  })

  test.each([
    [() => pick(User, ['userName', 'nickname' as 'nickName']), 'pick names "nickname", which schema'],
    [() => pick(User, ['userName', 'name.first' as 'name.givenName']), 'pick names "name.first"'],
    [() => pick(User, ['active']), 'pick must keep "userName", because the schema requires it.'],
  ])('refuses what cannot be', (make, message) => {
    expect(make).toThrow(SetupError)
    expect(make).toThrow(message)
  })
})

describe('a picked schema in a router', () => {
  const app = sharedApp(() => ({ resources: { User: { schema: Person, adapter: memoryAdapter({ schema: Person }) } } }))

  test('[DSC-4-06] /Schemas shows what is served and nothing else', async () => {
    const { body } = await app.scim.get(`/Schemas/${User.id}`)
    expect(body.attributes.map(({ name }: { name: string }) => name)).toEqual(['userName', 'name', 'emails'])
    expect(body.attributes[1].subAttributes).toHaveLength(2)
  })

  test('what is left out cannot be searched', async () => {
    expect((await app.scim.get('/Users?filter=nickName%20eq%20%22a%22')).status).toBe(400)
  })
})
