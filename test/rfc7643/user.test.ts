import { X509Certificate } from 'node:crypto'
import { User } from '../../src/index.js'
import { memoryAdapters } from '../../src/memory/index.js'
import { PATCH_OP } from '../../src/urn.js'
import { expectError, group, memoryOptions, user } from '../rfc7644/service.js'
import { sharedApp } from '../support/app.js'
import type { Answer } from '../support/client.js'
import { created } from './device.js'

const strict = sharedApp(() => memoryOptions({ compatibility: 'strict' }))
const tolerant = sharedApp(() => memoryOptions())

function patch(path: string, ...Operations: readonly object[]): Promise<Answer> {
  return strict.scim.patch(path, { schemas: [PATCH_OP], Operations })
}

describe('userName', () => {
  test.each([
    ['left out', {}],
    ['null', { userName: null }],
    ['empty', { userName: '' }],
    ['blank', { userName: '  \t' }],
  ])('[S-4.1-01, P-3.3-09, P-3.5.1-07] %s is 400 invalidValue in POST and PUT', async (_what, rest) => {
    for (const { scim } of [strict, tolerant]) {
      expectError(await scim.post('/Users', { schemas: [User.id], ...rest }), 400, 'invalidValue')
      const before = created(await scim.post('/Users', user(`required-${Math.random()}`)))
      expectError(await scim.put(`/Users/${before.id}`, { schemas: [User.id], ...rest }), 400, 'invalidValue')
      expect((await scim.get(`/Users/${before.id}`)).body).toEqual(before)
    }
  })

  test.each([
    [{ op: 'replace', path: 'userName', value: '' }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: ' ' }, 'invalidValue'],
    [{ op: 'replace', path: 'userName', value: null }, 'mutability'],
    [{ op: 'remove', path: 'userName' }, 'mutability'],
    [{ op: 'replace', value: { userName: '' } }, 'invalidValue'],
  ])('[S-4.1-01, P-3.5.2.2-06] PATCH %j is 400 %s', async (operation, scimType) => {
    const before = created(await strict.scim.post('/Users', user(`patched-${Math.random()}`)))
    expectError(await patch(`/Users/${before.id}`, operation), 400, scimType)
    expect((await strict.scim.get(`/Users/${before.id}`)).body).toEqual(before)
  })

  test.each([
    ['letter case', 'Babs.Jensen', 'bABS.jENSEN'],
    ['letter case beyond ASCII', 'Jürgen', 'JÜRGEN'],
    ['composition of characters', 'Jos\u00e9', 'Jose\u0301'],
    ['width of characters', 'abc', '\uff41\uff42\uff43'],
  ])('[S-4.1-01, P-3.3-07, P-5-01] is unique in any %s', async (_what, one, other) => {
    const { id } = created(await strict.scim.post('/Users', user(one)))
    expectError(await strict.scim.post('/Users', user(other)), 409, 'uniqueness')
    const filter = encodeURIComponent(`userName eq "${other}"`)
    const { body } = await strict.scim.get(`/Users?filter=${filter}`)
    expect(body.Resources.map((found: any) => found.userName)).toEqual([one])
    // Another spelling of one's own name is no conflict.
    expect((await strict.scim.put(`/Users/${id}`, user(other))).body.userName).toBe(other)
  })

  test('[S-4.1-01, S-7-13, P-3.5.1-10, P-3.5.2-19] is unique in PUT and PATCH as well', async () => {
    await strict.scim.post('/Users', user('taken'))
    const before = created(await strict.scim.post('/Users', user('mover')))
    expectError(await strict.scim.put(`/Users/${before.id}`, user('TAKEN')), 409, 'uniqueness')
    const operation = { op: 'replace', path: 'userName', value: 'Taken' }
    expectError(
      await patch(`/Users/${before.id}`, { op: 'add', path: 'title', value: 'x' }, operation),
      409,
      'uniqueness',
    )
    expect((await strict.scim.get(`/Users/${before.id}`)).body).toEqual(before)
  })
})

describe('groups', () => {
  async function groupsOf(id: string): Promise<any[]> {
    const { body } = await strict.scim.get(`/Users/${id}?attributes=groups`)
    return body.groups ?? []
  }

  test('[S-4.1-05] is readOnly: POST and PUT ignore it, PATCH is 400 mutability', async () => {
    const { id: groupId } = created(await strict.scim.post('/Groups', group('untouched')))
    const groups = [{ value: groupId }]
    const posted = created(await strict.scim.post('/Users', user('groups-post', { groups })))
    expect(posted).not.toHaveProperty('groups')
    const put = await strict.scim.put(`/Users/${posted.id}`, user('groups-post', { groups }))
    expect(put.status).toBe(200)
    expect(put.body).not.toHaveProperty('groups')
    for (const operation of [
      { op: 'add', path: 'groups', value: groups },
      { op: 'replace', path: 'groups', value: groups },
      { op: 'remove', path: 'groups' },
      { op: 'remove', path: `groups[value eq "${groupId}"]` },
      { op: 'replace', path: `groups[value eq "${groupId}"].display`, value: 'x' },
      { op: 'add', value: { groups } },
    ]) {
      expectError(await patch(`/Users/${posted.id}`, operation), 400, 'mutability')
    }
    expect((await strict.scim.get(`/Groups/${groupId}`)).body).not.toHaveProperty('members')
  })

  test('[S-4.1-05] tolerant: an explicit path is 400 mutability, in a value without path it is ignored', async () => {
    const { id } = created(await tolerant.scim.post('/Users', user('groups-tolerant')))
    const explicit = { op: 'add', path: 'groups', value: [{ value: 'x' }] }
    const sent = (operation: object): Promise<Answer> =>
      tolerant.scim.patch(`/Users/${id}?attributes=groups,title`, { schemas: [PATCH_OP], Operations: [operation] })
    expectError(await sent(explicit), 400, 'mutability')
    const { body } = await sent({ op: 'add', value: { groups: [{ value: 'x' }], title: 'Guide' } })
    expect(body).toEqual({ schemas: [User.id], id, title: 'Guide' })
  })

  test('[S-4.1-06, S-4.1-15, S-4.2-04] has id, URI, name and kind of each group', async () => {
    const { id } = created(await strict.scim.post('/Users', user('member')))
    const inner = created(await strict.scim.post('/Groups', group('Inner', id)))
    const outer = created(await strict.scim.post('/Groups', group('Outer', inner.id)))
    const expected = [
      { value: inner.id, $ref: inner.meta.location, display: 'Inner', type: 'direct' },
      { value: outer.id, $ref: outer.meta.location, display: 'Outer', type: 'indirect' },
    ]
    const { body } = await strict.scim.get(`/Users/${id}`)
    expect(body.groups).toEqual(expected)
    const { body: list } = await strict.scim.get(`/Users?filter=${encodeURIComponent('userName eq "member"')}`)
    expect(list.Resources[0].groups).toEqual(expected)
    for (const { $ref, value } of expected) {
      expect((await strict.scim.get($ref.slice(strict.base.length))).body.id).toBe(value)
    }
  })

  test('[S-4.1-15, S-4.1-05] a direct membership is changed through the group, an indirect one goes with it', async () => {
    const { id } = created(await strict.scim.post('/Users', user('leaver')))
    const inner = created(await strict.scim.post('/Groups', group('inner', id)))
    const outer = created(await strict.scim.post('/Groups', group('outer', inner.id)))
    expect((await groupsOf(id)).map(({ type }) => type)).toEqual(['direct', 'indirect'])
    await patch(`/Groups/${outer.id}`, { op: 'remove', path: `members[value eq "${id}"]` })
    expect((await groupsOf(id)).length).toBe(2)
    await patch(`/Groups/${inner.id}`, { op: 'remove', path: `members[value eq "${id}"]` })
    expect(await groupsOf(id)).toEqual([])
    await patch(`/Groups/${outer.id}`, { op: 'add', path: 'members', value: { value: id } })
    expect(await groupsOf(id)).toMatchObject([{ value: outer.id, type: 'direct' }])
  })
})

describe('formats that the prose of the RFC names', () => {
  const CERTIFICATE = 'MIIBszCCAVmgAwIBAgIUQ2Vy'
  const choosy = sharedApp(() => {
    const { users } = memoryAdapters()
    return {
      resources: {
        User: {
          adapter: users,
          attributes: {
            'addresses.country': { isValid: (code) => ['DE', 'US'].includes(code.toUpperCase()) },
            'emails.value': { isValid: (mail) => /^[^\s@]+@[^\s@]+$/.test(mail) },
            'phoneNumbers.value': { isValid: (uri) => /^tel:\+?[\d().-]+(;.*)?$/.test(uri) },
            locale: { isValid: (tag) => isTag(tag) },
            timezone: { isValid: (zone) => Intl.supportedValuesOf('timeZone').includes(zone) },
            'x509Certificates.value': { isValid: (text) => isCertificate(text) },
          },
        },
      },
    }
  })
  const isTag = (tag: string): boolean => {
    try {
      return Intl.getCanonicalLocales(tag).length === 1
    } catch {
      return false
    }
  }
  const isCertificate = (text: string): boolean => {
    try {
      return new X509Certificate(Buffer.from(text, 'base64')).raw.length > 0
    } catch {
      return false
    }
  }

  const CASES = [
    ['S-4.1-07', 'addresses', [{ country: 'US' }], [{ country: 'USA' }]],
    ['S-4.1-09', 'emails', [{ value: 'a@example.com' }], [{ value: 'nobody' }]],
    ['S-4.1-09', 'phoneNumbers', [{ value: 'tel:+1-201-555-0123' }], [{ value: 'call me' }]],
    ['S-4.1-09', 'locale', 'en-US', 'english, please'],
    ['S-4.1-09', 'timezone', 'America/Los_Angeles', 'Mars/Olympus'],
  ] as const

  test.each(CASES)('[%s] %s: by option, what is none is 400 invalidValue', async (_id, attribute, good, bad) => {
    const name = `choosy-${Math.random()}`
    expectError(await choosy.scim.post('/Users', user(name, { [attribute]: bad })), 400, 'invalidValue')
    const { id, ...posted } = created(await choosy.scim.post('/Users', user(name, { [attribute]: good })))
    expect(posted[attribute]).toEqual(good)
    expectError(await choosy.scim.put(`/Users/${id}`, user(name, { [attribute]: bad })), 400, 'invalidValue')
    for (const operation of [
      { op: 'replace', path: attribute, value: bad },
      { op: 'add', value: { [attribute]: bad } },
    ]) {
      const answer = await choosy.scim.patch(`/Users/${id}`, { schemas: [PATCH_OP], Operations: [operation] })
      expectError(answer, 400, 'invalidValue')
    }
    expect((await choosy.scim.get(`/Users/${id}`)).body[attribute]).toEqual(good)
  })

  test.each(CASES)('[%s] %s: without it, it is stored as it was sent', async (_id, attribute, good, bad) => {
    for (const value of [good, bad]) {
      const { id } = created(await strict.scim.post('/Users', user(`free-${Math.random()}`, { [attribute]: value })))
      expect((await strict.scim.get(`/Users/${id}`)).body[attribute]).toEqual(value)
    }
  })

  test('[S-4.1-08, S-2.3.6-01] a certificate is base64, and by option a certificate', async () => {
    const certificate = (value: string): object => user(`x509-${Math.random()}`, { x509Certificates: [{ value }] })
    const { x509Certificates } = created(await strict.scim.post('/Users', certificate(CERTIFICATE)))
    expect(x509Certificates).toEqual([{ value: CERTIFICATE }])
    expectError(await strict.scim.post('/Users', certificate('-----BEGIN CERTIFICATE-----')), 400, 'invalidValue')
    expectError(await strict.scim.post('/Users', certificate('***')), 400, 'invalidValue')
    expectError(await choosy.scim.post('/Users', certificate(CERTIFICATE)), 400, 'invalidValue')
  })
})

describe('names that the library does not make up', () => {
  test('formatted, displayName and nickName are what the client says, and nothing else', async () => {
    const name = { formatted: 'Ms. Barbara J Jensen, III', givenName: 'Barbara' }
    const { id, ...rest } = created(await strict.scim.post('/Users', user('names', { name })))
    expect(rest.name).toEqual(name)
    expect(rest).not.toHaveProperty('displayName')
    expect(rest).not.toHaveProperty('nickName')
    await patch(`/Users/${id}`, { op: 'replace', path: 'name.givenName', value: 'Babs' })
    expect((await strict.scim.get(`/Users/${id}`)).body.name).toEqual({ ...name, givenName: 'Babs' })
  })
})
