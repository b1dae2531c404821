import { PATCH_OP, SEARCH_REQUEST } from '../../src/urn.js'
import { describeExpress, sharedApp, startApp } from '../support/app.js'
import { fixtureAdapter } from '../support/fixture-adapter.js'
import { closedAfterEach, createUsers, expectError, group, memoryOptions, user } from './service.js'

const PATCH = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }

describeExpress('DELETE', (version) => {
  const app = sharedApp(memoryOptions, version)

  test('[P-3.6-01] is 204 without body', async () => {
    const [{ id }] = await createUsers(app.scim, user('deleted'))
    const { status, text, headers } = await app.scim.delete(`/Users/${id}`)
    expect({ status, text }).toEqual({ status: 204, text: '' })
    expect(headers.get('content-type')).toBe('application/scim+json')
  })

  test('[P-3.6-02] afterwards every operation on the id is 404', async () => {
    const [{ id }] = await createUsers(app.scim, user('gone'))
    await app.scim.delete(`/Users/${id}`)
    expectError(await app.scim.get(`/Users/${id}`), 404)
    expectError(await app.scim.put(`/Users/${id}`, user('gone')), 404)
    expectError(await app.scim.patch(`/Users/${id}`, PATCH), 404)
    expectError(await app.scim.delete(`/Users/${id}`), 404)
    expectError(await app.scim.delete(`/Users/${id}`, { headers: { 'if-match': '*' } }), 404)
  })

  test('[P-3.6-03] it is in no query result', async () => {
    const [{ id }] = await createUsers(app.scim, user('unlisted', { title: 'unlisted' }))
    await app.scim.delete(`/Users/${id}`)
    const filter = 'title eq "unlisted"'
    for (const path of ['/Users', '/']) {
      expect((await app.scim.get(path)).text).not.toContain(id)
      expect((await app.scim.get(`${path}?filter=${filter}`)).body.totalResults).toBe(0)
    }
    for (const path of ['/Users/.search', '/.search']) {
      expect((await app.scim.post(path, { schemas: [SEARCH_REQUEST], filter })).body.totalResults).toBe(0)
    }
  })

  test('[P-3.6-04, P-3.6-05] its userName is free again, its id is not', async () => {
    const [before] = await createUsers(app.scim, user('again'))
    await app.scim.delete(`/Users/${before.id}`)
    const [after] = await createUsers(app.scim, user('AGAIN'))
    expect(after.id).not.toBe(before.id)
  })

  test('[P-3.6-06] a collection cannot be deleted: 405', async () => {
    expectError(await app.scim.delete('/Users'), 405)
    expectError(await app.scim.delete('/'), 405)
  })

  test('[P-3.6-07] in memory memberships go with the member', async () => {
    const [stays, goes] = await createUsers(app.scim, user('stays'), user('goes'))
    const { body } = await app.scim.post('/Groups', group('both', stays.id, goes.id))
    await app.scim.delete(`/Users/${goes.id}`)
    const { body: left } = await app.scim.get(`/Groups/${body.id}`)
    expect(left.members.map(({ value }: any) => value)).toEqual([stays.id])
  })
})

describe('the answer of an adapter', () => {
  const closed = closedAfterEach()

  test.each([
    ['false', false, 404],
    ['nothing at all', undefined, 500],
    ['the deleted resource', { id: '1' }, 500],
  ])('%s', async (_, outcome, status) => {
    const error = jest.fn()
    const adapter = { ...fixtureAdapter([]), delete: () => outcome as never }
    const app = await closed(startApp({ resources: { User: { adapter } }, on: { error } }))
    expectError(await app.scim.delete('/Users/1'), status)
    expect(error).toHaveBeenCalledTimes(status === 500 ? 1 : 0)
  })
})
