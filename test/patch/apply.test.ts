import { applyOperations } from '../../src/patch/apply.js'
import { resourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import {
  deepFreeze,
  ENTERPRISE,
  groupSchema,
  type Operations,
  OWN,
  outcome,
  patch,
  patchGroup,
  patchUser,
  recording,
  refusal,
  tolerant,
  userSchema,
} from './support.js'

const base: JsonObject = { id: 'u1', userName: 'bjensen' }
const own = (attributes: JsonObject): JsonObject => ({ ...base, [OWN]: attributes })
const at = (path: string): string => `${OWN}:${path}`

describe('what does not change', () => {
  const stored = deepFreeze({
    ...base,
    title: 'Guide',
    name: { givenName: 'B' },
    emails: [{ value: 'a', type: 'work', primary: true }, { value: 'b' }],
    [ENTERPRISE]: { department: 'Tours' },
  })

  test.each([
    ['the same value', [{ op: 'replace', path: 'title', value: 'Guide' }]],
    ['the same part', [{ op: 'add', path: 'name.givenName', value: 'B' }]],
    [
      'the same list in another order',
      [
        {
          op: 'replace',
          path: 'emails',
          value: [
            { value: 'b', primary: false },
            { primary: true, type: 'work', value: 'a' },
          ],
        },
      ],
    ],
    [
      'what is already unassigned',
      [
        { op: 'remove', path: 'nickName' },
        { op: 'remove', path: 'name.familyName' },
        { op: 'remove', path: `${ENTERPRISE}:manager` },
        { op: 'remove', path: OWN },
      ],
    ],
    [
      'there and back',
      [
        { op: 'replace', path: 'title', value: 'x' },
        { op: 'replace', path: 'title', value: 'Guide' },
      ],
    ],
    [
      'there and back in a list',
      [
        { op: 'remove', path: 'emails[type eq "work"]' },
        { op: 'add', path: 'emails', value: [{ value: 'a', type: 'work', primary: true }] },
      ],
    ],
    [
      'there and back in an extension',
      [
        { op: 'remove', path: ENTERPRISE },
        { op: 'add', path: `${ENTERPRISE}:department`, value: 'Tours' },
      ],
    ],
    ['the primary value again', [{ op: 'replace', path: 'emails[type eq "work"].primary', value: true }]],
    ['primary false where none is', [{ op: 'replace', path: 'emails[value eq "b"].primary', value: false }]],
    ['an empty list to be added', [{ op: 'add', path: 'emails', value: [] }]],
    ['an object without attributes', [{ op: 'replace', value: {} }]],
  ])('[P-3.5.2.1-08] %s: the very same object', (_name, operations) => {
    expect(patchUser(stored, ...operations)).toBe(stored)
  })

  test('parts that are not touched are shared', () => {
    const result = patchUser(
      stored,
      { op: 'replace', path: 'title', value: 'x' },
      { op: 'add', path: 'emails', value: { value: 'c' } },
    )
    expect(result['name']).toBe(stored['name'])
    expect(result[ENTERPRISE]).toBe(stored[ENTERPRISE])
    expect((result['emails'] as unknown[])[0]).toBe(stored.emails[0])
  })
})

describe('stored resources', () => {
  test('null columns, Dates and numbers for text are understood', () => {
    const stored = deepFreeze({
      id: 7,
      userName: 'bjensen',
      title: null,
      name: null,
      emails: null,
      [ENTERPRISE]: { employeeNumber: 701984, department: null, manager: null },
      [OWN]: { hired: new Date('2020-01-01T00:00:00Z'), tags: null },
    })
    const same = [
      { op: 'remove', path: 'title' },
      { op: 'replace', path: `${ENTERPRISE}:employeeNumber`, value: '701984' },
      { op: 'replace', path: at('hired'), value: '2020-01-01T01:00:00+01:00' },
      { op: 'replace', value: { id: '7' } },
    ]
    expect(patchUser(stored, ...same)).toBe(stored)
    expect(
      patchUser(
        stored,
        { op: 'add', path: 'name.givenName', value: 'B' },
        { op: 'add', path: 'emails', value: { value: 'a' } },
        { op: 'add', path: at('tags'), value: 'red' },
        { op: 'remove', path: `${ENTERPRISE}:employeeNumber` },
      ),
    ).toEqual({
      id: 7,
      userName: 'bjensen',
      title: null,
      name: { givenName: 'B' },
      emails: [{ value: 'a' }],
      [OWN]: { hired: new Date('2020-01-01T00:00:00Z'), tags: ['red'] },
    })
  })

  test('numbers as ids of members', () => {
    const stored = { id: 'g', displayName: 'G', members: [{ value: 1 }, null, { value: 2 }] }
    expect(patchGroup(stored, { op: 'add', path: 'members', value: [{ value: '1' }] })).toBe(stored)
    expect(patchGroup(stored, { op: 'remove', path: 'members[value eq "1"]' })['members']).toEqual([{ value: 2 }])
  })

  test('a value that stands where a list should', () => {
    const stored = own({ tags: 'red' })
    expect(patchUser(stored, { op: 'add', path: at('tags'), value: 'RED' })).toBe(stored)
    expect(patchUser(stored, { op: 'add', path: at('tags'), value: 'blue' })[OWN]).toEqual({ tags: ['red', 'blue'] })
  })

  test("values that are still to be read are the caller's to collect", () => {
    const members = (async function* () {})()
    const run = () => patch(groupSchema, [{ op: 'remove', path: 'members' }]).apply({ id: 'g', members })
    expect(run).toThrow(TypeError)
  })

  test('a reference that the store holds twice goes as one', () => {
    const twice = { id: 'g', displayName: 'G', members: [{ value: 'a' }, { value: 'a', type: 'User' }, { value: 'b' }] }
    const removals = Array.from({ length: 8 }, (_, index) => ({ op: 'remove', path: `members[value eq "x${index}"]` }))
    expect(patchGroup(twice, ...removals)).toBe(twice)
    for (const before of [[], removals]) {
      expect(patchGroup(twice, ...before, { op: 'remove', path: 'members[value eq "a"]' })['members']).toEqual([
        { value: 'b' },
      ])
    }
  })

  test('an attribute named like a member of every object', () => {
    expect(patchUser(base, { op: 'remove', path: at('constructor') })).toBe(base)
    expect(patchUser(base, { op: 'add', path: at('constructor'), value: 'x' })).toEqual(own({ constructor: 'x' }))
  })
})

describe('values of a list', () => {
  test('[P-3.5.2.1-07] the same in another letter case is the same (A-59i)', () => {
    const stored = own({ tags: ['red'], codes: ['X1'] })
    expect(patchUser(stored, { op: 'add', path: at('tags'), value: ['RED', 'Red'] })).toBe(stored)
    expect(patchUser(stored, { op: 'add', path: at('codes'), value: 'x1' })[OWN]).toEqual({
      tags: ['red'],
      codes: ['X1', 'x1'],
    })
  })

  test('[P-3.5.2.3-03] a replace may change the letter case', () => {
    expect(patchUser(own({ tags: ['red'] }), { op: 'replace', path: at('tags'), value: ['RED'] })[OWN]).toEqual({
      tags: ['RED'],
    })
  })

  test('[S-2.4-04] the same type and value is there once: what is added is taken over', () => {
    const stored = {
      ...base,
      emails: [
        { value: 'a@x', type: 'work' },
        { value: 'b@x', type: 'home', primary: true },
      ],
    }
    const value = [{ value: 'A@X', type: 'Work', display: 'A', primary: true }]
    expect(patchUser(stored, { op: 'add', path: 'emails', value })['emails']).toEqual([
      { value: 'a@x', type: 'work', display: 'A', primary: true },
      { value: 'b@x', type: 'home', primary: false },
    ])
  })

  test('members are known by their id, letter by letter (A-19b)', () => {
    const stored = { id: 'g', displayName: 'G', members: [{ value: 'Ab' }] }
    expect(patchGroup(stored, { op: 'add', path: 'members', value: { value: 'ab' } })['members']).toHaveLength(2)
    expect(patchGroup(stored, { op: 'remove', path: 'members[value eq "ab"]' })).toBe(stored)
    expect(patchGroup(stored, { op: 'remove', path: 'members[value eq "ab" and value pr]' })).toBe(stored)
    expect(patchGroup(stored, { op: 'remove', path: 'members[value eq "Ab"]' })).not.toHaveProperty('members')
  })

  test('a member that comes again keeps what the server knows of it', () => {
    const stored = { id: 'g', displayName: 'G', members: [{ value: 'a', type: 'User', display: 'A' }, { value: 'b' }] }
    const again = [
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: [{ value: 'a', display: 'Old' }] },
    ]
    expect(patchGroup(stored, ...again)['members']).toEqual([stored.members[0]])
    expect(patchGroup(stored, { op: 'replace', path: 'members', value: [{ value: 'b' }, { value: 'a' }] })).toBe(stored)
  })

  test('what a client may change of a reference it may change by adding it again', () => {
    const owners = [
      { value: 'a', role: 'chief' },
      { value: 'b', role: 'deputy' },
    ]
    const stored = own({ owners })
    expect(patchUser(stored, { op: 'add', path: at('owners'), value: { value: 'b', role: 'chief' } })[OWN]).toEqual({
      owners: [owners[0], { value: 'b', role: 'chief' }],
    })
    expect(patchUser(stored, { op: 'add', path: at('owners'), value: { value: 'b' } })).toBe(stored)
    expect(patchUser(stored, { op: 'replace', path: at('owners'), value: { value: 'b' } })[OWN]).toEqual({
      owners: [{ value: 'b' }],
    })
  })

  test('readOnly parts of a value stay when it comes again', () => {
    const stored = own({ devices: [{ serial: 'S', kind: 'phone', seen: 'today' }] })
    expect(
      patchUser(stored, { op: 'replace', path: at('devices'), value: [{ serial: 'S', kind: 'phone', seen: 'never' }] }),
    ).toBe(stored)
  })

  test('[P-3.5.2.3-06] values that become equal are one (A-56)', () => {
    const stored = { ...base, roles: [{ value: 'a', type: 'x' }, { value: 'b', type: 'x' }, { value: 'c' }] }
    expect(patchUser(stored, { op: 'replace', path: 'roles[type eq "x"]', value: { value: 'z' } })['roles']).toEqual([
      { value: 'z', type: 'x' },
      { value: 'c' },
    ])
  })

  test('[S-2.4-04] so are those that a sub-attribute makes equal (A-56)', () => {
    const roles = [{ value: 'a', type: 'x' }, { value: 'b', type: 'x' }, { value: 'a' }]
    const rolesAfter = (operation: object): unknown => patchUser({ ...base, roles }, operation)['roles']
    expect(rolesAfter({ op: 'replace', path: 'roles[type eq "x"].value', value: 'z' })).toEqual([
      { value: 'z', type: 'x' },
      { value: 'a' },
    ])
    expect(rolesAfter({ op: 'replace', path: 'roles[value eq "b"].value', value: 'a' })).toEqual([
      { value: 'a', type: 'x' },
      { value: 'a' },
    ])
    expect(rolesAfter({ op: 'add', path: 'roles.value', value: 'z' })).toEqual([
      { value: 'z', type: 'x' },
      { value: 'z' },
    ])
    expect(rolesAfter({ op: 'remove', path: 'roles.type' })).toEqual([{ value: 'a' }, { value: 'b' }])
  })

  test('simple values are chosen by the name value (A-19)', () => {
    const stored = own({ tags: ['red', 'blue'] })
    expect(patchUser(stored, { op: 'remove', path: at('tags[value eq "RED"]') })[OWN]).toEqual({ tags: ['blue'] })
    expect(patchUser(stored, { op: 'replace', path: at('tags[value sw "r"].value'), value: 'green' })[OWN]).toEqual({
      tags: ['green', 'blue'],
    })
    expect(patchUser(stored, { op: 'replace', path: at('tags[value eq "red"]'), value: 'blue' })[OWN]).toEqual({
      tags: ['blue'],
    })
    expect(refusal(() => patchUser(stored, { op: 'replace', path: at('tags[value eq "x"]'), value: 'y' }))).toBe(
      'noTarget',
    )
  })

  test('[P-3.5.2.2-04] a value of which nothing is left goes, and the attribute with the last', () => {
    const stored = { ...base, emails: [{ value: 'a' }, { value: 'b', type: 'home' }] }
    expect(patchUser(stored, { op: 'remove', path: 'emails[value eq "a"].value' })['emails']).toEqual([
      { value: 'b', type: 'home' },
    ])
    expect(patchUser({ ...base, emails: [{ value: 'a' }] }, { op: 'remove', path: 'emails.value' })).toEqual(base)
    expect(patchUser(stored, { op: 'remove', path: 'emails.value' })['emails']).toEqual([{ type: 'home' }])
    expect(patchUser(stored, { op: 'remove', path: 'emails[type eq "home"]' })['emails']).toEqual([{ value: 'a' }])
  })

  test('a part without filter is set in all values (A-59a), or in a new one (A-119)', () => {
    const stored = { ...base, emails: [{ value: 'a' }, { value: 'b' }] }
    expect(patchUser(stored, { op: 'replace', path: 'emails.type', value: 'work' })['emails']).toEqual([
      { value: 'a', type: 'work' },
      { value: 'b', type: 'work' },
    ])
    expect(patchUser(base, { op: 'add', path: 'emails.value', value: 'a' })['emails']).toEqual([{ value: 'a' }])
    expect(patchUser(base, { op: 'remove', path: 'emails.value' })).toBe(base)
    expect(patchUser(base, { op: 'replace', path: 'emails.value', value: null })).toBe(base)
  })

  test('[P-3.5.2-12] primary set on several values: the last has it', () => {
    const stored = { ...base, emails: [{ value: 'a', primary: true }, { value: 'b' }, { value: 'c' }] }
    expect(patchUser(stored, { op: 'replace', path: 'emails[value pr].primary', value: true })['emails']).toEqual([
      { value: 'a', primary: false },
      { value: 'b' },
      { value: 'c', primary: true },
    ])
  })

  test('[P-3.5.2-12] primary in the value that a chosen one gets', () => {
    const stored = {
      ...base,
      emails: [
        { value: 'a', primary: true },
        { value: 'b', type: 'home' },
      ],
    }
    const set = (value: unknown) =>
      patchUser(stored, { op: 'replace', path: 'emails[type eq "home"]', value })['emails']
    expect(set({ primary: true })).toEqual([
      { value: 'a', primary: false },
      { value: 'b', type: 'home', primary: true },
    ])
    expect(set({ primary: false, display: 'B' })).toEqual([
      { value: 'a', primary: true },
      { value: 'b', type: 'home', display: 'B' },
    ])
    expect(patchUser(stored, { op: 'replace', path: 'emails.display', value: 'D' })['emails']).toEqual([
      { value: 'a', primary: true, display: 'D' },
      { value: 'b', type: 'home', display: 'D' },
    ])
  })

  test('[P-3.5.2-12] another part that is true makes nothing primary', () => {
    const subAttributes = [
      { name: 'value' },
      { name: 'primary', type: 'boolean' },
      { name: 'shared', type: 'boolean' },
    ] as const
    const schema = resourceSchema({
      id: 'urn:example:Keys',
      attributes: [{ name: 'keys', type: 'complex', multiValued: true, subAttributes }] as const,
    })
    const stored = deepFreeze({ id: '1', keys: [{ value: 'a', primary: true }, { value: 'b' }] })
    const operations = [{ op: 'replace', path: 'keys[value eq "b"].shared', value: true }]
    expect(patch(schema, operations).apply(stored)['keys']).toEqual([
      { value: 'a', primary: true },
      { value: 'b', shared: true },
    ])
  })

  test('[P-3.5.2-12] over several operations the last one wins (A-30)', () => {
    const add = (value: string) => ({ op: 'add', path: 'emails', value: { value, primary: true } })
    expect(patchUser(base, add('a'), add('b'))['emails']).toEqual([
      { value: 'a', primary: false },
      { value: 'b', primary: true },
    ])
  })

  test('a list inside a value', () => {
    const stored = own({ badge: { number: '1', holes: [1, 2] } })
    const holes = (...operations: unknown[]) => (patchUser(stored, ...operations)[OWN] as any).badge.holes
    expect(holes({ op: 'add', path: at('badge.holes'), value: [2, 3] })).toEqual([1, 2, 3])
    expect(holes({ op: 'replace', path: at('badge.holes'), value: 4 })).toEqual([4])
    expect(holes({ op: 'remove', path: at('badge.holes') })).toBeUndefined()
    expect(holes({ op: 'replace', path: at('badge.holes'), value: null })).toBeUndefined()
    expect(holes({ op: 'replace', path: at('badge'), value: { holes: null } })).toBeUndefined()
    expect(patchUser(stored, { op: 'add', path: at('badge.holes'), value: 1 })).toBe(stored)
    const listed = outcome(
      userSchema,
      stored,
      [{ op: 'remove', path: at('badge.holes'), value: [1, 9] }],
      tolerant,
    ) as any
    expect(listed[OWN].badge.holes).toEqual([2])
  })
})

describe('complex attributes', () => {
  test('[P-3.5.2.3-05] null in an object unassigns that part, the last one the whole', () => {
    const stored = { ...base, name: { givenName: 'B', familyName: 'J' } }
    expect(patchUser(stored, { op: 'replace', path: 'name', value: { givenName: null } })['name']).toEqual({
      familyName: 'J',
    })
    expect(patchUser(stored, { op: 'replace', path: 'name', value: { givenName: null, familyName: null } })).toEqual(
      base,
    )
    expect(patchUser(stored, { op: 'add', path: 'name', value: { givenName: null, middleName: 'M' } })['name']).toEqual(
      {
        ...stored.name,
        middleName: 'M',
      },
    )
  })

  test('a filter behind a singular one chooses among one value (A-126)', () => {
    const stored = { ...base, name: { givenName: 'B', familyName: 'J' } }
    expect(patchUser(stored, { op: 'replace', path: 'name[familyName eq "j"].givenName', value: 'C' })['name']).toEqual(
      {
        givenName: 'C',
        familyName: 'J',
      },
    )
    expect(patchUser(stored, { op: 'remove', path: 'name[familyName eq "x"]' })).toBe(stored)
    const operations = [{ op: 'replace', path: 'name[familyName eq "x"].givenName', value: 'C' }]
    expect(outcome(userSchema, stored, operations, tolerant)).toBe('noTarget')
    expect(outcome(userSchema, base, operations, tolerant)).toEqual({
      ...base,
      name: { familyName: 'x', givenName: 'C' },
    })
    expect(refusal(() => patchUser(base, ...operations))).toBe('noTarget')
    // An absent value meets no filter, not even `not (… pr)`.
    const absent = { op: 'replace', path: 'name[not (familyName pr)].givenName', value: 'C' }
    expect(refusal(() => patchUser(base, absent))).toBe('noTarget')
    expect(patchUser({ ...base, name: { givenName: 'B' } }, absent)['name']).toEqual({ givenName: 'C' })
    expect(patchUser(stored, { op: 'remove', path: 'name[familyName eq "j"].givenName' })['name']).toEqual({
      familyName: 'J',
    })
    expect(patchUser(stored, { op: 'remove', path: 'name[familyName eq "j"]' })).toEqual(base)
  })

  test('an operation that can make no value says so', () => {
    for (const path of ['name[familyName eq "x"].givenName', 'emails[type eq "work"].value']) {
      const [operation] = patch(userSchema, [{ op: 'replace', path, value: 'C' }], { tolerate: tolerant }).operations
      if (!operation) throw new Error('no operation')
      expect(refusal(() => applyOperations([{ ...operation, create: undefined }], base))).toBe('noTarget')
    }
  })

  test('a manager who is another takes nothing along of the one before', () => {
    const stored = { ...base, [ENTERPRISE]: { manager: { value: 'u2', $ref: '../Users/u2', displayName: 'John' } } }
    const manager = (...operations: unknown[]) =>
      (patchUser(stored, ...operations)[ENTERPRISE] as JsonObject)['manager']
    expect(manager({ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'u3' } })).toEqual({ value: 'u3' })
    expect(manager({ op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'u3' })).toEqual({ value: 'u3' })
    expect(manager({ op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'u2' })).toBe(
      stored[ENTERPRISE].manager,
    )
    expect(
      manager({ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'u3', $ref: '../Users/u3' } }),
    ).toEqual({
      value: 'u3',
      $ref: '../Users/u3',
    })
  })

  test('what tells about a resource stays as long as the reference does', () => {
    const stored = {
      ...base,
      [ENTERPRISE]: { manager: { value: 'u2', $ref: '../Users/u2', displayName: 'John' } },
      [OWN]: {
        owners: [{ value: 'a', $ref: '../a', role: 'x' }],
        devices: [{ serial: 'S', kind: 'phone', seen: 'today' }],
      },
    }
    const changed = patchUser(
      stored,
      { op: 'replace', path: `${ENTERPRISE}:manager.$ref`, value: '/v2/Users/u2' },
      { op: 'replace', path: at('owners[value eq "a"].value'), value: 'b' },
      { op: 'replace', path: at('devices[serial eq "S"].kind'), value: 'pad' },
    )
    expect(changed[ENTERPRISE]).toEqual({ manager: { value: 'u2', $ref: '/v2/Users/u2', displayName: 'John' } })
    expect(changed[OWN]).toEqual({
      owners: [{ value: 'b', role: 'x' }],
      devices: [{ serial: 'S', kind: 'pad', seen: 'today' }],
    })
  })

  test('[S-2.4-03] a value that says only that it is not primary says nothing', () => {
    const stored = (primary: boolean) => ({ ...base, emails: [{ value: 'a', primary }, { value: 'b' }] })
    const remove = { op: 'remove', path: 'emails[value eq "a"].value' }
    expect(patchUser(stored(false), remove)['emails']).toEqual([{ value: 'b' }])
    expect(patchUser(stored(true), remove)['emails']).toEqual([{ primary: true }, { value: 'b' }])
    // A PATCH without effect leaves a stored `primary: false` alone.
    const had = { ...base, emails: [{ primary: false }, { value: 'b' }] }
    expect(patchUser(had, { op: 'remove', path: 'emails[not (value pr)].display' })).toBe(had)
  })

  test('[P-3.5.2.3-05] {} and what only the server may say are no wish to unassign', () => {
    const stored = { ...base, [ENTERPRISE]: { manager: { value: 'u2' } } }
    expect(patchUser(stored, { op: 'replace', path: `${ENTERPRISE}:manager`, value: { displayName: 'X' } })).toBe(
      stored,
    )
    expect(patchUser(stored, { op: 'replace', path: `${ENTERPRISE}:manager`, value: {} })).toBe(stored)
  })
})

describe('mutability', () => {
  test.each([
    ['a value', 'fixed', 'A', 'B'],
    ['a list', 'keys', ['a'], ['b']],
  ])('[P-3.5.2-08] immutable %s: only where there is none', (_name, name, value, other) => {
    const once = patchUser(base, { op: 'add', path: at(name), value })
    expect(once).toEqual(own({ [name]: value }))
    expect(patchUser(once, { op: 'add', path: at(name), value })).toBe(once)
    for (const operation of [
      { op: 'add', value: other },
      { op: 'replace', value: other },
      { op: 'replace', value: null },
      { op: 'remove' },
    ]) {
      expect(refusal(() => patchUser(once, { ...operation, path: at(name) }))).toBe('mutability')
    }
    expect(patchUser(base, { op: 'remove', path: at(name) })).toBe(base)
    // RFC 7644 section 3.5.2: "the resulting resource becomes the target of the next operation."
    const both = [
      { op: 'add', path: at(name), value },
      { op: 'add', path: at(name), value: other },
    ]
    expect(refusal(() => patchUser(base, ...both))).toBe('mutability')
  })

  test('[P-3.5.2-08] an immutable part of a value', () => {
    const stored = own({ devices: [{ serial: 'S', maker: 'M' }, { serial: 'T' }] })
    const set = (serial: string, value: unknown) => ({
      op: 'replace',
      path: at(`devices[serial eq "${serial}"]`),
      value,
    })
    expect(patchUser(stored, set('S', { maker: 'M' }))).toBe(stored)
    expect(refusal(() => patchUser(stored, set('S', { maker: 'N' })))).toBe('mutability')
    expect(refusal(() => patchUser(stored, set('S', { maker: null })))).toBe('mutability')
    expect(patchUser(stored, set('T', { maker: 'N' }))[OWN]).toEqual({
      devices: [
        { serial: 'S', maker: 'M' },
        { serial: 'T', maker: 'N' },
      ],
    })
    // The value as a whole may go.
    expect(patchUser(stored, set('S', null))[OWN]).toEqual({ devices: [{ serial: 'T' }] })
  })

  test('an extension with an immutable value cannot be removed', () => {
    expect(refusal(() => patchUser(own({ fixed: 'A', level: 1 }), { op: 'remove', path: OWN }))).toBe('mutability')
  })

  test('an extension goes with what has come in the same request', () => {
    const add = { op: 'add', path: at('tags'), value: ['b'] }
    expect(patchUser(own({ tags: ['a'] }), add, { op: 'remove', path: OWN })).toEqual(base)
    expect(patchUser(base, add, { op: 'remove', path: OWN })).toBe(base)
  })

  test('an extension goes without what the server sets', () => {
    expect(patchUser(own({ serverSet: 's', level: 1, tags: ['a'] }), { op: 'remove', path: OWN })).toEqual(
      own({ serverSet: 's' }),
    )
  })

  test('[P-3.5.2-07] strict: a readOnly attribute in a value may only say what is stored (A-59c)', () => {
    const stored = { ...base, groups: [{ value: 'g1', display: 'G' }, { value: 'g2' }], [OWN]: { serverSet: 's' } }
    const say = (value: JsonObject) =>
      refusal(() => patchUser(stored, { op: 'replace', value: { title: 'x', ...value } }))
    const title = { ...stored, title: 'x' }
    expect(say({ id: 'u1' })).toEqual(title)
    expect(say({ groups: [{ value: 'g2', $ref: 'x' }, { value: 'g1' }] })).toEqual(title)
    expect(say({ [OWN]: { serverSet: 's' } })).toEqual(title)
    expect(say({ id: 'u2' })).toBe('mutability')
    expect(say({ groups: [{ value: 'g1' }] })).toBe('mutability')
    expect(say({ groups: null })).toBe('mutability')
    expect(say({ groups: [{ value: 'g1' }, { value: 'g3' }] })).toBe('mutability')
    expect(say({ groups: [{ value: 'g1' }, { value: 'g2' }, { value: 'g1' }] })).toEqual(title)
    expect(say({ groups: [{ value: { toString: 1 } }] })).toBe('mutability')
    expect(say({ schemas: ['x'], meta: { created: 5 } })).toEqual(title)
  })
})

describe('[P-3.5.2-19] what is left is complete', () => {
  test('a complex value without its required part', () => {
    expect(refusal(() => patchUser(base, { op: 'add', path: at('badge'), value: { color: 'red' } }))).toBe(
      'invalidValue',
    )
    expect(refusal(() => patchUser(base, { op: 'add', path: at('badge.color'), value: 'red' }))).toBe('invalidValue')
    const both = [
      { op: 'add', path: at('badge.color'), value: 'red' },
      { op: 'add', path: at('badge.number'), value: '1' },
    ]
    expect(patchUser(base, ...both)).toEqual(own({ badge: { color: 'red', number: '1' } }))
    expect(refusal(() => patchUser(own({ badge: { number: '1' } }), { op: 'remove', path: at('badge.number') }))).toBe(
      'mutability',
    )
  })

  test('what goes as a whole needs no part of it', () => {
    const stored = own({ badge: { number: '1' }, devices: [{ serial: 'S' }], level: 1 })
    expect(patchUser(stored, { op: 'remove', path: at('badge') })).toEqual(
      own({ devices: [{ serial: 'S' }], level: 1 }),
    )
    expect(patchUser(stored, { op: 'remove', path: at('devices') })).toEqual(own({ badge: { number: '1' }, level: 1 }))
  })

  test('what the server has to give a client need not', () => {
    const subAttributes = [{ name: 'number' }, { name: 'issuer', mutability: 'readOnly', required: true }] as const
    const schema = resourceSchema({
      id: 'urn:example:Card',
      attributes: [{ name: 'card', type: 'complex', subAttributes }] as const,
    })
    const operations = [{ op: 'add', path: 'card.number', value: '1' }]
    expect(patch(schema, operations).apply({ id: '1' })).toEqual({ id: '1', card: { number: '1' } })
  })

  test('a value of a list without its required part', () => {
    expect(refusal(() => patchUser(base, { op: 'add', path: at('devices'), value: { kind: 'x' } }))).toBe(
      'invalidValue',
    )
    expect(refusal(() => patchUser(base, { op: 'add', path: at('devices.kind'), value: 'x' }))).toBe('invalidValue')
    const missing = [{ op: 'add', path: at('devices[kind eq "x"].maker'), value: 'M' }]
    expect(outcome(userSchema, base, missing, tolerant)).toBe('invalidValue')
  })

  test('what was incomplete before and is not touched is no fault of the client', () => {
    const stored = { id: 'u1', [OWN]: { badge: { color: 'red' }, devices: [{ kind: 'x' }] } }
    expect(patchUser(stored, { op: 'add', path: 'title', value: 'x' })).toEqual({ ...stored, title: 'x' })
    expect(patchUser(stored, { op: 'add', path: at('devices'), value: { serial: 'S' } })[OWN]).toEqual({
      badge: { color: 'red' },
      devices: [{ kind: 'x' }, { serial: 'S' }],
    })
  })

  test('there and back in what was incomplete before is no change', () => {
    const stored = own({ badge: { color: 'red' } })
    const color = (value: string) => ({ op: 'replace', path: at('badge.color'), value })
    expect(patchUser(stored, color('blue'), color('red'))).toBe(stored)
    expect(refusal(() => patchUser(stored, color('blue')))).toBe('invalidValue')
  })

  const Strict = {
    id: 'urn:example:Strict',
    attributes: [{ name: 'list', multiValued: true, required: true }, { name: 'title' }] as const,
  }
  const Needed = { id: 'urn:example:Needed', attributes: [{ name: 'code', required: true }, { name: 'note' }] as const }

  test('[P-3.5.2.2-06] the last value of a required list stays', () => {
    const schema = resourceSchema(Strict)
    const stored = deepFreeze({ id: '1', list: ['a', 'b'] })
    const run = (...operations: unknown[]) => refusal(() => patch(schema, operations).apply(stored))
    expect(run({ op: 'remove', path: 'list[value eq "a"]' })).toEqual({ id: '1', list: ['b'] })
    expect(run({ op: 'remove', path: 'list[value pr]' })).toBe('mutability')
    expect(run({ op: 'remove', path: 'list[value pr]' }, { op: 'add', path: 'list', value: 'c' })).toEqual({
      id: '1',
      list: ['c'],
    })
    for (const value of [null, []]) expect(run({ op: 'replace', path: 'list', value })).toBe('mutability')
    expect(run({ op: 'remove', path: 'list' })).toBe('mutability')
  })

  test('an extension with a required attribute, and a required extension', () => {
    const optional = resourceSchema(Strict, [{ schema: Needed, required: false }])
    const required = resourceSchema(Strict, [{ schema: Needed, required: true }])
    const plain = deepFreeze({ id: '1', list: ['a'] })
    const extended = deepFreeze({ ...plain, [Needed.id]: { code: 'c' } })
    const run = (schema: typeof optional, stored: JsonObject, ...operations: unknown[]) =>
      refusal(() => patch(schema, operations).apply(stored))
    const note = { op: 'add', path: `${Needed.id}:note`, value: 'n' }
    expect(run(optional, plain, note)).toBe('invalidValue')
    expect(run(optional, plain, note, { op: 'add', path: `${Needed.id}:code`, value: 'c' })).toEqual({
      ...plain,
      [Needed.id]: { note: 'n', code: 'c' },
    })
    expect(run(optional, extended, note)).toEqual({ ...plain, [Needed.id]: { code: 'c', note: 'n' } })
    expect(run(optional, extended, { op: 'remove', path: `${Needed.id}:code` })).toBe('mutability')
    expect(run(optional, extended, { op: 'remove', path: Needed.id })).toEqual(plain)
    expect(run(required, extended, { op: 'remove', path: Needed.id })).toBe('mutability')
    // A value that was incomplete before stays incomplete.
    const incomplete = deepFreeze({ ...plain, [Needed.id]: { note: 'n' } })
    expect(run(optional, incomplete, { ...note, value: 'm' })).toEqual({ ...plain, [Needed.id]: { note: 'm' } })
  })

  test('the last value of a required extension, and of a required list in one', () => {
    const Notes = { id: 'urn:example:Notes', attributes: [{ name: 'note' }, { name: 'hint' }] as const }
    const Lists = {
      id: 'urn:example:Lists',
      attributes: [{ name: 'list', multiValued: true, required: true }, { name: 'note' }] as const,
    }
    const schema = resourceSchema(Strict, [
      { schema: Notes, required: true },
      { schema: Lists, required: false },
    ])
    const stored = deepFreeze({
      id: '1',
      list: ['a'],
      [Notes.id]: { note: 'n' },
      [Lists.id]: { list: ['a', 'b'], note: 'n' },
    })
    const run = (...operations: unknown[]) => refusal(() => patch(schema, operations).apply(stored))
    const clear = { op: 'remove', path: `${Notes.id}:note` }
    expect(run(clear)).toBe('mutability')
    expect(run(clear, { op: 'add', path: `${Notes.id}:hint`, value: 'h' })).toEqual({
      ...stored,
      [Notes.id]: { hint: 'h' },
    })
    expect(run({ op: 'remove', path: `${Lists.id}:list[value pr]` })).toBe('mutability')
    expect(run({ op: 'remove', path: `${Lists.id}:list[value eq "a"]` })).toMatchObject({
      [Lists.id]: { list: ['b'], note: 'n' },
    })
    expect(run({ op: 'remove', path: Lists.id })).not.toHaveProperty([Lists.id])
  })
})

describe('schemas as path (A-59f)', () => {
  const stored = { ...base, title: 'x', [ENTERPRISE]: { department: 'Tours' }, [OWN]: { level: 1 } }
  const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
  const run = (...operations: unknown[]) => refusal(() => patchUser(stored, ...operations))
  const without = (...urns: string[]) =>
    Object.fromEntries(Object.entries(stored).filter(([name]) => !urns.includes(name)))

  test('[P-3.5.2-10] a URI that goes takes its data along', () => {
    expect(run({ op: 'remove', path: `schemas[value eq "${ENTERPRISE}"]` })).toEqual(without(ENTERPRISE))
    expect(run({ op: 'replace', path: 'schemas', value: [USER.toUpperCase(), OWN] })).toEqual(without(ENTERPRISE))
    expect(run({ op: 'replace', path: 'schemas', value: USER })).toEqual(without(ENTERPRISE, OWN))
    expect(run({ op: 'replace', path: `schemas[value eq "${OWN}"]`, value: ENTERPRISE })).toEqual(without(OWN))
    const again = { op: 'add', path: `${ENTERPRISE}:division`, value: 'D' }
    expect(run({ op: 'remove', path: `schemas[value eq "${ENTERPRISE}"]` }, again)).toEqual({
      ...without(ENTERPRISE),
      [ENTERPRISE]: { division: 'D' },
    })
  })

  test('a URI that comes changes nothing by itself', () => {
    expect(run({ op: 'add', path: 'schemas', value: [USER, ENTERPRISE] })).toBe(stored)
    expect(run({ op: 'add', path: 'schemas', value: ENTERPRISE })).toBe(stored)
  })

  test('the URI of the base schema stays', () => {
    expect(run({ op: 'remove', path: 'schemas' })).toBe('mutability')
    expect(run({ op: 'remove', path: `schemas[value eq "${USER}"]` })).toBe('mutability')
    expect(run({ op: 'replace', path: 'schemas', value: null })).toBe('mutability')
    expect(run({ op: 'replace', path: 'schemas', value: [OWN] })).toBe('mutability')
  })

  test('other URIs and values', () => {
    expect(run({ op: 'add', path: 'schemas', value: ['urn:example:other'] })).toBe('invalidSyntax')
    expect(outcome(userSchema, stored, [{ op: 'add', path: 'schemas', value: ['urn:example:other'] }], tolerant)).toBe(
      stored,
    )
    expect(run({ op: 'add', path: 'schemas', value: [5] })).toBe('invalidValue')
    expect(() => patchUser(stored, { op: 'add', path: 'schemas' })).toThrow('An operation "add" must have a value')
    expect(() => patchUser(stored, { op: 'replace', path: 'schemas' })).toThrow(
      'An operation "replace" must have a value',
    )
    expect(patchUser(stored, { op: 'add', path: 'schemas', value: null })).toBe(stored)
    const others = recording('unknownAttribute')
    expect(outcome(userSchema, stored, [{ op: 'add', path: 'schemas', value: 'urn:x' }], others.tolerate)).toBe(stored)
    const asked: unknown[] = []
    const tolerate: typeof tolerant = (...asking) => asked.push(asking) > 0
    outcome(userSchema, stored, [{ op: 'add', path: 'schemas', value: 'urn:x' }], tolerate)
    outcome(userSchema, stored, [{ op: 'remove', path: 'schemas', value: [OWN] }], tolerate)
    expect(asked).toEqual([
      ['unknownAttribute', 'schemas'],
      ['removeByValue', 'schemas'],
    ])
    expect(run({ op: 'remove', path: `schemas[value eq "${OWN}"]`, value: null })).toEqual(without(OWN))
    expect(run({ op: 'replace', path: 'schemas[value eq "x"]', value: OWN })).toBe('noTarget')
    expect(run({ op: 'remove', path: 'schemas', value: [OWN] })).toBe('invalidSyntax')
    expect(outcome(userSchema, stored, [{ op: 'remove', path: 'schemas', value: [OWN] }], tolerant)).toEqual(
      without(OWN),
    )
  })
})

describe('large groups', () => {
  const members = Array.from({ length: 2_000 }, (_, index) => ({ value: `m${index}`, type: 'User' }))
  const stored = deepFreeze({ id: 'g', displayName: 'G', members })

  test('many operations on many members', () => {
    const operations = members.flatMap(({ value }, index) =>
      index % 2 === 0 || index >= 1_000
        ? []
        : [
            { op: 'remove', path: `members[value eq "${value}"]` },
            { op: 'add', path: 'members', value: [{ value: `n${index}` }] },
          ],
    )
    const result = patchGroup(stored, ...operations)['members'] as typeof members
    const kept = members.filter((_, index) => index % 2 === 0 || index >= 1_000)
    expect(result.slice(0, kept.length)).toEqual(kept)
    expect(result.slice(kept.length).map(({ value }) => value)).toEqual(
      Array.from({ length: 500 }, (_, index) => `n${index * 2 + 1}`),
    )
  })

  test('what would keep other requests waiting is refused', () => {
    const huge = {
      id: 'g',
      displayName: 'G',
      members: Array.from({ length: 10_000 }, (_, index) => ({ value: `${index}` })),
    }
    const look = { op: 'remove', path: 'members[type eq "Robot"]' }
    const run = (count: number) =>
      patch(
        groupSchema,
        Array.from({ length: count }, () => look),
      ).apply(huge)
    expect(run(3)).toBe(huge)
    expect(run(15)).toBe(huge)
    expect(() => run(16)).toThrow('Too many operations')
  })

  test('operations by filter and by id among each other', () => {
    const result = patchGroup(
      stored,
      ...Array.from({ length: 10 }, (_, index) => ({ op: 'add', path: 'members', value: { value: `n${index}` } })),
      { op: 'remove', path: 'members[value sw "m"]' },
      { op: 'remove', path: 'members[value eq "n3"]' },
      { op: 'add', path: 'members', value: [{ value: 'm7' }, { value: 'n3' }, { value: 'n4' }] },
    )
    const values = (result['members'] as typeof members).map(({ value }) => value)
    expect(values.sort()).toEqual(['m7', ...Array.from({ length: 10 }, (_, index) => `n${index}`)].sort())
    // The member is the stored object.
    expect(result['members']).toContain(members[7])
  })
})

describe('what would take long is refused', () => {
  const many = Array.from({ length: 3_000 }, (_, index) => ({ value: `${index}` }))
  const filter = (count: number, condition: string): string =>
    Array.from({ length: count }, () => condition).join(' or ')
  const times = (count: number, operation: object): Operations => Array.from({ length: count }, () => operation)
  const done = (stored: object, operations: Operations): unknown =>
    refusal(() => patch(userSchema, operations, { tolerate: tolerant }).apply({ ...base, ...stored }) !== undefined)
  const long = { name: { familyName: 'x'.repeat(50_000) } }
  // Operations that nearly reach the limit of the work, in little time: all operations are counted together.
  const look = { op: 'remove', path: `name[${filter(10, 'familyName co "ab"')}]` }
  const subsets = (names: readonly string[]): object[] =>
    Array.from({ length: 2 ** names.length }, (_, bits) =>
      Object.fromEntries(names.filter((_name, at) => bits & (1 << at)).map((name) => [name, 'none'])),
    )

  test.each<readonly [string, object, (much: number) => Operations]>([
    [
      'a new primary value for each operation',
      { ...long, emails: many },
      (much) => [look, ...times(2 * much, { op: 'add', path: 'emails', value: [{ value: 'new', primary: true }] })],
    ],
    [
      'many conditions on each of many values',
      { emails: many },
      (much) => [{ op: 'remove', path: `emails[${filter(10 * much, 'value eq "x"')}]` }],
    ],
    [
      'long texts in a list',
      { emails: [{ value: 'x'.repeat(50_000) }] },
      (much) => [{ op: 'remove', path: `emails[${filter(3 * much, 'value co "ab"')}]` }],
    ],
    [
      'long texts that are no list',
      long,
      (much) => [{ op: 'remove', path: `name[${filter(3 * much, 'familyName co "ab"')}]` }],
    ],
    [
      'values listed by many choices of what they have',
      { addresses: many.map(({ value }) => ({ locality: value })) },
      (much) => [
        {
          op: 'remove',
          path: 'addresses',
          value: subsets(
            ['formatted', 'streetAddress', 'region', 'postalCode', 'country', 'type', 'locality'].slice(0, much),
          ),
        },
      ],
    ],
    [
      'values that are compared with all others',
      { ...long, emails: many },
      (much) => [look, ...times(much, { op: 'replace', path: 'emails[value eq "1"]', value: { display: 'x' } })],
    ],
    [
      'an immutable list',
      { [OWN]: { keys: many.map(({ value }) => value) } },
      (much) => times(5 * much, { op: 'add', path: `${OWN}:keys`, value: ['1'] }),
    ],
  ])('%s is done, and eight times as much is 413', (_title, stored, operations) => {
    expect(done(stored, operations(1))).toBe(true)
    expect(done(stored, operations(8))).toBe('413')
  })
})

describe('atomicity', () => {
  test('[P-3.5.2-13] one failure, and nothing is changed', () => {
    const stored = deepFreeze({ ...base, title: 'x', emails: [{ value: 'a' }] })
    const view = patch(userSchema, [
      { op: 'replace', path: 'title', value: 'y' },
      { op: 'remove', path: 'emails[value eq "a"]' },
      { op: 'replace', path: 'emails[value eq "a"].value', value: 'b' },
    ])
    expect(refusal(() => view.apply(stored))).toBe('noTarget')
    expect(stored).toEqual({ ...base, title: 'x', emails: [{ value: 'a' }] })
  })

  test('a patch can be applied again to what another writer has left', () => {
    const view = patch(groupSchema, [{ op: 'add', path: 'members', value: { value: 'a' } }])
    const empty = deepFreeze({ id: 'g', displayName: 'G' })
    const one = deepFreeze({ ...empty, members: [{ value: 'b' }] })
    expect(view.apply(empty)['members']).toEqual([{ value: 'a' }])
    expect(view.apply(one)['members']).toEqual([{ value: 'b' }, { value: 'a' }])
    expect(view.apply(empty)['members']).toEqual([{ value: 'a' }])
  })
})
