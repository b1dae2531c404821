import type { ToleranceName } from '../../src/compatibility.js'
import { normalizePatch, normalizePatchInTurns } from '../../src/patch/normalize.js'
import type { PatchOperation } from '../../src/patch/patch.js'
import { PATCH_OP, USER_SCHEMA } from '../../src/urn.js'
import {
  deepFreeze,
  ENTERPRISE,
  groupSchema,
  type Operations,
  OWN,
  outcome,
  patchUser,
  recording,
  refusal,
  strict,
  tolerant,
  userSchema,
} from './support.js'

const body = (...Operations: Operations) => ({ schemas: [PATCH_OP], Operations })
const normalize = (...operations: Operations) => normalizePatch(userSchema, body(...operations), { tolerate: strict })
const refused = (...operations: Operations) => refusal(() => normalize(...operations))
const shown = ({ op, attribute, subAttribute, value }: PatchOperation) => [op, (subAttribute ?? attribute).path, value]

describe('operations', () => {
  test('[P-3.5.2.1-02] a value without path is one operation for each attribute', () => {
    const value = {
      NICKNAME: 'B',
      emails: { Value: 'a', TYPE: 'work' },
      [ENTERPRISE.toUpperCase()]: { Department: 'Tours', manager: { value: 'u2', displayName: 'J' } },
    }
    expect(normalize({ op: 'add', value }).map(shown)).toEqual([
      ['add', 'nickName', 'B'],
      ['add', 'emails', [{ value: 'a', type: 'work' }]],
      ['add', `${ENTERPRISE}:department`, 'Tours'],
      ['add', `${ENTERPRISE}:manager`, { value: 'u2' }],
    ])
  })

  test('[P-3.5.2-22] names are those of the schema, whatever the letter case', () => {
    const [operation] = normalize({ op: 'replace', path: 'EMAILS[TYPE eq "work"].VALUE', value: 'a' })
    expect(operation?.attribute).toBe(userSchema.root.subAttribute('emails'))
    expect(operation?.subAttribute?.path).toBe('emails.value')
    expect(operation?.filter).toMatchObject({ kind: 'compare', operator: 'eq', value: 'work' })
  })

  test('they are frozen, in order, and say nothing when there is nothing to do', () => {
    const operations = normalize(
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'emails', value: [] },
      { op: 'replace', value: {} },
      { op: 'replace', path: 'title', value: null },
    )
    expect(operations.map(shown)).toEqual([
      ['remove', 'title', undefined],
      ['replace', 'title', undefined],
    ])
    expect(Object.isFrozen(operations)).toBe(true)
    expect(operations.every(Object.isFrozen)).toBe(true)
  })

  test('a value that would be made is made, and reported, only when asked for', () => {
    const { tolerate, used } = recording('createMissingValue')
    const path = 'emails[type eq "work" and display eq "W"].value'
    const [operation] = normalizePatch(userSchema, body({ op: 'add', path, value: 'a' }), { tolerate })
    expect(used).toEqual([])
    expect(operation?.create?.()).toEqual({ type: 'work', display: 'W', value: 'a' })
    expect(used).toEqual(['createMissingValue'])
    expect(normalize({ op: 'add', path, value: 'a' })[0]?.create?.()).toBeUndefined()
  })
})

describe('values without path, and those of an extension', () => {
  const run = (operation: unknown, tolerate = strict) =>
    refusal(() => normalizePatch(userSchema, body(operation), { tolerate }).map(shown))
  const on = (...names: readonly ToleranceName[]) => recording(...names).tolerate

  test('[S-2.5-01] to add null is to add nothing', () => {
    expect(run({ op: 'add', value: { title: null, nickName: 'x' } })).toEqual([['add', 'nickName', 'x']])
    expect(run({ op: 'add', path: ENTERPRISE, value: null })).toEqual([])
    expect(run({ op: 'add', path: 'title', value: null })).toEqual([])
    expect(run({ op: 'add', path: ENTERPRISE })).toBe('invalidValue')
    expect(run({ op: 'add', value: { [ENTERPRISE]: null } })).toEqual([])
    const value = { 'name.givenName': null, nickName: 'x' }
    expect(run({ op: 'add', value }, on('dottedKeys'))).toEqual([['add', 'nickName', 'x']])
    expect(run({ op: 'replace', value }, on('dottedKeys'))).toEqual([
      ['replace', 'name.givenName', undefined],
      ['replace', 'nickName', 'x'],
    ])
    expect(run({ op: 'add', value: { 'name.givenName': 'y' } }, on('dottedKeys'))).toEqual([
      ['add', 'name.givenName', 'y'],
    ])
  })

  test('a remove lists attributes of an extension by tolerance only', () => {
    const operation = { op: 'remove', path: ENTERPRISE, value: { department: 'x' } }
    expect(run(operation)).toBe('invalidSyntax')
    expect(run({ ...operation, value: {} })).toBe('invalidSyntax')
    expect(run(operation, on('removeByValue'))).toEqual([['remove', `${ENTERPRISE}:department`, 'x']])
  })

  test('[P-3.5.2-07] a remove without path takes nothing from the server', () => {
    expect(run({ op: 'remove', value: { title: 'x' } }, on('removeWithoutPath', 'removeByValue'))).toEqual([
      ['remove', 'title', 'x'],
    ])
    expect(run({ op: 'remove', value: { id: 'u1' } }, on('removeWithoutPath', 'removeByValue'))).toBe('mutability')
  })

  test('what only repeats the server is a replace, whatever it was', () => {
    for (const op of ['add', 'replace']) expect(run({ op, value: { id: 'u1' } })).toEqual([['replace', 'id', 'u1']])
    expect(run({ op: 'replace', value: { id: null } })).toEqual([['replace', 'id', undefined]])
  })

  test('keys that are paths, by tolerance, and only in the value for the resource', () => {
    const dotted = on('dottedKeys')
    expect(run({ op: 'replace', value: { [ENTERPRISE]: { 'manager.value': 'x' } } }, dotted)).toBe('invalidSyntax')
    expect(run({ op: 'replace', value: { foo: { title: 'x' } } }, dotted)).toBe('invalidSyntax')
    expect(run({ op: 'replace', value: { [USER_SCHEMA]: 'x' } }, dotted)).toBe('invalidSyntax')
    expect(run({ op: 'replace', value: { [USER_SCHEMA]: { title: 'x' } } }, dotted)).toEqual([
      ['replace', 'title', 'x'],
    ])
    expect(run({ op: 'replace', value: { '1abc': 'x' } }, dotted)).toBe('invalidSyntax')
    const inside = { 'emails[ type eq "work" ].value': 'x', [`${ENTERPRISE}.department`]: 'y' }
    expect(run({ op: 'replace', value: inside }, on('dottedKeys', 'extraBlanks', 'dottedUrn'))).toEqual([
      ['replace', 'emails.value', 'x'],
      ['replace', `${ENTERPRISE}:department`, 'y'],
    ])
  })

  test('keys that are paths to what the server says', () => {
    const ignoring = on('dottedKeys', 'readOnlyInValue')
    for (const key of [`${ENTERPRISE}:manager.displayName`, 'groups.display', 'meta.version']) {
      expect(run({ op: 'replace', value: { [key]: 'x' } }, ignoring)).toEqual([])
    }
    const operations = [{ op: 'replace', value: { [`${ENTERPRISE}:manager.displayName`]: 'x' } }]
    expect(outcome(userSchema, { id: 'u1', userName: 'a' }, operations, on('dottedKeys'))).toBe('mutability')
  })
})

describe('one value that a filter chooses', () => {
  const path = 'emails[type eq "work"]'
  const value = (given: unknown, op = 'replace', tolerate = strict) =>
    refusal(() => normalizePatch(userSchema, body({ op, path, value: given }), { tolerate }).map((each) => each.value))

  test('an empty list says that it goes, one of two is not meant', () => {
    expect(value([])).toEqual([undefined])
    expect(value([{ value: 'a' }], 'replace', tolerant)).toEqual([{ value: 'a' }])
    expect(value([{ value: 'a' }, { value: 'b' }], 'replace', tolerant)).toBe('invalidValue')
  })

  test('null in it unassigns a part, unless it is added', () => {
    expect(value({ display: null, value: 'a' })).toEqual([{ display: null, value: 'a' }])
    expect(value({ display: null, value: 'a' }, 'add')).toEqual([{ value: 'a' }])
  })
})

describe('what a remove lists, by tolerance', () => {
  const removed = (value: unknown) =>
    refusal(() =>
      normalizePatch(groupSchema, body({ op: 'remove', path: 'members', value }), { tolerate: tolerant }).map(
        (each) => each.value,
      ),
    )

  test('may stand in an object under the name of the attribute', () => {
    expect(removed({ members: [{ value: 'a' }] })).toEqual([[{ value: 'a' }]])
    expect(removed({ MEMBERS: { value: 'a' } })).toEqual([[{ value: 'a' }]])
    expect(removed({ value: 'a' })).toEqual([[{ value: 'a' }]])
  })

  test.each([
    ['nothing', {}],
    ['another name', { owners: [{ value: 'a' }] }],
    ['the name beside others', { members: [{ value: 'a' }], other: 1 }],
  ])('but not under %s', (_name, value) => {
    expect(JSON.stringify(removed(value))).not.toContain('"a"')
  })
})

describe('a list that says nothing', () => {
  const emails = (value: unknown) =>
    refusal(() =>
      normalizePatch(userSchema, body({ op: 'replace', path: 'emails', value }), { tolerate: tolerant }).map(shown),
    )

  test.each([[[]], [[null]], [[{ value: '' }]], [[{ VALUE: null, type: 'work' }]]])(
    'and nothing else clears: %j',
    (value) => {
      expect(emails(value)).toEqual([['replace', 'emails', undefined]])
    },
  )

  test.each([
    [[{ nick: '' }]],
    [[{ nick: null, foo: [] }]],
    [[{}]],
    [{}],
    [[{ value: '' }, {}]],
    [[{ nick: { foo: '' } }]],
    [[{ nick: 'x' }]],
    [[{ nick: 'x', foo: '' }]],
    [[{ nick: 5 }]],
    [[{ nick: false }]],
  ])('is no wish to clear: %j', (value) => {
    expect(emails(value)).toBe('invalidValue')
  })
})

describe('what is refused whatever is stored', () => {
  test.each([
    ['id', 'id'],
    ['a part of meta', 'meta.version'],
    ['groups', 'groups'],
    ['a filter on groups', 'groups[value eq "x"]'],
    ['a part of a value', `${ENTERPRISE}:manager.displayName`],
    ['an attribute of an extension', `${OWN}:serverSet`],
    ['a part of each value', `${OWN}:devices.seen`],
  ])('[P-3.5.2-07] readOnly: %s', (_name, path) => {
    for (const op of ['add', 'replace', 'remove']) {
      const value = op === 'remove' ? undefined : 'x'
      const stored = deepFreeze({ id: 'u1', userName: 'a', groups: [{ value: 'x' }] })
      expect(outcome(userSchema, stored, [{ op, path, value }], strict)).toBe('mutability')
      expect(outcome(userSchema, stored, [{ op, path, value }], tolerant)).toBe('mutability')
    }
    for (const value of [null, []]) expect(refused({ op: 'replace', path, value })).toBe('mutability')
  })

  test('[P-3.5.2-07] readOnly: what is stored may be said again (A-59c)', () => {
    const groups = [{ value: 'x', display: 'X' }, { value: 'y' }]
    const manager = { value: 'm', displayName: 'M' }
    const created = new Date('2020-01-01T00:00:00Z')
    const stored = deepFreeze({ id: 7, userName: 'a', groups, meta: { created }, [ENTERPRISE]: { manager } })
    const same: readonly (readonly [string, unknown, unknown])[] = [
      ['id', '7', '8'],
      ['meta.created', '2020-01-01T01:00:00+01:00', '2020-01-01T00:00:01Z'],
      ['meta', { created: '2020-01-01T00:00:00Z' }, { created: '2020-01-01T00:00:00Z', version: '1' }],
      ['groups', [{ value: 'y' }, { value: 'x' }], [{ value: 'x' }]],
      ['groups[value eq "x"].display', 'X', 'Y'],
      ['groups[value eq "x"]', { display: 'X' }, { display: 'Y' }],
      ['groups.display', undefined, 'X'],
      [`${ENTERPRISE}:manager.displayName`, 'M', 'N'],
    ]
    for (const [path, equal, other] of same) {
      for (const op of ['add', 'replace']) {
        if (equal !== undefined) expect(patchUser(stored, { op, path, value: equal })).toBe(stored)
        expect(outcome(userSchema, stored, [{ op, path, value: other }], strict)).toBe('mutability')
      }
    }
    const none = { op: 'replace', path: 'groups[value eq "z"].display', value: 'X' }
    expect(outcome(userSchema, stored, [none], strict)).toBe('mutability')
  })

  test('[P-3.5.2.2-06] required: remove, null and [] are mutability, "" is invalidValue (A-59d)', () => {
    expect(refused({ op: 'remove', path: 'userName' })).toBe('mutability')
    for (const value of [null, []]) {
      expect(refused({ op: 'replace', path: 'userName', value })).toBe('mutability')
      expect(refused({ op: 'replace', value: { userName: value } })).toBe('mutability')
    }
    expect(refused({ op: 'replace', path: 'userName', value: '' })).toBe('invalidValue')
    expect(refused({ op: 'replace', path: `${OWN}:badge`, value: { number: null } })).toBe('mutability')
    expect(refused({ op: 'replace', path: `${OWN}:badge`, value: { number: '' } })).toBe('invalidValue')
    expect(refused({ op: 'replace', path: `${OWN}:devices[serial eq "S"].serial`, value: null })).toBe('mutability')
    expect(refused({ op: 'remove', path: `${OWN}:devices.serial` })).toBe('mutability')
  })

  test.each([
    ['text for integer', { op: 'add', path: `${OWN}:level`, value: 'x' }],
    ['fraction for integer', { op: 'add', path: `${OWN}:level`, value: 1.5 }],
    ['no date', { op: 'add', path: `${OWN}:hired`, value: 'yesterday' }],
    ['object for text', { op: 'replace', path: 'title', value: { a: 1 } }],
    ['text for object', { op: 'replace', path: 'name', value: 'x' }],
    ['a list that is too deep', { op: 'replace', path: 'emails', value: [[{ value: 'a' }]] }],
    ['text for one chosen value', { op: 'replace', path: 'emails[type eq "work"]', value: 'x' }],
    ['a list for one chosen value', { op: 'replace', path: 'emails[type eq "work"]', value: [{ value: 'x' }] }],
    ['a wrong part', { op: 'replace', value: { emails: [{ value: 'a', primary: 'yes' }] } }],
    [
      'two primaries (A-30)',
      {
        op: 'add',
        path: 'emails',
        value: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
    ],
    ['no object without path', { op: 'add', value: 5 }],
    ['no object for an extension', { op: 'add', path: ENTERPRISE, value: 'x' }],
    ['no value for an extension', { op: 'replace', path: ENTERPRISE }],
    ['no value at all', { op: 'add', path: 'title' }],
  ])('[P-3.5.2-17] invalidValue: %s', (_name, operation) => {
    expect(refused(operation)).toBe('invalidValue')
  })

  test('[P-3.5.2-18] names that the schema lacks (A-24, A-25)', () => {
    expect(refused({ op: 'add', path: 'fooBar', value: 'x' })).toBe('invalidPath')
    expect(() => normalize({ op: 'add', path: 'fooBar', value: 'x' })).toThrow('The schema has no attribute "fooBar".')
    expect(() => normalize({ op: 'add', path: 'emails[value pr].fooBar', value: 'x' })).toThrow(
      'The schema has no attribute "emails[].fooBar".',
    )
    const blanks = { op: 'remove', path: 'emails[ type eq "work" ]' }
    expect(refused(blanks)).toBe('invalidFilter')
    expect(normalizePatch(userSchema, body(blanks), { tolerate: tolerant })).toHaveLength(1)
    expect(refused({ op: 'add', path: '', value: 'x' })).toBe('invalidPath')
    expect(refused({ op: 'add', path: 'emails[value pr].fooBar', value: 'x' })).toBe('invalidPath')
    expect(refused({ op: 'add', value: { fooBar: 'x' } })).toBe('invalidSyntax')
    expect(refused({ op: 'add', value: { [ENTERPRISE]: { fooBar: 'x' } } })).toBe('invalidSyntax')
    expect(refused({ op: 'add', path: 'name', value: { fooBar: 'x' } })).toBe('invalidSyntax')
    expect(refused({ op: 'add', value: { department: 'x' } })).toBe('invalidSyntax')
  })

  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__proto__.polluted',
    'name.constructor',
  ])('members of every object are no attributes: %s', (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    for (const tolerate of [strict, tolerant]) {
      const run = (operation: unknown) => refusal(() => normalizePatch(groupSchema, body(operation), { tolerate }))
      const value = JSON.parse(`{"${name}": {"polluted": true}}`)
      expect([[], 'invalidPath']).toContainEqual(run({ op: 'add', path: name, value: 'x' }))
      expect([[], 'invalidSyntax']).toContainEqual(run({ op: 'add', value }))
      expect([[], 'invalidPath', 'invalidFilter', 'invalidSyntax']).toContainEqual(
        run({ op: 'remove', path: `members[${name} eq "x"]` }),
      )
      // Beside the id of a member it is dropped (decision A-132).
      const members = run({ op: 'add', path: 'members', value: [{ ...value, value: 'a' }] })
      expect(members).toMatchObject([{ value: [{ value: 'a' }] }])
    }
    expect(({} as any).polluted).toBeUndefined()
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  })

  test('a value is never repeated to the client', () => {
    const secret = 'hunter2hunter2'
    const operations = [
      { op: 'replace', path: 'password', value: { secret } },
      { op: 'replace', path: 'password', value: [secret, secret] },
      { op: 'replace', value: { password: { [secret]: 1 } } },
      { op: 'add', path: 'emails', value: [{ value: { secret } }] },
    ]
    for (const operation of operations) {
      expect(() => normalize(operation)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      )
    }
  })
})

test.each([
  ['one value of many names', [{ op: 'replace', value: names(10_000) }], 30],
  ['many operations', Array.from({ length: 100 }, () => ({ op: 'replace', value: names(10) })), 100],
  ['the attributes of an extension', [{ op: 'replace', path: ENTERPRISE, value: names(10_000) }], 30],
])('others may have their turn within %s', async (_title, operations, least) => {
  let chances = 0
  const normalized = await normalizePatchInTurns(userSchema, body(...operations), { tolerate: tolerant }, () => {
    chances += 1
    return undefined
  })
  expect(normalized).toEqual([])
  expect(chances).toBeGreaterThanOrEqual(least)
})

function names(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`unknown${at}`, 'x']))
}
