import { strict, type Tolerate, tolerant } from '../../src/compatibility.js'
import { printFilter } from '../../src/filter/print.js'
import { knownTarget } from '../../src/patch/known-targets.js'
import { parsePath, resolvePath } from '../../src/patch/path.js'
import { findTarget, type PatchContext } from '../../src/patch/target.js'
import { ENTERPRISE_USER_SCHEMA as ENTERPRISE, USER_SCHEMA } from '../../src/urn.js'
import { ACME, group, refusal, user } from '../filter/fixture.js'

const refused = (text: string, tolerate: Tolerate = strict) => refusal(() => parsePath(text, { tolerate }))

/** The parts of a path: the attribute with its filter, and the sub-attribute. */
function read(text: string, tolerate: Tolerate = strict, schema = user): (string | undefined)[] | undefined {
  const target = resolvePath(parsePath(text, { tolerate }), schema, { tolerate })
  if (!target) return undefined
  const { attribute, filter, subAttribute } = target
  return [filter ? printFilter({ kind: 'valuePath', attribute, filter }) : attribute.path, subAttribute?.path]
}

describe('PATH = attrPath / valuePath [subAttr] [P-3.5.2-06]', () => {
  test.each<[string, (string | undefined)[]]>([
    ['title', ['title', undefined]],
    ['TITLE', ['title', undefined]],
    ['members', ['members', undefined]],
    ['name.familyName', ['name', 'name.familyName']],
    ['emails.type', ['emails', 'emails.type']],
    ['addresses[type eq "work"]', ['addresses[type eq "work"]', undefined]],
    ['members[value eq "2819c223"]', ['members[value eq "2819c223"]', undefined]],
    ['members[value eq "1"].$ref', ['members[value eq "1"]', 'members.$ref']],
    ['EMAILS[TYPE EQ "WORK"].VALUE', ['emails[type eq "WORK"]', 'emails.value']],
    [
      'emails[type eq "a]b" and not (value pr)].display',
      ['emails[type eq "a]b" and not (value pr)]', 'emails.display'],
    ],
    ['name[givenName pr].familyName', ['name[givenName pr]', 'name.familyName']],
  ])('%s', (text, named) => {
    expect(read(text, strict, text.startsWith('members') ? group : user)).toEqual(named)
  })

  test('schema URNs [P-3.5.2-22] [P-3.10-01]', () => {
    expect(read(`${USER_SCHEMA}:name.givenName`)).toEqual(['name', 'name.givenName'])
    expect(read(`${USER_SCHEMA.toUpperCase()}:EMAILS[type pr].value`)).toEqual(['emails[type pr]', 'emails.value'])
    expect(read(`${ENTERPRISE}:department`)).toEqual([`${ENTERPRISE}:department`, undefined])
    expect(read(`${ENTERPRISE}:manager.value`)).toEqual([`${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`])
    expect(read(`${ACME}:devices[serial eq "1"].ports`)).toEqual([
      `${ACME}:devices[serial eq "1"]`,
      `${ACME}:devices.ports`,
    ])
    expect(read('employeeNumber')).toEqual([`${ENTERPRISE}:employeeNumber`, undefined])
  })

  test('the URN of an extension alone', () => {
    expect(read(ENTERPRISE)).toEqual([ENTERPRISE, undefined])
    expect(read(ACME.toUpperCase())).toEqual([ACME, undefined])
    expect(refusal(() => read(`${ENTERPRISE}[department pr]`))).toMatch(/^invalidPath/)
  })

  test('the values of a simple multi-valued attribute are named value', () => {
    const tags = [`${ACME}:tags[value eq "x"]`, undefined]
    expect(read('tags[value eq "x"]')).toEqual(tags)
    expect(read('tags[value eq "x"].value')).toEqual(tags)
    expect(read('tags.value')).toEqual([`${ACME}:tags`, undefined])
  })

  test('parts that were not written are not there', () => {
    expect(Object.keys(parsePath('title'))).toEqual(['path'])
    expect(Object.keys(parsePath('emails[type pr]'))).toEqual(['path', 'filter'])
    expect(Object.isFrozen(parsePath('emails[type pr].value'))).toBe(true)
  })
})

describe('what is refused', () => {
  test.each([
    '',
    ' title',
    'title ',
    '.title',
    'title.',
    '/title',
    'name/givenName',
    'emails/0',
    'name..givenName',
    'name.givenName.x',
    '1abc',
    '__proto__',
    '__proto__.polluted',
    'emails]',
    '[type pr]',
    'emails[type pr]value',
    'emails[type pr].',
    'emails[type pr].value.x',
    'emails[type pr].value[x pr]',
    'emails[type pr] .value',
    'emails[type pr][type pr]',
    'emails[type pr].value eq "x"',
    'schemas eq "x"',
    'title pr',
    '(title)',
    'urn:example:',
  ])('a malformed path, in both modes: %p [P-3.5.2-06] [P-3.5.2-20]', (text) => {
    expect(refused(text)).toMatch(/^invalidPath: The path is not valid at/)
    expect(refused(text, tolerant)).toMatch(/^invalidPath: The path is not valid at/)
  })

  test.each([
    'emails[]',
    'emails[0]',
    'emails[type eq "work"',
    'emails[type xx "a"]',
    'emails[type[value pr]]',
    'a[b pr and]',
  ])('a malformed filter: %p', (text) => {
    expect(refused(text)).toMatch(/^invalidFilter: The filter is not valid at/)
  })

  test('a filter that does not fit the attribute', () => {
    expect(refusal(() => read('emails[primary gt true]'))).toMatch(/^invalidFilter/)
    expect(refusal(() => read('emails[fooBar pr]'))).toMatch(/^invalidFilter/)
    expect(refusal(() => read('title[value eq "x"]'))).toMatch(/^invalidPath/)
    expect(refusal(() => read('emails.value[type eq "x"]'))).toMatch(/^invalidPath/)
    expect(refusal(() => read('devices[code eq "x"]'))).toMatch(/^invalidFilter/)
  })

  test('limits', () => {
    expect(refused('x'.repeat(20_000))).toMatch(/^invalidPath/)
    expect(refused(`a${'['.repeat(8_000)}`)).toMatch(/^invalidFilter/)
    expect(refused(`a[${'('.repeat(8_000)}`)).toMatch(/^invalidFilter/)
    expect(refusal(() => parsePath('ims[a pr].b', { limits: { length: 3 } }))).toMatch(/^invalidFilter/)
    // The name of an attribute, which may be a URN, is no filter.
    expect(parsePath('ims[a pr].b', { limits: { length: 4 } }).sub).toBe('b')
  })
})

test.each([
  'fooBar',
  'title.x',
  'name.fooBar',
  'emails[type pr].fooBar',
  'constructor.name',
  'toString',
  `${ENTERPRISE}:x`,
  USER_SCHEMA,
])('an attribute that the schema lacks is left to the caller: %s [P-3.5.2-18]', (text) => {
  expect(read(text)).toBeUndefined()
})

test('what cannot be read can be named, and chosen by its parts', () => {
  expect(read('password')).toEqual(['password', undefined])
  expect(read('secrets[type eq "x"]')).toEqual([`${ACME}:secrets[type eq "x"]`, undefined])
})

describe('tolerances', () => {
  test('dottedUrn', () => {
    const used: string[] = []
    const tolerate: Tolerate = (name, where) => used.push(`${name} ${where}`) > 0
    expect(read(`${ENTERPRISE}.department`, tolerate)).toEqual([`${ENTERPRISE}:department`, undefined])
    expect(read(`${ENTERPRISE}.manager.value`, tolerate)?.[1]).toBe(`${ENTERPRISE}:manager.value`)
    expect(read(`${USER_SCHEMA}.name.givenName`, tolerate)?.[1]).toBe('name.givenName')
    expect(used).toEqual([
      `dottedUrn ${ENTERPRISE}:department`,
      `dottedUrn ${ENTERPRISE}:manager.value`,
      'dottedUrn name.givenName',
    ])
    expect(read(`${ENTERPRISE}.department`)).toBeUndefined()
  })

  test('those of filters, between the brackets', () => {
    expect(read('emails[ primary eq "True" ].value', tolerant)).toEqual(['emails[primary eq true]', 'emails.value'])
    expect(read('members[value eq 42]', tolerant, group)).toEqual(['members[value eq "42"]', undefined])
    expect(read('emails[type eq work]', tolerant)).toEqual(['emails[type eq "work"]', undefined])
  })
})

describe('the target of a path that a client sends again', () => {
  const scope: PatchContext = {
    schema: user,
    tolerate: tolerant,
    identify: undefined,
    limits: { operations: 1, values: 1 },
  }

  test.each([
    'nickName',
    'name.honorificPrefix',
    'ims',
    'photos.type',
    `${ENTERPRISE}:division`,
    'phoneNumbers[type eq "pager"]',
    'phoneNumbers[type eq "pager"].display',
  ])('is kept if the path has the words of the schema: %s', (path) => {
    const parsed = resolvePath(parsePath(path), user)
    expect(findTarget(path, scope)).toEqual(parsed)
    expect(findTarget(path, scope)).toBe(knownTarget(user, path))
    expect(knownTarget(user, path)).toEqual(parsed)
  })

  test.each([
    'NICKNAME',
    'division',
    `${USER_SCHEMA}:nickName`,
    'phoneNumbers[type eq "Pager"]',
    'phoneNumbers[TYPE eq "pager"].display',
    'phoneNumbers[type  eq "pager"]',
    'phoneNumbers[type ne "pager"]',
    'phoneNumbers[value eq "555-0100"]',
    'phoneNumbers[type eq "pager" and primary eq true]',
    'phoneNumbers[primary eq true]',
    'phoneNumbers[type pr]',
  ])('is not kept if it has other words: %s', (path) => {
    findTarget(path, scope)
    expect(knownTarget(user, path)).toBeUndefined()
  })

  test.each([{ length: 20 }, { depth: 0 }, { nodes: 0 }])(
    'is parsed where a filter may have no more than %j',
    (filters) => {
      const path = 'phoneNumbers[type eq "fax"].value'
      findTarget(path, scope)
      expect(knownTarget(user, path)).toBeDefined()
      expect(knownTarget(user, path, filters)).toBeUndefined()
    },
  )
})
