import { applyPatch, defineSchema, EnterpriseUser, ScimError, User } from '../../src/index.js'

const ENTERPRISE = EnterpriseUser.id
const extensions = [EnterpriseUser]

function user() {
  return {
    schemas: [User.id],
    id: 'a',
    userName: 'bjensen',
    name: { givenName: 'Barbara', familyName: 'Jensen' },
    emails: [
      { value: 'b@example.com', type: 'work' },
      { value: 'b@example.org', type: 'home' },
    ],
    meta: { version: 3 },
    passwordHash: 'scrypt',
  }
}

function refusal(run: () => unknown): readonly [number, string | undefined] {
  try {
    run()
  } catch (error) {
    if (ScimError.is(error)) return [error.status, error.scimType]
    throw error
  }
  throw new Error('nothing was refused')
}

describe('applyPatch', () => {
  test('applies the operations in their order, each to the result of the one before', () => {
    const patched = applyPatch(User, user(), [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'babs@example.com' },
      { op: 'remove', path: 'emails[value eq "babs@example.com"]' },
      { op: 'add', value: { nickName: 'Babs', active: true } },
    ])
    expect(patched).toEqual({
      ...user(),
      emails: [{ value: 'b@example.org', type: 'home' }],
      nickName: 'Babs',
      active: true,
    })
  })

  test('the resource stays as it is; what has not changed is shared', () => {
    const before = user()
    const patched = applyPatch(User, before, [{ op: 'replace', path: 'name.givenName', value: 'Babs' }])
    expect(before).toEqual(user())
    expect(patched).toEqual({ ...user(), name: { givenName: 'Babs', familyName: 'Jensen' } })
    expect(patched.emails).toBe(before.emails)
  })

  test('a patch that changes nothing gives the same object', () => {
    const before = user()
    expect(applyPatch(User, before, [{ op: 'replace', path: 'userName', value: 'bjensen' }])).toBe(before)
  })

  test('names are found in any letter case, values become canonical', () => {
    const patched = applyPatch(User, user(), [{ op: 'add', path: 'NICKNAME', value: 'Babs' }])
    expect(patched).toEqual({ ...user(), nickName: 'Babs' })
  })

  test('all operations are applied or none', () => {
    const before = user()
    const operations = [
      { op: 'add', path: 'title', value: 'Guide' },
      { op: 'replace', path: 'emails[type eq "other"].value', value: 'x@example.com' },
    ]
    expect(refusal(() => applyPatch(User, before, operations))).toEqual([400, 'noTarget'])
    expect(before).toEqual(user())
  })

  test.each([
    ['a path that is none', { op: 'add', path: 'emails[', value: 'x' }, 'invalidFilter'],
    ['an attribute that the schema lacks', { op: 'add', path: 'shoeSize', value: 'x' }, 'invalidPath'],
    ['a value of another type', { op: 'add', path: 'active', value: 'yes' }, 'invalidValue'],
    ['a readOnly attribute', { op: 'replace', path: 'id', value: 'b' }, 'mutability'],
    ['a required attribute that goes', { op: 'remove', path: 'userName' }, 'mutability'],
    ['an unknown op', { op: 'move', path: 'title', value: 'x' }, 'invalidSyntax'],
    ['another letter case of an op', { op: 'Add', path: 'title', value: 'x' }, 'invalidSyntax'],
  ])('refuses %s', (_what, operation, scimType) => {
    expect(refusal(() => applyPatch(User, user(), [operation], { extensions }))).toEqual([400, scimType])
  })

  test('refuses what is no list of operations, and an empty one', () => {
    expect(refusal(() => applyPatch(User, user(), []))).toEqual([400, 'invalidSyntax'])
    expect(refusal(() => applyPatch(User, user(), 'all' as never))).toEqual([400, 'invalidSyntax'])
  })

  describe('schemas', () => {
    const department = { op: 'add', path: `${ENTERPRISE}:department`, value: 'Tours' }

    test('names an extension as soon as it has a value, and no longer when it has none', () => {
      const patched = applyPatch(User, user(), [department], { extensions })
      expect(patched).toEqual({ ...user(), schemas: [User.id, ENTERPRISE], [ENTERPRISE]: { department: 'Tours' } })
      const again = applyPatch(User, patched, [{ op: 'remove', path: `${ENTERPRISE}:department` }], { extensions })
      expect(again.schemas).toEqual([User.id])
    })

    test('keeps what is not known of it', () => {
      const before = { ...user(), schemas: [User.id, 'urn:example:other'] }
      const patched = applyPatch(User, before, [department], { extensions })
      expect(patched.schemas).toEqual([User.id, 'urn:example:other', ENTERPRISE])
    })

    test('is not made where a store has none', () => {
      const { schemas: _, ...before } = user()
      expect(applyPatch(User, before, [department], { extensions })).not.toHaveProperty('schemas')
    })
  })

  test('an extension that is not configured is unknown', () => {
    const operation = { op: 'add', path: `${ENTERPRISE}:department`, value: 'Tours' }
    expect(refusal(() => applyPatch(User, user(), [operation]))).toEqual([400, 'invalidPath'])
  })

  test('two sets of extensions of one base do not mix', () => {
    const Badge = defineSchema({ id: 'urn:example:Badge', attributes: [{ name: 'number' }] })
    const operation = { op: 'add', path: 'urn:example:Badge:number', value: '7' }
    for (let turn = 0; turn < 2; turn += 1) {
      expect(applyPatch(User, user(), [operation], { extensions: [EnterpriseUser, Badge] })).toMatchObject({
        'urn:example:Badge': { number: '7' },
      })
      expect(refusal(() => applyPatch(User, user(), [operation], { extensions }))).toEqual([400, 'invalidPath'])
    }
  })

  test('compatibility: all tolerances, or single ones', () => {
    const operation = { op: 'Replace', path: 'active', value: 'True' }
    expect(applyPatch(User, user(), [operation], { compatibility: 'tolerant' })).toEqual({ ...user(), active: true })
    const one = { compatibility: { base: 'strict', operationCase: true } } as const
    expect(refusal(() => applyPatch(User, user(), [operation], one))).toEqual([400, 'invalidValue'])
    expect(() => applyPatch(User, user(), [operation], { compatibility: 'lenient' as never })).toThrow(
      'compatibility must be',
    )
  })

  test('limits: operations, and values of one operation', () => {
    const operation = { op: 'add', path: 'title', value: 'x' }
    const emails = { op: 'add', path: 'emails', value: [{ value: 'a' }, { value: 'b' }] }
    expect(refusal(() => applyPatch(User, user(), [operation, operation], { limits: { operations: 1 } }))[0]).toBe(413)
    expect(refusal(() => applyPatch(User, user(), [emails], { limits: { values: 1 } }))[0]).toBe(413)
  })
})
