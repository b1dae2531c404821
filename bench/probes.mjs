// Single requests that ask for as much work as the default limits let them: each by its name, with the store that it
// needs. The measurement leaves out the resources that a probe makes first.
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

let count = 0
const name = () => {
  count += 1
  return `probe-${count}-${Math.random()}`
}
// Tests run the same probes with a part of each large number.
let part = 1
export const reduceProbes = (to) => {
  part = to
}
const much = (count) => (count < 1_000 ? count : Math.ceil(count * part))
const list = (length, one) => Array.from({ length: much(length) }, (_, n) => one(n))
const text = (piece, count) => piece.repeat(much(count))
const person = (rest) => ({ schemas: [USER], userName: name(), ...rest })
const patch = (...Operations) => ({ schemas: [PATCH], Operations })
const bulk = (...Operations) => ({ schemas: [BULK], Operations })
const object = (length, key) => Object.fromEntries(list(length, (n) => [key(n), 1]))
const post = (body) => ({ method: 'POST', path: '/Users', body })
const search = (path, rest) => ({ method: 'POST', path: `${path}/.search`, body: { schemas: [SEARCH], ...rest } })
const filter = (text) => ({ method: 'GET', path: `/Users?filter=${encodeURIComponent(text)}` })
const any = (length, condition) => list(length, () => condition).join(' or ')
const raw = (path, text) => ({ method: 'POST', path, body: text })

const emails = (length, tag = '') => list(length, (n) => ({ value: `${tag}${n}@x.test`, type: `t${n % 3}` }))
const withEmails = async ({ create }) => (await create('/Users', person({ emails: emails(18_000) }))).id
const onEmails = (operations) => ({
  store: 'empty',
  before: withEmails,
  request: (id) => ({ method: 'PATCH', path: `/Users/${id}`, body: patch(...operations()) }),
})
const parse = (request) => ({ store: 'empty', request })
const watched = ({ store, ...probe }) => ({ ...probe, store: 'watched' })
const onDocuments = (operations) => ({ ...onEmails(operations), store: 'documents' })

export const PROBES = {
  // Bodies.
  'object of 90,000 unknown names': parse(() => post(person(object(90_000, (n) => `k${n}`)))),
  'array of 500,000 numbers': parse(() =>
    raw('/Users', `{"schemas":["${USER}"],"userName":"x","emails":[${text('1,', 499_999)}1]}`),
  ),
  'array of 95,000 numbers': parse(() => post(person({ emails: list(95_000, () => 1) }))),
  'array of 95,000 empty objects': parse(() => post(person({ emails: list(95_000, () => ({})) }))),
  'arrays 500,000 deep': parse(() => raw('/Users', text('[', 500_000))),
  'text of JSON 400,000 deep': parse(() => post(person({ name: `{"a":${text('[', 400_000)}` }))),
  'text of JSON, 400,000 numbers': parse(() => post(person({ emails: `[${text('1,', 400_000)}1]` }))),
  'texts of JSON, 100 of 4,000 numbers': parse(() =>
    post(person({ emails: list(100, () => `[${text('1,', 4_000)}1]`) })),
  ),
  'userName of full width letters': parse(() => post(person({ userName: `${text('Ａ', 330_000)}${name()}` }))),
  'array of 95,000 numbers beside a dotted key': parse(() =>
    post(person({ emails: list(95_000, () => 1), 'emails[type eq "x"].display': 'x' })),
  ),
  'addresses without value, 20,000': parse(() =>
    post(person({ addresses: list(19_000, (n) => ({ locality: `l${n}` })) })),
  ),
  'emails, 18,000, all primary': parse(() =>
    post(person({ emails: emails(18_000).map((one) => ({ ...one, primary: true })) })),
  ),
  // Filters.
  'text of a megabyte, 290 conditions': {
    store: 'empty',
    before: ({ create }) => create('/Users', person({ displayName: text('ab', 500_000) })),
    request: () => filter(any(290, 'displayName co "x"')),
  },
  'list of 40,000, 250 conditions': {
    store: 'empty',
    before: ({ create }) => create('/Users', person({ phoneNumbers: list(40_000, (n) => ({ value: `${n}` })) })),
    request: () => filter(any(200, 'phoneNumbers.value co "x"')),
  },
  'list of 40,000, 200 conditions in brackets': {
    store: 'empty',
    before: ({ create }) => create('/Users', person({ phoneNumbers: list(40_000, (n) => ({ value: `${n}` })) })),
    request: () => filter(`phoneNumbers[${any(200, 'value co "x"')}]`),
  },
  'root: list of 40,000, 200 conditions': {
    store: 'empty',
    before: ({ create }) => create('/Users', person({ phoneNumbers: list(40_000, (n) => ({ value: `${n}` })) })),
    request: () => search('', { filter: any(200, 'phoneNumbers.value co "x"') }),
  },
  'filter 50 deep': parse(() => filter(`${'('.repeat(49)}userName eq "x"${')'.repeat(49)}`)),
  'filter of one value of 8,000 characters': {
    store: 'empty',
    before: ({ create }) => create('/Users', person({ displayName: text('a', 900_000) })),
    request: () => filter(`displayName co "${text('a', 7_900)}b"`),
  },
  // Lists of attributes.
  'attributes: a text of a megabyte of commas': parse(() => search('/Users', { attributes: text(',', 1_000_000) })),
  'attributes: a text of one name 250,000 times': parse(() => search('/Users', { attributes: text('id,', 250_000) })),
  'attributes: 90,000 names': parse(() => search('/Users', { attributes: list(90_000, (n) => `a${n}`) })),
  'excludedAttributes: 90,000 names': parse(() => search('', { excludedAttributes: list(90_000, (n) => `a${n % 9}`) })),
  // PATCH.
  '90 operations with filters over 18,000': onEmails(() =>
    list(90, (n) => ({ op: 'replace', path: `emails[type eq "t1"].display`, value: `d${n}` })),
  ),
  '20 operations with filters over 18,000': onEmails(() =>
    list(20, (n) => ({ op: 'replace', path: `emails[type eq "t1"].display`, value: `d${n}` })),
  ),
  '1,000 operations with filters over 18,000': onEmails(() =>
    list(1_000, (n) => ({ op: 'replace', path: `emails[type eq "t1"].display`, value: `d${n}` })),
  ),
  '1,000 operations that add one each to 18,000': onEmails(() =>
    list(1_000, (n) => ({ op: 'add', path: 'emails', value: [{ value: `n${n}` }] })),
  ),
  'add 18,000 to 18,000': onEmails(() => [{ op: 'add', path: 'emails', value: emails(18_000, 'n') }]),
  'value without path of 18,000 to 18,000': onEmails(() => [{ op: 'add', value: { emails: emails(18_000, 'n') } }]),
  'replace 18,000 by 18,000': onEmails(() => [{ op: 'replace', path: 'emails', value: emails(18_000, 'n') }]),
  'replace 18,000 by 18,000 with letters beyond ASCII': {
    ...onEmails(() => [{ op: 'replace', path: 'emails', value: emails(18_000, 'ÄÖ') }]),
    before: async ({ create }) => (await create('/Users', person({ emails: emails(18_000, 'ÄÖ') }))).id,
  },
  'replace 18,000 by the same in another order': onEmails(() => [
    { op: 'replace', path: 'emails', value: emails(18_000).reverse() },
  ]),
  'add 18,000 of one value and other types': onEmails(() => [
    { op: 'add', path: 'emails', value: list(18_000, (n) => ({ value: '0@x.test', type: `u${n}` })) },
  ]),
  '4 changes of what tells values apart, with adds between': onEmails(() =>
    list(4, (n) => [
      { op: 'replace', path: 'emails[type ew "1"].type', value: `${n}1` },
      { op: 'add', path: 'emails', value: list(3, (m) => ({ value: `${n}-${m}@y.test` })) },
    ]).flat(),
  ),
  'PUT of 18,000 over 18,000': {
    store: 'empty',
    before: withEmails,
    request: (id) => ({ method: 'PUT', path: `/Users/${id}`, body: person({ emails: emails(18_000, 'n') }) }),
  },
  '3 removes that list 15,000 each': onEmails(() =>
    list(3, () => ({ op: 'remove', path: 'emails', value: emails(9_000) })),
  ),
  '1,000 operations without path, 50 keys each': onEmails(() =>
    list(1_000, (n) => ({ op: 'replace', value: object(50, (k) => `name.x${n}.${k}`) })),
  ),
  'value without path of 80,000 unknown keys': onEmails(() => [
    { op: 'replace', value: object(80_000, (n) => `k${n}`) },
  ]),
  'value without path of 10,000 paths with filters': onEmails(() => [
    { op: 'replace', value: Object.fromEntries(list(10_000, (n) => [`emails[type eq "a${n}"].display`, 'x'])) },
  ]),
  '1,000 filters of 80 conditions': onEmails(() =>
    list(1_000, () => ({ op: 'remove', path: `emails[${any(30, 'type eq "x"')}]` })),
  ),
  '1,000 values that are created': onEmails(() =>
    list(1_000, (n) => ({ op: 'replace', path: `emails[type eq "n${n}"].value`, value: `${n}@x.test` })),
  ),
  // Bulk.
  'bulk path of a megabyte of quotes': parse(() => ({
    method: 'POST',
    path: '/Bulk',
    body: bulk({
      method: 'PATCH',
      path: '/Users/x',
      data: { Operations: [{ op: 'remove', path: text('"bulkId:\\', 100_000) }] },
    }),
  })),
  'bulk of 1,000 users': parse(() => ({
    method: 'POST',
    path: '/Bulk',
    body: bulk(...list(1_000, (n) => ({ method: 'POST', path: '/Users', bulkId: `${n}`, data: person() }))),
  })),
  'bulk with 95,000 unknown names in one operation': parse(() => ({
    method: 'POST',
    path: '/Bulk',
    body: bulk({ method: 'POST', path: '/Users', bulkId: 'a', data: person(object(95_000, (n) => `k${n}`)) }),
  })),
  'bulk of 1,000 groups that require each other': parse(() => ({
    method: 'POST',
    path: '/Bulk',
    body: bulk(
      ...list(1_000, (n) => ({
        method: 'POST',
        path: '/Groups',
        bulkId: `g${n}`,
        data: {
          schemas: [GROUP],
          displayName: n < much(1_000) - 1 ? `bulkId:g${n + 1}` : name(),
          ...(n === much(1_000) - 1 && { members: [{ value: 'bulkId:g0' }] }),
        },
      })),
    ),
  })),
  'bulk: 200 groups that hold each other': parse(() => ({
    method: 'POST',
    path: '/Bulk',
    body: bulk(
      ...list(200, (n) => ({
        method: 'POST',
        path: '/Groups',
        bulkId: `d${n}`,
        // All resources but the group itself.
        data: {
          schemas: [GROUP],
          displayName: name(),
          members: list(199, (m) => ({ value: `bulkId:d${m < n ? m : m + 1}` })),
        },
      })),
    ),
  })),
  // With the log, recordings and events.
  'watched: object of 90,000 unknown names': watched(parse(() => post(person(object(90_000, (n) => `k${n}`))))),
  'watched: object of 60,000 dotted names': watched(parse(() => post(person(object(60_000, (n) => `name.k${n}`))))),
  'watched: array of 95,000 numbers': watched(parse(() => post(person({ emails: list(95_000, () => 1) })))),
  'watched: text of JSON, 400,000 numbers': watched(parse(() => post(person({ emails: `[${text('1,', 400_000)}1]` })))),
  'watched: text that looks like JSON, of a megabyte': watched(
    parse(() => post(person({ displayName: `{"a":"${text('\\\\', 240_000)}` }))),
  ),
  'watched: password of 90,000 texts': watched(
    parse(() => post(person({ password: list(90_000, (n) => `pw-${n}`), emails: emails(20) }))),
  ),
  'watched: 20 passwords of 50,000 characters': watched(
    parse(() => post(person({ password: list(20, (n) => text('ab', 25_000) + n), displayName: text('ab', 100) }))),
  ),
  'watched: broken text of a megabyte': watched(parse(() => raw('/Users', `{"userName":"${text('\\"', 500_000)}`))),
  'watched: broken list of 90,000 texts': watched(
    parse(() => raw('/Users', `{"userName":"x","emails":[${text('"abcdef",', 90_000)}`)),
  ),
  'watched: filter of 250 conditions': watched(parse(() => search('/Users', { filter: any(250, 'userName co "x"') }))),
  'watched: attributes: a text of one name 250,000 times': watched(
    parse(() => search('/Users', { attributes: text('id,', 250_000) })),
  ),
  'watched: 1,000 operations with unknown paths': watched(
    onEmails(() => list(1_000, (n) => ({ op: 'replace', path: `x${n}`, value: object(80, (k) => `k${k}`) }))),
  ),
  'watched: 3 operations without path, 30,000 names each': watched(
    onEmails(() => list(3, () => ({ op: 'replace', value: object(30_000, (n) => `k${n}`) }))),
  ),
  'watched: replace 18,000 by 18,000': watched(
    onEmails(() => [{ op: 'replace', path: 'emails', value: emails(18_000, 'n') }]),
  ),
  'watched: PUT of 18,000 over 18,000': watched({
    before: withEmails,
    request: (id) => ({ method: 'PUT', path: `/Users/${id}`, body: person({ emails: emails(18_000, 'n') }) }),
  }),
  'watched: a group of 9,000 members that come': watched({
    before: async ({ create }) => {
      const group = await create('/Groups', { schemas: [GROUP], displayName: name() })
      const users = []
      for (let from = 0; from < much(9_000); from += 1_000) {
        const some = Array.from({ length: Math.min(1_000, much(9_000) - from) }, (_, n) => ({
          method: 'POST',
          path: '/Users',
          bulkId: `${n}`,
          data: person(),
        }))
        const { Operations } = await create('/Bulk', bulk(...some))
        users.push(...Operations.map(({ location }) => location.split('/').at(-1)))
      }
      return { group: group.id, users }
    },
    request: ({ group, users }) => ({
      method: 'PATCH',
      path: `/Groups/${group}`,
      body: patch({ op: 'add', path: 'members', value: users.map((value) => ({ value })) }),
    }),
  }),
  'watched: bulk of 1,000 users': watched(
    parse(() => ({
      method: 'POST',
      path: '/Bulk',
      body: bulk(...list(1_000, (n) => ({ method: 'POST', path: '/Users', bulkId: `${n}`, data: person() }))),
    })),
  ),
  // A store that gives its documents away, with the log, recordings and events.
  'documents: PATCH of active beside three lists of 18,000': {
    store: 'documents',
    before: async ({ create, patch: change }) => {
      const { id } = await create('/Users', person({ emails: emails(18_000) }))
      for (const path of ['phoneNumbers', 'ims']) {
        await change(`/Users/${id}`, patch({ op: 'add', path, value: emails(18_000) }))
      }
      return id
    },
    request: (id) => ({
      method: 'PATCH',
      path: `/Users/${id}?attributes=userName`,
      body: patch({ op: 'replace', path: 'active', value: false }),
    }),
  },
  'documents: one of 18,000 is replaced': onDocuments(() => [
    { op: 'replace', path: 'emails[value eq "7@x.test"].value', value: 'new@x.test' },
  ]),
  'documents: replace 18,000 by 18,000': onDocuments(() => [
    { op: 'replace', path: 'emails', value: emails(18_000, 'n') },
  ]),
  'documents: PUT of 18,000 over 18,000': {
    store: 'documents',
    before: withEmails,
    request: (id) => ({ method: 'PUT', path: `/Users/${id}`, body: person({ emails: emails(18_000, 'n') }) }),
  },
  // Large stores.
  ...Object.fromEntries(
    ['people', 'candidates'].flatMap((store) => [
      [`${store}: sorted`, { store, request: () => ({ method: 'GET', path: '/Users?sortBy=displayName' }) }],
      [
        `${store}: sorted, from 90,000`,
        { store, request: () => ({ method: 'GET', path: `/Users?sortBy=displayName&startIndex=${much(90_000)}` }) },
      ],
      [
        `${store}: root sorted, from 90,000`,
        { store, request: () => search('', { sortBy: 'displayName', startIndex: much(90_000), count: 200 }) },
      ],
      [`${store}: filter`, { store, request: () => filter('title eq "t3"') }],
      [`${store}: 300 conditions`, { store, request: () => filter(any(250, 'displayName co "x"')) }],
    ]),
  ),
  'group of 100,000: read': {
    store: 'group',
    request: (_, { groupIds }) => ({ method: 'GET', path: `/Groups/${groupIds[0]}` }),
  },
  'group of 100,000: add 18,000': {
    store: 'group',
    request: (_, { groupIds }) => ({
      method: 'PATCH',
      path: `/Groups/${groupIds[1]}`,
      body: patch({ op: 'add', path: 'members', value: list(18_000, (n) => ({ value: `none${n}` })) }),
    }),
  },
  'group of 100,000: PUT with 10 members': {
    store: 'group',
    request: (_, { groupIds, ids }, n) => ({
      method: 'PUT',
      path: `/Groups/${groupIds[n % 4]}`,
      body: { schemas: [GROUP], displayName: name(), members: ids.slice(0, 10).map((value) => ({ value })) },
    }),
  },
  'group of 100,000: PUT with 20,000 others': {
    store: 'group',
    request: (_, { groupIds, ids }, n) => ({
      method: 'PUT',
      path: `/Groups/${groupIds[4 + (n % 4)]}`,
      body: {
        schemas: [GROUP],
        displayName: name(),
        members: list(20_000, (m) => ({ value: ids[ids.length - 1 - m] })),
      },
    }),
  },
  'group of 100,000: replace by 18,000': {
    store: 'group',
    request: (_, { groupIds, ids }, n) => ({
      method: 'PATCH',
      path: `/Groups/${groupIds[8 + (n % 4)]}`,
      body: patch({ op: 'replace', path: 'members', value: list(18_000, (m) => ({ value: ids[m] })) }),
    }),
  },
  'group of 100,000: remove 18,000': {
    store: 'group',
    request: (_, { groupIds, ids }, n) => ({
      method: 'PATCH',
      path: `/Groups/${groupIds[12 + (n % 2)]}`,
      body: patch({ op: 'remove', path: 'members', value: list(18_000, (m) => ({ value: ids[m] })) }),
    }),
  },
  'group of 100,000: add 18,000 that exist': {
    store: 'group',
    request: (_, { groupIds, ids }, n) => ({
      method: 'PATCH',
      path: `/Groups/${groupIds[12 + (n % 2)]}`,
      body: patch({ op: 'add', path: 'members', value: list(18_000, (m) => ({ value: ids[m] })) }),
    }),
  },
  'group of 100,000: DELETE': {
    store: 'group',
    request: (_, { groupIds }, n) => ({ method: 'DELETE', path: `/Groups/${groupIds[14 + (n % 2)]}` }),
  },
  'group of 100,000: filter on a member': {
    store: 'group',
    request: () => ({ method: 'GET', path: `/Groups?filter=${encodeURIComponent('members.display co "x"')}` }),
  },
}
