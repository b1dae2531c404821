import { EnterpriseUser, User } from '../../src/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import { created, device, deviceOptions, Rack } from './device.js'

const app = sharedApp(() => deviceOptions({ compatibility: 'strict' }))

test('[S-2.1-01, S-3-09] names in a body may be in any letter case, and are answered as the schema spells them', async () => {
  const sent = {
    SCHEMAS: [User.id.toUpperCase()],
    USERNAME: 'Case-1',
    Name: { GIVENNAME: 'Barbara', familyname: 'Jensen' },
    eMails: [{ VALUE: 'a@example.com', Type: 'work', PRIMARY: true }],
    [EnterpriseUser.id.toUpperCase()]: { Department: 'Tours', MANAGER: { Value: 'x' } },
  }
  const expected = {
    schemas: [User.id, EnterpriseUser.id],
    userName: 'Case-1',
    name: { givenName: 'Barbara', familyName: 'Jensen' },
    emails: [{ value: 'a@example.com', type: 'work', primary: true }],
    [EnterpriseUser.id]: { department: 'Tours', manager: { value: 'x' } },
  }
  const posted = created(await app.scim.post('/Users', sent))
  expect(posted).toMatchObject(expected)
  const replaced = await app.scim.put(`/Users/${posted.id}`, { ...sent, TITLE: 'Guide' })
  expect(replaced.body).toMatchObject({ ...expected, title: 'Guide' })
  const { USERNAME: _, ...names } = replaced.body
  expect(names).toEqual(replaced.body)
})

test('[S-2.1-01] the names of a type of one’s own as well', async () => {
  const sent = device({ COLOUR: 'red', Interfaces: [{ Value: 'a', SPEED: 5 }], [Rack.id.toUpperCase()]: { UNIT: 7 } })
  const expected = { colour: 'red', interfaces: [{ value: 'a', speed: 5 }], [Rack.id]: { unit: 7 } }
  expect(created(await app.scim.post('/Devices', sent))).toMatchObject(expected)
})

test('[S-2.1-01] names in a PATCH, its paths and its values', async () => {
  const { id } = created(await app.scim.post('/Users', user('case-patch', { title: 'old' })))
  const answer = await app.scim.patch(`/Users/${id}?attributes=TITLE,name,${EnterpriseUser.id}`, {
    Schemas: [PATCH_OP],
    operations: [
      { OP: 'replace', Path: 'TITLE', VALUE: 'new' },
      { op: 'add', path: 'NAME.GivenName', value: 'Barbara' },
      { op: 'add', path: `${EnterpriseUser.id.toUpperCase()}:DEPARTMENT`, value: 'Tours' },
      { op: 'add', value: { Name: { FAMILYNAME: 'Jensen' } } },
    ],
  })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({
    schemas: [User.id, EnterpriseUser.id],
    id,
    title: 'new',
    name: { givenName: 'Barbara', familyName: 'Jensen' },
    [EnterpriseUser.id]: { department: 'Tours' },
  })
})

describe('[S-2.1-03] one name twice in different letter case is 400 invalidSyntax', () => {
  const twice = [
    ['an attribute', { title: 'a', TITLE: 'b' }],
    ['neither as in the schema', { Title: 'a', TITLE: 'b' }],
    ['a sub-attribute', { name: { givenName: 'a', GIVENNAME: 'b' } }],
    ['one of a value', { emails: [{ value: 'a', Value: 'b' }] }],
    ['an extension', { [EnterpriseUser.id]: { costCenter: 'a' }, [EnterpriseUser.id.toUpperCase()]: {} }],
    ['one of an extension', { [EnterpriseUser.id]: { costCenter: 'a', CostCenter: 'b' } }],
    ['schemas', { Schemas: [User.id] }],
  ] as const

  test.each(twice)('%s', async (_what, body) => {
    expectError(await app.scim.post('/Users', user('case-twice', body)), 400, 'invalidSyntax')
    const { id } = created(await app.scim.post('/Users', user(`case-${Math.random()}`)))
    expectError(await app.scim.put(`/Users/${id}`, user('case-twice', body)), 400, 'invalidSyntax')
  })

  test.each(twice.slice(0, 2))('%s in a PATCH value', async (_what, value) => {
    const { id } = created(await app.scim.post('/Users', user(`case-${Math.random()}`)))
    const Operations = [{ op: 'add', value }]
    expectError(await app.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations }), 400, 'invalidSyntax')
  })
})
