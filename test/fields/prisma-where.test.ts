import { parseFilter } from '../../src/filter/parse.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { Group, User } from '../../src/index.js'
import {
  foldedText,
  type ModelMapping,
  type PrismaProvider,
  prismaOrderBy,
  prismaWhere,
} from '../../src/prisma/index.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeNamed } from '../../src/schema/projection/project.js'

const users = resourceSchema(User, [])
const groups = resourceSchema(Group, [])
const accounts: ModelMapping = {
  attributes: {
    id: { field: 'id', parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined), required: true },
    userName: { field: 'email', folded: 'emailKey' },
    externalId: 'externalId',
    title: 'title',
    active: { field: 'enabled', required: true },
    'meta.created': { field: 'createdAt', required: true },
    emails: { relation: 'addresses', attributes: { value: 'address', type: 'kind', primary: 'main' } },
    members: {
      relation: 'memberships',
      where: { role: 'member' },
      attributes: { value: 'userId', type: { constant: 'User' } },
    },
  },
}
const PRESENT = { NOT: { title: null } }

function whereOf(text: string, provider: PrismaProvider = 'postgresql', schema = users): unknown {
  const { where, rest } = prismaWhere(resolveFilter(parseFilter(text), schema), accounts, provider)
  return rest ? { where, rest: true } : where
}

describe('prismaWhere', () => {
  test.each([
    ['userName eq "BJensen"', { emailKey: { equals: 'bjensen' } }],
    ['title eq "50%_"', { title: { equals: '50\\%\\_', mode: 'insensitive' } }],
    ['title co "\\\\"', { title: { contains: '\\\\', mode: 'insensitive' } }],
    ['externalId eq "A_b"', { externalId: { equals: 'A_b' } }],
    ['externalId sw "A_b"', { externalId: { startsWith: 'A\\_b' } }],
    ['title eq null', { title: null }],
    ['title ne null', { NOT: { title: null } }],
    ['title ne "x"', { NOT: { AND: [PRESENT, { title: { equals: 'x', mode: 'insensitive' } }] } }],
    ['not (title eq "x")', { NOT: { AND: [PRESENT, { title: { equals: 'x', mode: 'insensitive' } }] } }],
    ['not (active eq true)', { NOT: { enabled: { equals: true } } }],
    ['active eq null', { OR: [] }],
    ['id eq "12"', { id: { equals: 12 } }],
    ['id eq "x"', { OR: [] }],
    ['emails[primary eq false]', { addresses: { some: { OR: [{ main: null }, { main: { equals: false } }] } } }],
  ])('%s', (text, where) => {
    expect(whereOf(text)).toEqual(where)
  })

  test('members are records that count, of one type', () => {
    const some = {
      memberships: { some: { AND: [{ role: 'member' }, { userId: { equals: 'u1', mode: 'insensitive' } }] } },
    }
    expect(whereOf('members[value eq "u1" and type eq "User"]', 'postgresql', groups)).toEqual(some)
    expect(whereOf('members pr', 'postgresql', groups)).toEqual({ memberships: { some: { role: 'member' } } })
  })

  test.each([
    ['title eq "A_b"', { title: { startsWith: 'a_b', endsWith: 'a_b' } }],
    ['userName co "a_b"', { emailKey: { contains: 'a_b' } }],
    ['externalId co "a"', { externalId: { contains: 'a' } }],
  ])('on SQLite %s finds more, and the router does the rest', (text, where) => {
    expect(whereOf(text, 'sqlite')).toEqual({ where, rest: true })
  })

  test.each([
    'title eq "Jörg"',
    'title gt "a"',
    'userName gt "a"',
    'nickName eq "a"',
    'not (title eq "x" or nickName pr)',
  ])('%s is left to the router', (text) => {
    expect(whereOf(text)).toEqual({ where: {}, rest: true })
  })

  test('what can be negated in part is not negated', () => {
    expect(whereOf('not (title co "a_b")', 'sqlite')).toEqual({ where: {}, rest: true })
  })
})

describe('prismaOrderBy', () => {
  const orderOf = (path: string, provider: PrismaProvider) =>
    prismaOrderBy({ attribute: attributeNamed(users, path) as Attribute, order: 'descending' }, accounts, provider)

  test('has a place for what has no value, and for each record', () => {
    expect(orderOf('meta.created', 'postgresql')).toEqual([{ createdAt: 'desc' }, { id: 'asc' }])
    expect(orderOf('externalId', 'sqlite')).toEqual([{ externalId: { sort: 'desc', nulls: 'first' } }, { id: 'asc' }])
    expect(prismaOrderBy(undefined, accounts)).toEqual([{ id: 'asc' }])
  })

  test.each(['externalId', 'userName', 'title', 'emails.value', 'nickName'])('leaves %s to the router', (path) => {
    expect(orderOf(path, 'postgresql')).toBeUndefined()
  })
})

describe('foldedText', () => {
  test('gives the form that filters compare by', () => {
    expect(foldedText(User, 'userName')('BJENSEN@EXAMPLE.COM')).toBe('bjensen@example.com')
    expect(foldedText(User, 'name.familyName')('STRA\u00dfE \u03a3')).toBe('stra\u00dfe \u03c3')
    expect(foldedText(User, 'title')(null)).toBeNull()
  })

  test.each(['nothing', 'active'])('says that "%s" is no text', (path) => {
    expect(() => foldedText(User, path)).toThrow(`has no attribute "${path}" of type string`)
  })

  test('suggests the nearest text attribute', () => {
    expect(() => foldedText(User, 'usrName')).toThrow('Did you mean "userName"?')
  })
})
