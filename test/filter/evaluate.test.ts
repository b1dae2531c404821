import { tolerant } from '../../src/compatibility.js'
import { toPredicate, toValuePredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { resolveValueFilter } from '../../src/filter/resolve.js'
import { type ResourceSchema, resourceSchema } from '../../src/schema/define/schema.js'
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE } from '../../src/urn.js'
import { ACME, bind, group, user } from './fixture.js'

const matches = (text: string, resource: object, schema = user) => toPredicate(bind(text, tolerant, schema))(resource)
const acme = (attributes: object) => ({ [ACME]: attributes })

/** Checks which of the filters a resource meets. */
function expectMatches(resource: object, yes: readonly string[], no: readonly string[], schema: ResourceSchema = user) {
  expect(yes.filter((text) => !matches(text, resource, schema))).toEqual([])
  expect(no.filter((text) => matches(text, resource, schema))).toEqual([])
}

describe('strings', () => {
  test('letter case counts where the attribute is caseExact [P-3.4.2.2-22]', () => {
    expectMatches(
      { userName: 'BJensen', externalId: 'Ab' },
      ['userName eq "bjensen"', 'userName sw "BJ"', 'userName co "JENS"', 'userName ew "sEN"', 'externalId eq "Ab"'],
      ['externalId eq "ab"', 'externalId sw "a"', 'userName eq "bjense"', 'userName ne "bjensen"', 'externalId co "B"'],
    )
  })

  test('composed and decomposed letters are the same [P-7.8-01] [P-5-01]', () => {
    for (const [stored, sought] of [
      ['\u00c9va', 'e\u0301va'],
      ['E\u0301va', '\u00e9va'],
      ['\u212a', 'k'],
      ['k', '\u212a'],
      ['H\u0331', '\u1e96'],
    ]) {
      expect(matches(`displayName eq "${sought}"`, { displayName: stored })).toBe(true)
      expect(matches(`displayName ne "${sought}"`, { displayName: stored })).toBe(false)
      expect(matches(`userName eq "${sought}"`, { userName: stored })).toBe(true)
    }
    expect(matches('externalId eq "\u00e9"', { externalId: 'e\u0301' })).toBe(true)
    expect(matches('externalId eq "K"', { externalId: '\u212a' })).toBe(true)
    expect(matches('externalId eq "\u00e9"', { externalId: '\u00c9' })).toBe(false)
  })

  test('a letter is not found without its mark', () => {
    expect(matches('displayName sw "e"', { displayName: 'e\u0301va' })).toBe(false)
    expect(matches('displayName co "e"', { displayName: 'e\u0301va' })).toBe(false)
  })

  test('user names are equal in full and half width [P-5-01]', () => {
    expect(matches('userName eq "jensen"', { userName: '\uff2a\uff45nsen' })).toBe(true)
    expect(matches('displayName eq "jensen"', { displayName: '\uff2a\uff45nsen' })).toBe(false)
  })

  // Decision A-19c.
  test('order is by code point after folding, not by language and not by UTF-16 unit', () => {
    expectMatches(
      { displayName: 'z', externalId: '\u{1f600}' },
      ['displayName lt "\u00e4"', 'displayName gt "Y"', 'displayName ge "Z"', 'externalId gt "\uffff"'],
      ['displayName gt "\u00e4"', 'displayName lt "Z"', 'externalId lt "\uffff"'],
    )
  })

  // Decision A-19a.
  test('the empty string is part of every value, and of no missing one', () => {
    expectMatches({ title: 'x' }, ['title co ""', 'title sw ""', 'title ew ""', 'title gt ""'], ['title eq ""'])
    expectMatches({}, [], ['title co ""', 'title sw ""', 'title ew ""', 'title eq ""', 'title le ""'])
    expectMatches({ title: '' }, ['title eq ""', 'title co ""', 'title ge ""'], ['title pr', 'title eq null'])
  })

  test('characters that mean something elsewhere mean nothing', () => {
    expectMatches({ title: 'a%_.*' }, ['title co "%_"', 'title ew ".*"'], ['title co "_%"', 'title sw "a_"'])
  })

  // Decision A-127.
  test('a lone surrogate is equal to itself only', () => {
    expectMatches({ title: 'a\ud800' }, ['title eq "a\\ud800"'], ['title eq "a\\ud801"', 'title eq "a\ufffd"'])
  })
})

describe('other types', () => {
  // Decision A-127.
  test('numbers compare by value [P-3.4.2.2-08]', () => {
    expectMatches(
      acme({ level: 10, score: -0.5 }),
      ['level gt 9', 'level ge 10', 'level eq 10.0', 'level eq 1e1', 'score lt 0', 'score eq -5E-1', 'level ne 9'],
      ['level lt 9', 'level eq 9', 'level ne 10', 'score ge 0', 'level gt 10'],
    )
    expectMatches(acme({ level: 0 }), ['level eq -0', 'level pr', 'level le 0'], ['level ne 0', 'level eq null'])
  })

  // Decision A-05.
  test('dateTime values compare as instants, whatever their notation [P-3.4.2.2-08]', () => {
    const resource = acme({ hired: '2011-05-13T06:42:34.5+02:00' })
    expectMatches(
      resource,
      [
        'hired eq "2011-05-13T04:42:34.500Z"',
        'hired gt "2011-05-13T04:42:34.4999999Z"',
        'hired le "2011-05-13T04:42:34.5Z"',
      ],
      [
        'hired ne "2011-05-13T04:42:34.500Z"',
        'hired lt "2011-05-13T05:00:00+01:00"',
        'hired gt "2011-05-13T06:42:34Z"',
      ],
    )
  })

  test('booleans and binaries', () => {
    expectMatches({ active: false }, ['active eq false', 'active ne true', 'active pr'], ['active eq true'])
    expectMatches(acme({ blob: 'QUI=' }), ['blob eq "QUI"', 'blob eq "QUI="', 'blob ne "qui"'], ['blob eq "qui="'])
  })

  test('the URI of a resource is equal to the one without a version, its text stays what it is [S-2.4-06]', () => {
    expectMatches(
      { members: [{ $ref: 'https://example.com/v2/Users/1' }] },
      [
        'members.$ref eq "https://example.com/Users/1"',
        'members[$ref eq "https://example.com/v3/Users/1"]',
        'members.$ref sw "https://example.com/v2/"',
        'members.$ref co "/v2/Users/1"',
      ],
      [
        'members.$ref ne "https://example.com/Users/1"',
        'members.$ref eq "https://example.com/v2/Users/2"',
        'members.$ref co "v3"',
      ],
      group,
    )
  })

  test('references are compared as the schema says', () => {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
    expectMatches({ schemas }, ['schemas eq "URN:ietf:params:scim:schemas:core:2.0:User"', 'schemas co ":User"'], [])
    expectMatches(acme({ home: 'https://x/A' }), ['home eq "https://x/A"'], ['home eq "https://x/a"'])
  })
})

describe('no value', () => {
  // Decisions.
  test.each([{}, { title: null }, { title: undefined }, { title: [] }, { title: [null, undefined] }])(
    '%j',
    (resource) => {
      expectMatches(
        resource,
        ['title ne "x"', 'title eq null', 'not (title pr)', 'not (title eq "x")'],
        ['title eq "x"', 'title pr', 'title ne null', 'title gt ""', 'title co "x"'],
      )
    },
  )

  test.each([{}, { name: null }, { name: {} }, { name: { givenName: null } }, { name: 'text' }])('%j', (resource) => {
    expectMatches(
      resource,
      ['name.givenName ne "x"', 'name.givenName eq null'],
      ['name.givenName eq "x"', 'name.givenName pr', 'name.givenName ne null'],
    )
  })

  // Decision A-04.
  test('pr looks for a node that is not empty [P-3.4.2.2-07]', () => {
    for (const name of [null, {}, '', { givenName: '' }, { givenName: null, familyName: [] }]) {
      expect(matches('name pr', { name })).toBe(false)
    }
    expect(matches('name pr', { name: { givenName: 'x' } })).toBe(true)
    for (const emails of [[], [{}], [null], [{ value: '' }], [{ value: null }]]) {
      expect(matches('emails pr', { emails })).toBe(false)
    }
    expect(matches('emails pr', { emails: [{}, { primary: false }] })).toBe(true)
    for (const tags of [[], [''], [null]]) expect(matches('tags pr', acme({ tags }))).toBe(false)
    expect(matches(`${ACME} pr`, acme({ level: 0 }))).toBe(true)
    for (const data of [{}, null, { level: null }, { tags: [] }])
      expect(matches(`${ACME} pr`, { [ACME]: data })).toBe(false)
  })
})

describe('several values', () => {
  const emails = [{ value: 'a@work', type: 'work' }, { value: 'b@home', type: 'home', primary: true }, { value: 'c' }]

  test('one that matches is enough [P-3.4.2.2-18]', () => {
    expectMatches(
      { emails, ...acme({ tags: ['red', 'Blue'], levels: [1, 9] }) },
      ['emails.type eq "home"', 'emails co "@"', 'tags eq "BLUE"', 'levels gt 8', 'levels lt 2', 'tags co "re"'],
      ['emails.type eq "other"', 'tags eq "green"', 'levels eq 5', 'emails.display pr'],
    )
  })

  // Decision A-03.
  test('ne: one that differs is enough; not eq: none is equal', () => {
    expectMatches({ emails }, ['emails.type ne "work"'], ['not (emails.type eq "work")'])
    expectMatches({ emails: [{ type: 'work' }] }, [], ['emails.type ne "work"', 'not (emails.type eq "work")'])
    expectMatches(
      { emails: [{ type: 'work' }, { value: 'x' }] },
      ['emails.type ne "work"', 'emails[type ne "work"]'],
      [],
    )
    expectMatches({ emails: [] }, ['emails.type ne "work"', 'emails.type eq null'], ['emails[type ne "work"]'])
    expectMatches(acme({ tags: ['a', 'b'] }), ['tags ne "a"', 'tags ne "c"'], ['tags eq null'])
    expectMatches(acme({ tags: ['a'] }), ['tags ne null'], ['tags ne "a"'])
  })

  test('brackets ask for one value that meets it all [P-3.4.2.2-12]', () => {
    expectMatches(
      { emails },
      ['emails[type eq "home" and primary eq true]', 'emails[not (type pr)]', 'emails[type eq "x" or value eq "c"]'],
      ['emails[type eq "work" and primary eq true]', 'emails[display pr]', 'emails[type eq "work" and value eq "c"]'],
    )
    expectMatches({}, ['not (emails[type pr])'], ['emails[type pr]', 'emails[not (type pr)]'])
    expectMatches({ emails: [null, {}] }, ['emails[not (type pr)]'], ['emails[type pr]'])
  })

  test('brackets behind simple values and behind a single complex value', () => {
    expectMatches(
      { name: { familyName: 'X' }, ...acme({ tags: ['red', 'blue'], levels: [1, 5] }) },
      [
        'tags[value eq "RED"]',
        'levels[value gt 2 and value lt 6]',
        'tags[not (value sw "r")]',
        'name[familyName eq "x"]',
      ],
      ['tags[value eq "green"]', 'levels[value gt 1 and value lt 5]', 'name[givenName pr]', 'name[familyName eq "y"]'],
    )
  })

  test('several values of a sub-attribute', () => {
    expectMatches(
      acme({ devices: [{ serial: 'S', ports: [1, 2] }, { serial: 'T' }] }),
      ['devices.ports eq 2', 'devices[serial eq "S" and ports gt 1]', 'devices[serial eq "T" and ports ne 1]'],
      ['devices.ports eq 3', 'devices[serial eq "T" and ports pr]'],
    )
  })

  // Decision A-128.
  test('primary that was not given counts as false, except for pr [S-2.4-03]', () => {
    expectMatches(
      { emails: [{ value: 'a' }] },
      [
        'emails.primary eq false',
        'emails.primary ne true',
        'emails[primary eq false]',
        'emails[not (primary eq true)]',
      ],
      ['emails.primary eq true', 'emails.primary ne false', 'emails.primary pr', 'emails[primary pr]'],
    )
    expectMatches({ emails: [{ primary: true }] }, ['emails.primary eq true'], ['emails.primary eq false'])
    expectMatches({ emails: [{ primary: null }] }, ['emails.primary eq false'], ['emails.primary ne false'])
    // Another attribute that has no value is not false.
    expectMatches({}, ['active ne false', 'active ne true'], ['active eq false'])
    expectMatches(acme({}), ['vip ne false'], ['vip eq false'])
    expectMatches({}, ['emails.primary ne true'], ['emails.primary eq false', 'emails[primary eq false]'])
  })
})

test('[S-2.4-03] only primary of several values is assumed to be false', () => {
  const schema = resourceSchema({
    id: 'urn:example:Flags',
    attributes: [
      { name: 'primary', type: 'boolean' },
      { name: 'box', type: 'complex', subAttributes: [{ name: 'primary', type: 'boolean' }] },
      {
        name: 'keys',
        type: 'complex',
        multiValued: true,
        subAttributes: [{ name: 'value' }, { name: 'primary', type: 'boolean' }, { name: 'shared', type: 'boolean' }],
      },
      { name: 'marks', type: 'complex', multiValued: true, subAttributes: [{ name: 'value' }, { name: 'primary' }] },
    ],
  })
  const value = [{ value: 'a' }]
  expectMatches(
    { box: {}, keys: value, marks: value },
    [
      'keys.primary eq false',
      'keys.shared ne false',
      'box.primary ne false',
      'primary ne false',
      'marks.primary ne "a"',
    ],
    [
      'keys.primary ne false',
      'keys.shared eq false',
      'box.primary eq false',
      'primary eq false',
      'marks.primary gt ""',
    ],
    schema,
  )
})

describe('connectives [P-3.4.2.2-10]', () => {
  test.each<[string, boolean]>([
    ['title pr and active eq true', true],
    ['title pr and active eq false', false],
    ['title pr and active eq true and nickName pr', false],
    ['nickName pr or active eq false or title pr', true],
    ['nickName pr or active eq false', false],
    ['not (nickName pr)', true],
    ['not (nickName pr or title pr)', false],
    ['not (nickName pr and title pr)', true],
    ['nickName pr and title pr or active eq true', true],
    ['nickName pr and (title pr or active eq true)', false],
    ['nickName pr and title pr', false],
    ['nickName pr or title pr', true],
    ['title pr or nickName pr', true],
    ['title pr and active eq true and userName eq null', true],
    ['title pr and nickName pr and active eq true', false],
    ['nickName pr or active eq false or userName pr', false],
  ])('%s', (text, expected) => {
    expect(matches(text, { title: 'x', active: true })).toBe(expected)
  })
})

describe('resources as a store has them', () => {
  test('Date objects and numbers for strings', () => {
    const lastModified = new Date('2011-05-13T04:42:34Z')
    expectMatches(
      { id: 42, userName: 7n, meta: { lastModified }, ...acme({ level: 5n }) },
      [
        'id eq "42"',
        'id sw "4"',
        'id pr',
        'userName eq "7"',
        'meta.lastModified eq "2011-05-13T06:42:34+02:00"',
        'level gt 4',
      ],
      ['id eq "43"', 'meta.lastModified gt "2011-05-13T04:42:34Z"', 'level eq 4'],
    )
    expect(matches('meta.lastModified pr', { meta: { lastModified } })).toBe(true)
    expectMatches(
      { meta: { created: new Date(Number.NaN) } },
      ['meta.created ne "2011-05-13T04:42:34Z"'],
      ['meta.created le "2011-05-13T04:42:34Z"'],
    )
  })

  test('a value of another type is equal to nothing', () => {
    const values = { title: { a: 1 }, active: 'true', ...acme({ level: '5', hired: 'yesterday', blob: 5 }) }
    expectMatches(
      values,
      ['title ne "x"', 'active ne true', 'level ne 5', 'hired ne "2011-05-13T04:42:34Z"', 'blob ne "x"'],
      [
        'title co ""',
        'active eq true',
        'active eq false',
        'level ge 5',
        'level le 5',
        'hired le "2011-05-13T04:42:34Z"',
      ],
    )
  })

  test('inherited properties are not seen', () => {
    const inherited = Object.create({ title: 'x', name: { givenName: 'y' } })
    expectMatches(inherited, [], ['title pr', 'title eq "x"', 'name.givenName pr', 'name pr'])
    expectMatches({}, ['constructor ne "x"'], ['constructor pr', 'constructor ne null'])
    expectMatches(acme({}), [], ['constructor pr'])
    expectMatches(acme({ constructor: 'x' }), ['constructor eq "X"'], [])
    expect(matches('title pr', Object.assign(Object.create(null), { title: 'x' }))).toBe(true)
  })

  test('values that come later cannot be filtered, and that is told', () => {
    async function* members() {
      yield { value: '1' }
    }
    expect(() => matches('members.value eq "1"', { members: members() }, group)).toThrow(
      new TypeError('A filter on "members" needs its values, and the adapter gave an AsyncIterable of them.'),
    )
    expect(() => matches('tags eq "1"', acme({ tags: members() }))).toThrow(/AsyncIterable/)
    // Only the values of a multi-valued attribute can be an AsyncIterable.
    expect(matches('name.givenName eq "x"', { name: { givenName: 'x', [Symbol.asyncIterator]: members } })).toBe(true)
    expect(matches('emails.value eq "x"', { emails: { value: 'x' } })).toBe(true)
    expect(matches('tags eq "x"', acme({ tags: 'x' }))).toBe(true)
    expect(matches('displayName pr', { displayName: 'x', members: members() }, group)).toBe(true)
  })
})

describe('the filter of a PATCH path', () => {
  const find = (schema: ResourceSchema, name: string) => {
    const attribute = schema.find({ urn: undefined, name, sub: undefined })
    if (!attribute) throw new Error(`no ${name}`)
    return attribute
  }
  const selects = (schema: ResourceSchema, name: string, text: string) => {
    const attribute = find(schema, name)
    return toValuePredicate(resolveValueFilter(parseFilter(text), schema, attribute), attribute)
  }

  test('chooses among the values of an attribute', () => {
    const isWork = selects(user, 'emails', 'type eq "WORK" and not (primary eq true)')
    expect(isWork({ type: 'work' })).toBe(true)
    expect(isWork({ type: 'work', primary: true })).toBe(false)
    expect(isWork({})).toBe(false)
    expect([null, undefined, 'work', 5].some(isWork)).toBe(false)
    const isRed = selects(user, 'tags', 'value eq "Red"')
    expect([isRed('red'), isRed('green'), isRed(undefined)]).toEqual([true, false, false])
    expect(selects(user, 'devices', 'ports gt 1')({ ports: [1, 2] })).toBe(true)
    expect(selects(user, 'name', 'givenName eq "x"')({ givenName: 'X' })).toBe(true)
  })

  test('compares identifiers of resources letter by letter, other values as the schema says', () => {
    const isMember = selects(group, 'members', 'value eq "aB"')
    expect([isMember({ value: 'aB' }), isMember({ value: 'ab' })]).toEqual([true, false])
    expect(selects(group, 'members', 'type eq "user"')({ type: 'User' })).toBe(true)
    const begins = selects(group, 'members', 'value sw "aB"')
    expect([begins({ value: 'aBc' }), begins({ value: 'abc' })]).toEqual([true, false])
    // In a filter on resources the schema decides: members.value is not caseExact in RFC 7643 section 8.7.1.
    expect(matches('members.value eq "ab"', { members: [{ value: 'aB' }] }, group)).toBe(true)
    expect(selects(user, 'emails', 'value eq "A@b"')({ value: 'a@B' })).toBe(true)
  })

  test('an extension is no obstacle', () => {
    const holder = user.find({ urn: ENTERPRISE, name: 'manager', sub: undefined })
    if (!holder) throw new Error('no manager')
    const filter = resolveValueFilter(parseFilter('value eq "1" and displayName sw "j"'), user, holder)
    expect(toValuePredicate(filter, holder)({ value: '1', displayName: 'John' })).toBe(true)
    expect(
      toPredicate(bind(`${ENTERPRISE}:manager[value eq "1"]`))({ [ENTERPRISE]: { manager: { value: '1' } } }),
    ).toBe(true)
  })
})
