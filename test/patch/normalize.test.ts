import { normalizePatch } from '../../src/patch/normalize.js'
import type { PatchOperation } from '../../src/patch/patch.js'
import { PATCH_OP } from '../../src/urn.js'
import {
  ENTERPRISE,
  groupSchema,
  type Operations,
  OWN,
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
      expect(refused({ op, path, value })).toBe('mutability')
      expect(refusal(() => normalizePatch(userSchema, body({ op, path, value }), { tolerate: tolerant }))).toBe(
        'mutability',
      )
    }
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
