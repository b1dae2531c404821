import { type ResourceEntry, SetupError, scimRouter } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { createUsers, group, user } from '../rfc7644/service.js'
import { type AppOptions, describeExpress, sharedApp } from '../support/app.js'

function options(attributes: NonNullable<ResourceEntry['attributes']>): AppOptions {
  const { users, groups } = memoryAdapters()
  return { resources: { User: { adapter: users }, Group: { adapter: groups, attributes } } }
}

describeExpress('showEmpty (RFC 7643 section 2.5: an empty list is the same as none)', (version) => {
  const shown = sharedApp(() => options({ members: { showEmpty: true } }), version)
  const plain = sharedApp(() => options({}), version)

  test.each([
    ['without it the list is left out', plain, undefined],
    ['with it the list is []', shown, []],
  ])('[S-2.5-01] %s', async (_, { scim }, members) => {
    const created = await scim.post('/Groups', group('empty'))
    expect(created.status).toBe(201)
    expect(created.body.members).toEqual(members)
    const path = `/Groups/${created.body.id}`
    const search = { schemas: [SEARCH_REQUEST], filter: 'displayName eq "empty"' }
    expect((await scim.get(path)).body.members).toEqual(members)
    expect((await scim.put(path, group('empty'))).body.members).toEqual(members)
    expect((await scim.get('/Groups')).body.Resources[0].members).toEqual(members)
    expect((await scim.post('/Groups/.search', search)).body.Resources[0].members).toEqual(members)
    expect((await scim.get('/')).body.Resources[0].members).toEqual(members)
    expect((await scim.get(`${path}?attributes=members`)).body.members).toEqual(members)
    for (const query of ['attributes=displayName', 'excludedAttributes=members']) {
      expect((await scim.get(`${path}?${query}`)).body).not.toHaveProperty('members')
    }
  })

  // Decision A-138.
  test('it shows what is there, hides nothing of it, and no filter takes it for a value', async () => {
    const [{ id }] = await createUsers(shown.scim, user('member'))
    const created = await shown.scim.post('/Groups', group('full', id))
    expect(created.body.members).toEqual([expect.objectContaining({ value: id })])
    expect((await shown.scim.get('/Groups?filter=members pr')).body.totalResults).toBe(1)
    const Operations = [{ op: 'remove', path: 'members' }]
    const path = `/Groups/${created.body.id}?attributes=members`
    expect((await shown.scim.patch(path, { schemas: [PATCH_OP], Operations })).body.members).toEqual([])
    expect((await shown.scim.get('/Groups?filter=members pr')).body.totalResults).toBe(0)
    expect((await shown.scim.get(`/Users/${id}`)).body).not.toHaveProperty('emails')
  })
})

test.each([{ displayName: { showEmpty: true } }, { 'members.value': { showEmpty: true } }])(
  '%j is no list of the base schema: a SetupError',
  (attributes) => {
    expect(() => scimRouter({ authenticate: () => null, ...options(attributes) })).toThrow(SetupError)
  },
)
