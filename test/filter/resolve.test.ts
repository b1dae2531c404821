import { strict, type ToleranceName, tolerant } from '../../src/compatibility.js'
import type { Filter } from '../../src/filter/ast.js'
import { parseFilter, parseFilterToBind } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import { resolveFilter, resolveValueFilter } from '../../src/filter/resolve.js'
import { visitFilter } from '../../src/filter/visit.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../../src/urn.js'
import { ACME, bind, group, refusal, user } from './fixture.js'

/** The filter as it is understood. */
const read = (text: string, tolerate = strict) => printFilter(bind(text, tolerate))
const refused = (text: string, tolerate = strict) => refusal(() => bind(text, tolerate))

describe('names', () => {
  test.each([
    ['USERNAME pr', 'userName pr'],
    ['NAME.familyname pr', 'name.familyName pr'],
    [`${USER_SCHEMA}:userName pr`, 'userName pr'],
    [`${USER_SCHEMA.toUpperCase()}:Name.GivenName pr`, 'name.givenName pr'],
    [`${ENTERPRISE}:MANAGER.Value pr`, `${ENTERPRISE}:manager.value pr`],
    [`${ACME.toUpperCase()}:badge pr`, `${ACME}:badge pr`],
    [`EMAILS[TYPE pr and Value pr]`, 'emails[type pr and value pr]'],
    ['members.$REF pr', 'members.$ref pr'],
  ])('%s [P-3.10-01] [P-3.10-02]', (text, understood) => {
    const schema = text.startsWith('members') ? group : user
    expect(printFilter(bind(text, strict, schema))).toBe(understood)
  })

  test('an attribute of one extension may go without its URN [P-3.10-03]', () => {
    expect(read('employeeNumber pr')).toBe(`${ENTERPRISE}:employeeNumber pr`)
    expect(read('devices[serial pr]')).toBe(`${ACME}:devices[serial pr]`)
  })

  test('a node is bound to the attribute of the schema, and frozen', () => {
    const filter = bind('emails[type eq "work"]')
    const emails = user.find({ urn: undefined, name: 'emails', sub: undefined })
    expect(filter).toMatchObject({ kind: 'valuePath' })
    expect('attribute' in filter && filter.attribute).toBe(emails)
    expect('filter' in filter && Object.isFrozen(filter.filter) && Object.isFrozen(filter)).toBe(true)
  })

  test('every node is frozen', () => {
    const text = 'not (title pr) and (userName eq "a" or emails[type pr and value eq "b"])'
    const frozen = (filter: Filter | boolean) => {
      if (typeof filter === 'boolean') throw new Error('folded')
      const kinds: string[] = []
      visitFilter(filter, (node) => {
        kinds.push(node.kind)
        expect(Object.isFrozen(node)).toBe(true)
        if ('filters' in node) expect(Object.isFrozen(node.filters)).toBe(true)
      })
      return kinds
    }
    expect(frozen(bind(text))).toEqual([
      'and',
      'not',
      'present',
      'or',
      'compare',
      'valuePath',
      'and',
      'present',
      'compare',
    ])
    expect(frozen(resolveFilter(parseFilter('emails[foo ne "x"]'), user, { unknown: 'unassigned' }))).toEqual([
      'present',
    ])
  })

  // Decision A-19d.
  test('the URN of an extension alone says that there is data of it', () => {
    expect(read(`${ENTERPRISE} pr`)).toBe(`${ENTERPRISE} pr`)
    expect(read(`${ACME} pr`)).toBe(`${ACME} pr`)
    expect(refused(`${ENTERPRISE} eq "x"`)).toContain('compare one of its sub-attributes')
    expect(refused(`${ENTERPRISE}[department pr]`)).toContain('has no values')
    expect(refused(`${USER_SCHEMA} pr`)).toContain('There is no attribute')
  })

  test('a complex attribute is compared by its value, if it has one [P-3.4.2.2-19]', () => {
    expect(read('emails co "x"')).toBe('emails.value co "x"')
    expect(read(`${ENTERPRISE}:manager eq "1"`)).toBe(`${ENTERPRISE}:manager.value eq "1"`)
    expect(read('emails pr')).toBe('emails pr')
    expect(refused('name eq "x"')).toBe(
      'invalidFilter: Attribute "name" is complex: compare one of its sub-attributes.',
    )
    expect(refused('addresses co "x"')).toContain('"addresses" is complex')
  })

  test('the values of a simple multi-valued attribute are named value in brackets', () => {
    expect(read('tags[VALUE eq "x"]')).toBe(`${ACME}:tags[value eq "x"]`)
    expect(read('schemas[value eq "x" or value sw "y"]')).toBe('schemas[value eq "x" or value sw "y"]')
    expect(read('tags.value eq "x"')).toBe(`${ACME}:tags eq "x"`)
    expect(refused('tags[type eq "x"]')).toContain('no sub-attribute "type"')
    expect(refused('userName[value eq "x"]')).toContain('has no values that brackets could choose from')
    expect(refused('userName.value eq "x"')).toContain('There is no attribute "userName.value"')
  })

  // Decision A-126.
  test('a value path may stand behind a singular complex attribute', () => {
    expect(read('name[familyName eq "x"]')).toBe('name[familyName eq "x"]')
  })

  test.each([
    'fooBar pr',
    'name.fooBar pr',
    'userName.x pr',
    'urn:example:nothing:title pr',
    `${ENTERPRISE}:userName pr`,
    `${ENTERPRISE}:1abc pr`,
    'constructor.name pr',
    'toString pr',
    'hasOwnProperty eq "x"',
    'emails.constructor pr',
  ])('no attribute: %s [P-3.4.2.2-17]', (text) => {
    expect(refused(text)).toMatch(/^invalidFilter: There is no attribute/)
    expect(refused(text, tolerant)).toMatch(/^invalidFilter: There is no attribute/)
  })

  test.each([
    'userName eq "x"',
    'emails.type eq "x"',
    'fooBar pr',
    `${USER_SCHEMA}:type pr`,
    'emails pr',
    'type.value pr',
  ])('brackets hold sub-attributes only: emails[%s] [P-3.4.2.2-13]', (inner) => {
    expect(refused(`emails[${inner}]`)).toMatch(/^invalidFilter: "emails" has no sub-attribute/)
  })

  test('a schema may have an attribute of any name', () => {
    expect(read('constructor eq "x"')).toBe(`${ACME}:constructor eq "x"`)
  })

  test('long names are cut in the detail', () => {
    expect(refused(`${'x'.repeat(9000)} pr`).length).toBeLessThan(200)
  })
})

test('the filter of a value path, with its own tolerances', () => {
  const emails = user.root.subAttribute('emails') as Attribute
  const read = (text: string, tolerate?: typeof strict) =>
    printFilter(resolveValueFilter(parseFilter(text), user, emails, tolerate))
  expect(read('TYPE pr')).toBe('emails.type pr')
  expect(() => read('primary eq "true"')).toThrow('is of type boolean')
  expect(read('primary eq "true"', tolerant)).toBe('emails.primary eq true')
  expect(() => read('userName pr', tolerant)).toThrow('"emails" has no sub-attribute "userName"')
})

describe('operators and values of each type', () => {
  const literal: Readonly<Record<string, string>> = {
    userName: '"x"',
    home: '"https://example.com"',
    hired: '"2011-05-13T04:42:34Z"',
    level: '5',
    score: '2.5',
    active: 'true',
    blob: '"QUJD"',
  }
  const order = ['gt', 'ge', 'lt', 'le']
  const parts = ['co', 'sw', 'ew']
  const refusedOperators: Readonly<Record<string, readonly string[]>> = {
    userName: [],
    home: [],
    hired: parts,
    level: parts,
    score: parts,
    active: [...order, ...parts],
    blob: [...order, ...parts],
  }

  test.each(Object.keys(literal))('%s takes its operators and no other [P-3.4.2.2-09] [P-3.4.2.2-25]', (name) => {
    for (const operator of ['eq', 'ne', ...order, ...parts]) {
      const text = `${name} ${operator} ${literal[name]}`
      if (!refusedOperators[name]?.includes(operator)) expect(bind(text)).toMatchObject({ kind: 'compare', operator })
      else expect(refused(text)).toMatch(new RegExp(`^invalidFilter: The operator "${operator}" cannot be used with`))
    }
  })

  test.each(Object.keys(literal))('%s takes values of its type and null', (name) => {
    expect(bind(`${name} eq null`)).toMatchObject({ value: null })
    for (const value of ['"2011-05-13T04:42:34Z"', '5', 'true']) {
      const fits = typeof JSON.parse(value) === typeof JSON.parse(literal[name] as string)
      if (fits) expect(bind(`${name} eq ${value}`)).toMatchObject({ value: JSON.parse(value) })
      else expect(refused(`${name} eq ${value}`)).toMatch(/^invalidFilter: Attribute ".*" is of type/)
    }
  })

  test('a dateTime is one [P-3.4.2.2-08]', () => {
    for (const text of ['', '2011-05-13', 'yesterday', '2011-02-30T00:00:00Z', '2011-05-13T04:42Z']) {
      expect(refused(`hired gt "${text}"`)).toContain('is of type dateTime')
    }
  })

  // Decision A-02.
  test('null is only equal or not', () => {
    for (const operator of [...order, ...parts]) {
      expect(refused(`title ${operator} null`)).toBe(
        `invalidFilter: The operator "${operator}" cannot be used with null.`,
      )
    }
    expect(bind('title ne null')).toMatchObject({ operator: 'ne', value: null })
  })

  test.each(['password', 'pin', 'hint', 'secrets', 'secrets.type'])(
    '%s cannot be read, so it cannot be searched',
    (name) => {
      expect(refused(`${name} pr`)).toContain('cannot be used in a filter')
      expect(refused(`not (userName pr and ${name} pr)`, tolerant)).toContain('cannot be used in a filter')
      expect(refusal(() => resolveFilter(parseFilter(`${name} pr`), user, { unknown: 'unassigned' }))).toContain(
        'cannot',
      )
    },
  )

  test('nor in brackets, nor as the value that a complex attribute is compared by', () => {
    expect(refused('tokens sw "a"')).toContain('cannot be used in a filter')
    expect(refused('tokens[value sw "a"]')).toContain('cannot be used in a filter')
    expect(read('tokens[type pr]')).toBe(`${ACME}:tokens[type pr]`)
    expect(refused('secrets[type pr]')).toContain('cannot be used in a filter')
    expect(refused('devices[code pr]')).toContain('cannot be used in a filter')
  })
})

describe('tolerances', () => {
  const reports = (text: string) => {
    const used: string[] = []
    const filter = bind(text, (name, where) => used.push(`${name} ${where}`) > 0)
    return { used, filter: printFilter(filter) }
  }
  const without = (name: ToleranceName) => (asked: ToleranceName) => asked !== name

  test('booleanText', () => {
    expect(reports('active eq "True"')).toEqual({ used: ['booleanText active'], filter: 'active eq true' })
    expect(reports('emails[primary eq "FALSE"]').filter).toBe('emails[primary eq false]')
    for (const text of ['active eq "yes"', 'active eq ""', 'active eq 1', 'active eq Tru', "active eq 'true'"]) {
      expect(refused(text, tolerant)).toContain('is of type boolean')
    }
    expect(refused('active eq "true"', without('booleanText'))).toContain('is of type boolean')
  })

  test('literalCase', () => {
    expect(reports('active eq True')).toEqual({ used: ['literalCase active'], filter: 'active eq true' })
    expect(reports('active eq Null').filter).toBe('active eq null')
    expect(reports('level ne nULL').filter).toBe(`${ACME}:level ne null`)
    expect(reports('title eq NULL').filter).toBe('title eq null')
    // A text that is a name stays one.
    expect(reports('title eq Null')).toEqual({ used: ['unquotedText title'], filter: 'title eq "Null"' })
    expect(reports('title eq TRUE').filter).toBe('title eq "TRUE"')
    expect(read("title eq 'NULL'", tolerant)).toBe('title eq "NULL"')
    expect(read('title eq "NULL"', tolerant)).toBe('title eq "NULL"')
    for (const text of ['active eq True', 'title eq NULL', 'level eq NULL']) {
      expect(refused(text)).toContain('is of type')
    }
    expect(refused('active eq True', without('literalCase'))).toContain('is of type boolean')
    expect(read('title eq NULL', without('literalCase'))).toBe('title eq "NULL"')
    expect(refused('title eq TRUE', without('unquotedText'))).toContain('is of type string')
    expect(refused('level eq TRUE', tolerant)).toContain('is of type integer')
    expect(refused('title co NULL', tolerant)).toContain('cannot be used with null')
    expect(refused('level gt Null', tolerant)).toContain('cannot be used with null')
  })

  test('literalCase of an attribute that the type does not have', () => {
    const found = (text: string) =>
      resolveFilter(parseFilterToBind(text, { tolerate: tolerant }), user, {
        tolerate: tolerant,
        unknown: 'unassigned',
      })
    expect(['nothing eq NULL', 'nothing ne NULL', 'nothing eq "NULL"', "nothing eq 'NULL'"].map(found)).toEqual([
      true,
      false,
      false,
      false,
    ])
    const strictly = (text: string) =>
      refusal(() => resolveFilter(parseFilterToBind(text, {}), user, { unknown: 'unassigned' }))
    for (const text of ['nothing eq NULL', 'nothing ne Null', 'nothing eq TRUE']) {
      expect(strictly(text)).toContain('"nothing" is compared with a word without quotes')
    }
    expect(resolveFilter(parseFilterToBind('nothing eq null', {}), user, { unknown: 'unassigned' })).toBe(true)
  })

  test('numberText', () => {
    expect(reports('level eq "5"')).toEqual({ used: [`numberText ${ACME}:level`], filter: `${ACME}:level eq 5` })
    expect(reports('score gt "5.8"').filter).toBe(`${ACME}:score gt 5.8`)
    for (const text of [
      'level eq "x"',
      'level eq ""',
      'level eq " 5"',
      'level eq "0x5"',
      'level eq "9007199254740993"',
    ]) {
      expect(refused(text, tolerant)).toContain('is of type integer')
    }
  })

  test('numberForText', () => {
    expect(reports('employeeNumber eq 701984')).toEqual({
      used: [`numberForText ${ENTERPRISE}:employeeNumber`],
      filter: `${ENTERPRISE}:employeeNumber eq "701984"`,
    })
    // The digits as they were written, also digits that a number cannot keep.
    expect(read('employeeNumber eq 12345678901234567890', tolerant)).toContain('"12345678901234567890"')
    expect(read('employeeNumber eq 1.0', tolerant)).toContain('"1.0"')
    expect(refused('employeeNumber eq 5', without('numberForText'))).toContain('is of type string')
    expect(refused('employeeNumber eq true', tolerant)).toContain('is of type string')
    expect(refused('blob eq 5', tolerant)).toContain('is of type binary')
    expect(refused('level eq "5"', without('numberText'))).toContain('is of type integer')
  })

  test('unquotedText, where an attribute holds text', () => {
    expect(read('title eq TRUE', tolerant)).toBe('title eq "TRUE"')
    expect(read('home eq x', tolerant)).toBe(`${ACME}:home eq "x"`)
    expect(read('hired gt 2011-05-13T04:42:34Z', tolerant)).toBe(`${ACME}:hired gt "2011-05-13T04:42:34Z"`)
    expect(refused('level eq five', tolerant)).toContain('is of type integer')
    expect(refused('blob eq QUJD', tolerant)).toContain('is of type binary')
  })

  test('dottedUrn', () => {
    expect(reports(`${ENTERPRISE}.department eq "x"`)).toEqual({
      used: [`dottedUrn ${ENTERPRISE}:department`],
      filter: `${ENTERPRISE}:department eq "x"`,
    })
    expect(read(`${ENTERPRISE.toLowerCase()}.MANAGER.value pr`, tolerant)).toBe(`${ENTERPRISE}:manager.value pr`)
    expect(read(`${ACME}.badge pr`, tolerant)).toBe(`${ACME}:badge pr`)
    expect(read(`${USER_SCHEMA}.userName pr`, tolerant)).toBe('userName pr')
    for (const text of [`${ENTERPRISE}.nothing pr`, `${ENTERPRISE}.manager.value.x pr`, `${ENTERPRISE}. pr`]) {
      expect(refused(text, tolerant)).toContain('There is no attribute')
    }
    expect(refused(`${ENTERPRISE}.department pr`, without('dottedUrn'))).toContain('There is no attribute')
  })

  test('nothing is asked for a filter by the RFC', () => {
    expect(reports('emails[type eq "work"] and level gt 5 and active eq true and hired pr').used).toEqual([])
  })
})

describe('a query on several resource types [P-3.4.2.1-05]', () => {
  const understood = (text: string) => {
    const filter = resolveFilter(parseFilter(text), user, { unknown: 'unassigned' })
    return typeof filter === 'boolean' ? filter : printFilter(filter)
  }

  test.each<[string, boolean]>([
    ['members pr', false],
    ['members eq "x"', false],
    ['members ne "x"', true],
    ['members eq null', true],
    ['members ne null', false],
    ['members.value gt "x"', false],
    ['members[value pr]', false],
    ['not (members pr)', true],
    ['members pr and userName pr', false],
    ['not (members pr) or userName pr', true],
    ['emails[foo pr]', false],
    ['urn:ietf:params:scim:schemas:core:2.0:Group:displayName sw "x"', false],
  ])('an attribute the type lacks has no value: %s', (text, constant) => {
    expect(understood(text)).toBe(constant)
  })

  test('the rest of the filter remains', () => {
    expect(understood('members pr or userName pr')).toBe('userName pr')
    expect(understood('not (members pr) and userName pr')).toBe('userName pr')
    expect(understood('members pr or userName pr or title pr')).toBe('userName pr or title pr')
    expect(understood('not (members pr or userName pr)')).toBe('not (userName pr)')
    expect(understood('emails[foo pr or type pr]')).toBe('emails[type pr]')
    expect(understood('emails[foo ne "x"]')).toBe('emails pr')
  })

  test('all parts that decide nothing leave the other constant', () => {
    expect(understood('members pr or members eq "x"')).toBe(false)
    expect(understood('not (members pr) and members ne "x"')).toBe(true)
    expect(understood('members pr or not (members pr)')).toBe(true)
    expect(understood('not (members pr) and members pr')).toBe(false)
    expect(understood('title pr and userName pr and not (members pr)')).toBe('title pr and userName pr')
  })

  test('errors are found beside a part that decides', () => {
    for (const text of ['members pr and active gt true', 'not (members pr) or userName eq 5', 'members gt null']) {
      expect(refusal(() => understood(text))).toMatch(/^invalidFilter/)
    }
  })
})
