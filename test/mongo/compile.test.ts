import { Query } from 'mingo'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { EnterpriseUser, Group, User } from '../../src/index.js'
import { type DocumentMapping, mongoFilter, mongoSort } from '../../src/mongo/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeNamed } from '../../src/schema/projection/project.js'

const users = resourceSchema(User, [{ schema: EnterpriseUser, required: false }])
const groups = resourceSchema(Group, [])
const accounts: DocumentMapping = {
  attributes: {
    id: { field: '_id', parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined), required: true },
    userName: { field: 'email', folded: 'emailKey' },
    title: 'title',
    active: { field: 'enabled', required: true },
    'name.givenName': 'first',
    externalId: 'externalId',
    emails: 'emails',
    'meta.created': { field: 'createdAt', required: true },
    'meta.resourceType': { constant: 'User' },
  },
}

function queryOf(text: string, mapping = accounts, schema = users): unknown {
  const { query, rest } = mongoFilter(resolveFilter(parseFilter(text), schema), mapping)
  return rest ? { query, rest: true } : query
}

describe('mongoFilter', () => {
  const END = '(?![\\s\\S])'

  test.each([
    ['userName eq "BJensen"', { emailKey: { $eq: 'bjensen' } }],
    ['userName sw "B.J"', { emailKey: { $regex: '^b\\.j' } }],
    ['userName gt "B"', { emailKey: { $gt: 'b' } }],
    ['title eq "A$b"', { title: { $regex: `^a\\$b${END}`, $options: 'i' } }],
    ['title eq null', { title: null }],
    ['title pr', { title: { $nin: [null, ''] } }],
    ['active ne true', { enabled: { $nin: [true, null] } }],
    ['externalId ne "A"', { externalId: { $nin: ['A'] } }],
    ['not (active eq true)', { $nor: [{ enabled: { $eq: true } }] }],
    ['id eq "12"', { _id: { $eq: 12 } }],
    ['id eq "x"', { $nor: [{}] }],
    ['meta.created gt "2020-01-01T01:00:00+01:00"', { createdAt: { $gt: new Date('2020-01-01T00:00:00Z') } }],
    ['meta.resourceType eq "User"', {}],
    ['emails[primary eq true]', { emails: { $elemMatch: { primary: { $eq: true } } } }],
    ['emails[primary eq false]', { emails: { $elemMatch: { primary: { $in: [false, null] } } } }],
  ])('%s', (text, query) => {
    expect(queryOf(text)).toEqual(query)
  })

  test.each([
    ['title eq "Jörg"', {}],
    ['title gt "a"', {}],
    ['nickName eq "a"', {}],
    ['userName eq "a\\u0000b"', {}],
    ['members.$ref eq "x"', {}],
    ['active eq true and nickName co "x"', { enabled: { $eq: true } }],
    ['(title eq "x" and nickName eq "y") or active eq false', 'narrows'],
    ['not (title eq "x" and nickName eq "y")', {}],
  ])('%s is left to the router, which gets no match less', (text, query) => {
    const schema = text.startsWith('members') ? groups : users
    const said = queryOf(text, { attributes: { ...accounts.attributes, members: 'members' } }, schema)
    expect(said).toEqual({ query: query === 'narrows' ? { $or: expect.any(Array) } : query, rest: true })
  })

  test('an array of identifiers has a value for each, and its type is always the same', () => {
    const teams: DocumentMapping = {
      attributes: {
        members: {
          array: 'memberIds',
          attributes: { value: { field: '', parse: (text) => Number(text) }, type: { constant: 'User' } },
        },
      },
    }
    const ask = (text: string) => queryOf(text, teams, groups)
    expect(ask('members.value eq "7"')).toEqual({ memberIds: { $elemMatch: { $eq: 7 } } })
    expect(ask('members[value eq "7" and type eq "User"]')).toEqual({ memberIds: { $elemMatch: { $eq: 7 } } })
    expect(ask('members[value eq "7" and type eq "Group"]')).toEqual({ $nor: [{}] })
    expect(ask('members pr')).toEqual({ memberIds: { $elemMatch: { $ne: null } } })
  })

  test('a line feed at the end of a value is part of it', () => {
    const query = new Query(queryOf('title eq "a"') as never)
    expect([query.test({ title: 'A' }), query.test({ title: 'a\n' })]).toEqual([true, false])
  })

  test('nothing that a client sends becomes an operator or a pattern', () => {
    const query = new Query(queryOf('title co ".*" and userName ne "$where"') as never)
    expect([query.test({ emailKey: 'a', title: 'x.*y' }), query.test({ emailKey: 'a', title: 'xy' })]).toEqual([
      true,
      false,
    ])
  })
})

describe('mongoSort', () => {
  const sortOf = (path: string) =>
    mongoSort({ attribute: attributeNamed(users, path) as Attribute, order: 'descending' }, accounts)

  test('says the order of a field that every document has', () => {
    expect(sortOf('userName')).toEqual({ emailKey: -1, _id: 1 })
    expect(sortOf('meta.created')).toEqual({ createdAt: -1, _id: 1 })
    expect(mongoSort(undefined, accounts)).toEqual({ _id: 1 })
  })

  test.each(['title', 'externalId', 'emails.value', 'nickName', 'id'])('leaves %s to the router', (path) => {
    expect(sortOf(path)).toBeUndefined()
  })
})
