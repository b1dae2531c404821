import type { ToleranceName } from '../../src/compatibility.js'
import { patchOf } from '../../src/patch/delta.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import type { ResourceSchema } from '../../src/schema/define/schema.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { PATCH_OP } from '../../src/urn.js'
import {
  deepFreeze,
  ENTERPRISE,
  groupSchema,
  type Operations,
  OWN,
  outcome,
  recording,
  refusal,
  strict,
  tolerant,
  userSchema,
} from './support.js'

const user: JsonObject = deepFreeze({
  id: 'u1',
  userName: 'bjensen',
  active: true,
  title: 'Tour Guide',
  name: { familyName: 'Jensen', givenName: 'Barbara' },
  emails: [
    { value: 'b@work.example', type: 'work', primary: true },
    { value: 'b@home.example', type: 'home' },
  ],
  roles: [{ value: 'guide' }],
  [ENTERPRISE]: { department: 'Tours', manager: { value: 'u9' } },
})
const group: JsonObject = deepFreeze({
  id: 'g1',
  displayName: 'Guides',
  members: [
    { value: 'u1', type: 'User', display: 'Babs', $ref: 'https://example.com/Users/u1' },
    { value: 'u2', type: 'User' },
    { value: '42' },
  ],
})
const [first, second, third] = group['members'] as JsonObject[]
const [work, home] = user['emails'] as JsonObject[]
const enterprise = user[ENTERPRISE] as JsonObject

/** A row of PATCHes from clients: the attributes that change in tolerant mode, and the answer of strict mode. */
interface Row {
  readonly name: string
  readonly type?: 'Group'
  readonly operations: Operations
  /** The refusal of strict mode, or the attributes it changes where it understands something else. */
  readonly strict: string | JsonObject
  readonly tolerant: string | JsonObject
  /** The tolerances that are needed, each of them. */
  readonly needs: readonly ToleranceName[]
}

const rows: readonly Row[] = [
  {
    name: '1 op in capitals (A-50)',
    operations: [
      { op: 'Replace', path: 'title', value: 'x' },
      { op: 'ADD', path: 'nickName', value: 'B' },
    ],
    strict: 'invalidSyntax',
    tolerant: { title: 'x', nickName: 'B' },
    needs: ['operationCase'],
  },
  {
    name: '5 empty path (A-93)',
    operations: [{ op: 'replace', path: '', value: { title: 'x' } }],
    strict: 'invalidPath',
    tolerant: { title: 'x' },
    needs: ['emptyPath'],
  },
  {
    name: '7 dotted keys (A-59)',
    operations: [{ op: 'replace', value: { 'name.givenName': 'A', title: 'x', 'name.familyName': 'B' } }],
    strict: 'invalidSyntax',
    tolerant: { title: 'x', name: { familyName: 'B', givenName: 'A' } },
    needs: ['dottedKeys'],
  },
  {
    name: '7 a key with a filter (A-59)',
    operations: [{ op: 'replace', value: { 'emails[type eq "work"].value': 'x@work.example' } }],
    strict: 'invalidSyntax',
    tolerant: { emails: [{ ...work, value: 'x@work.example' }, home] },
    needs: ['dottedKeys'],
  },
  {
    name: '8 keys that are URNs with attributes (A-59)',
    operations: [
      { op: 'replace', value: { [`${ENTERPRISE}:department`]: 'Sales', [`${ENTERPRISE}:manager.value`]: 'u3' } },
    ],
    strict: 'invalidSyntax',
    tolerant: { [ENTERPRISE]: { department: 'Sales', manager: { value: 'u3' } } },
    needs: ['dottedKeys'],
  },
  {
    name: '8 an object under the URN of the base schema (A-59)',
    operations: [{ op: 'replace', value: { 'urn:ietf:params:scim:schemas:core:2.0:User': { title: 'x' } } }],
    strict: 'invalidSyntax',
    tolerant: { title: 'x' },
    needs: ['dottedKeys'],
  },
  {
    name: '9 dotted key into a list that has no value (A-59, A-119)',
    operations: [{ op: 'replace', value: { 'phoneNumbers.value': '555' } }],
    strict: 'invalidSyntax',
    tolerant: { phoneNumbers: [{ value: '555' }] },
    needs: ['dottedKeys'],
  },
  {
    name: '10 dot behind a URN (A-95)',
    operations: [{ op: 'replace', path: `${ENTERPRISE}.department`, value: 'Sales' }],
    strict: 'invalidPath',
    tolerant: { [ENTERPRISE]: { ...enterprise, department: 'Sales' } },
    needs: ['dottedUrn'],
  },
  {
    name: '12 id beside the change (A-59c)',
    operations: [{ op: 'replace', value: { id: 'other', schemas: ['x'], meta: { version: '1' }, active: false } }],
    strict: 'mutability',
    tolerant: { active: false },
    needs: ['readOnlyInValue'],
  },
  {
    name: '12 groups beside the change (A-59c)',
    operations: [{ op: 'replace', value: { groups: [{ value: 'g7' }], active: false } }],
    strict: 'mutability',
    tolerant: { active: false },
    needs: ['readOnlyInValue'],
  },
  {
    name: '12 readOnly in an extension (A-59c)',
    operations: [{ op: 'replace', value: { [OWN]: { serverSet: 'x', level: 3 } } }],
    strict: 'mutability',
    tolerant: { [OWN]: { level: 3 } },
    needs: ['readOnlyInValue'],
  },
  {
    name: '15 remove without path (A-96)',
    operations: [
      { op: 'remove', value: { title: 'tour guide', active: false, emails: [{ value: 'b@home.example' }] } },
    ],
    strict: 'noTarget',
    tolerant: { title: undefined, emails: [work] },
    needs: ['removeWithoutPath', 'removeByValue'],
  },
  {
    name: '15 remove without path, null and [] (A-96, A-97)',
    operations: [{ op: 'remove', value: { title: null, emails: [], [ENTERPRISE]: { department: null } } }],
    strict: 'noTarget',
    tolerant: { title: undefined, [ENTERPRISE]: { manager: enterprise['manager'] } },
    needs: ['removeWithoutPath', 'removeByValue'],
  },
  {
    name: '16 boolean text (A-28)',
    operations: [
      { op: 'replace', path: 'active', value: 'False' },
      { op: 'add', path: 'emails', value: [{ value: 'c@example.com', primary: 'True' }] },
    ],
    strict: 'invalidValue',
    tolerant: { active: false, emails: [{ ...work, primary: false }, home, { value: 'c@example.com', primary: true }] },
    needs: ['booleanText'],
  },
  {
    name: '16 boolean text in a filter (A-07)',
    operations: [{ op: 'replace', path: 'emails[primary eq "True"].value', value: 'x@work.example' }],
    strict: 'invalidFilter',
    tolerant: { emails: [{ ...work, value: 'x@work.example' }, home] },
    needs: ['booleanText'],
  },
  {
    name: '17 remove of listed members (A-58)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: [{ value: 'u2' }, { value: 'nobody' }] }],
    strict: 'invalidSyntax',
    tolerant: { members: [first, third] },
    needs: ['removeByValue'],
  },
  {
    name: '18 what stands beside value does not count (A-97)',
    type: 'Group',
    operations: [
      { op: 'remove', path: 'members', value: [{ value: 'u1', $ref: null, display: 'Other', type: 'Group' }] },
    ],
    strict: 'invalidSyntax',
    tolerant: { members: [second, third] },
    needs: ['removeByValue'],
  },
  {
    name: '19 the list wrapped once more (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: { Members: [{ value: 'u1' }] } }],
    strict: 'invalidSyntax',
    tolerant: { members: [second, third] },
    needs: ['removeByValue'],
  },
  {
    name: '20 one object (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: { value: 'u1' } }],
    strict: 'invalidSyntax',
    tolerant: { members: [second, third] },
    needs: ['removeByValue'],
  },
  {
    name: '20 bare strings (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: ['u1', 'u2'] }],
    strict: 'invalidSyntax',
    tolerant: { members: [third] },
    needs: ['removeByValue', 'textForComplex'],
  },
  {
    name: '20 an entry without value is told by what it has (A-97)',
    operations: [{ op: 'remove', path: 'emails', value: [{ type: 'HOME', display: null }] }],
    strict: 'invalidSyntax',
    tolerant: { emails: [work] },
    needs: ['removeByValue'],
  },
  {
    name: '20 an empty list removes nothing (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: [] }],
    strict: 'invalidSyntax',
    tolerant: {},
    needs: ['removeByValue'],
  },
  {
    name: '20 entries that say nothing remove nothing (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members', value: [{ value: null, $ref: null }, {}, null] }],
    strict: 'invalidSyntax',
    tolerant: {},
    needs: ['removeByValue'],
  },
  {
    name: '20 a filter and a list: what meets both (A-97)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members[type eq "User"]', value: [{ value: 'u1' }, { value: '42' }] }],
    strict: 'invalidSyntax',
    tolerant: { members: [second, third] },
    needs: ['removeByValue'],
  },
  {
    name: '20 of a singular attribute goes what the value names, when it is stored (A-97)',
    operations: [
      { op: 'remove', path: 'emails[type eq "work"].display', value: 'x' },
      { op: 'remove', path: 'title', value: 'no' },
      { op: 'remove', path: 'active', value: true },
      { op: 'remove', path: 'name', value: { givenName: 'barbara', familyName: 'Other' } },
      { op: 'remove', path: 'name', value: { givenName: 'barbara' } },
    ],
    strict: 'invalidSyntax',
    tolerant: { active: undefined, name: { familyName: 'Jensen' } },
    needs: ['removeByValue'],
  },
  {
    name: '22 replace at a filter without match, several operations on one value (A-51, A-57)',
    operations: [
      { op: 'replace', path: 'addresses[type eq "work"].locality', value: 'Oslo' },
      { op: 'add', path: 'addresses[type eq "work"].country', value: 'NO' },
      { op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '555' },
    ],
    strict: 'noTarget',
    tolerant: {
      addresses: [{ type: 'work', locality: 'Oslo', country: 'NO' }],
      phoneNumbers: [{ type: 'mobile', value: '555' }],
    },
    needs: ['createMissingValue'],
  },
  {
    name: '22 primary only when it is asked for (A-51)',
    operations: [
      { op: 'add', path: 'emails[type eq "other" and primary eq true].value', value: 'o@example.com' },
      { op: 'add', path: 'emails[type eq "more"].value', value: 'm@example.com' },
    ],
    strict: 'noTarget',
    tolerant: {
      emails: [
        { ...work, primary: false },
        home,
        { type: 'other', primary: true, value: 'o@example.com' },
        { type: 'more', value: 'm@example.com' },
      ],
    },
    needs: ['createMissingValue'],
  },
  {
    name: '22 an object at a filter without match (A-57)',
    operations: [{ op: 'replace', path: 'emails[type eq "other"]', value: { value: 'o@example.com', display: null } }],
    strict: 'noTarget',
    tolerant: { emails: [work, home, { type: 'other', value: 'o@example.com' }] },
    needs: ['createMissingValue'],
  },
  {
    name: '22 to unassign at what is not there is done already (A-57)',
    operations: [{ op: 'replace', path: 'emails[type eq "other"].display', value: null }],
    strict: 'noTarget',
    tolerant: {},
    needs: ['createMissingValue'],
  },
  {
    name: '25 text for manager (A-99)',
    operations: [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: 'u3' }],
    strict: 'invalidValue',
    tolerant: { [ENTERPRISE]: { ...enterprise, manager: { value: 'u3' } } },
    needs: ['textForComplex'],
  },
  {
    name: '25 text for emails (A-99)',
    operations: [{ op: 'add', path: 'emails', value: ['c@example.com'] }],
    strict: 'invalidValue',
    tolerant: { emails: [work, home, { value: 'c@example.com' }] },
    needs: ['textForComplex'],
  },
  {
    name: '26 empty text for manager (A-99, A-102)',
    operations: [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: '' }],
    strict: 'invalidValue',
    tolerant: { [ENTERPRISE]: { department: 'Tours' } },
    needs: ['emptyValue'],
  },
  {
    name: '27 JSON text in value (A-101)',
    operations: [{ op: 'add', path: 'roles', value: [{ value: '{"value":"admin","display":"Admin"}' }] }],
    strict: { roles: [{ value: 'guide' }, { value: '{"value":"admin","display":"Admin"}' }] },
    tolerant: { roles: [{ value: 'guide' }, { value: 'admin', display: 'Admin' }] },
    needs: ['jsonText'],
  },
  {
    name: '28 JSON text for a complex attribute (A-101)',
    operations: [{ op: 'replace', path: 'name', value: '{"givenName":"A"}' }],
    strict: 'invalidValue',
    tolerant: { name: { familyName: 'Jensen', givenName: 'A' } },
    needs: ['jsonText'],
  },
  {
    name: '28 JSON text without path (A-101)',
    operations: [{ op: 'replace', value: '{"title":"x"}' }],
    strict: 'invalidValue',
    tolerant: { title: 'x' },
    needs: ['jsonText'],
  },
  {
    name: '29 list for a singular attribute (A-100)',
    operations: [
      { op: 'replace', path: 'active', value: [false] },
      { op: 'replace', value: { title: ['x'] } },
    ],
    strict: 'invalidValue',
    tolerant: { active: false, title: 'x' },
    needs: ['listForSingle'],
  },
  {
    name: '29 list for one chosen value (A-100)',
    operations: [{ op: 'replace', path: 'emails[type eq "home"]', value: [{ value: 'x@home.example' }] }],
    strict: 'invalidValue',
    tolerant: { emails: [work, { value: 'x@home.example', type: 'home' }] },
    needs: ['listForSingle'],
  },
  {
    name: '31 a list of empty values clears (A-102)',
    operations: [{ op: 'replace', path: 'emails', value: [{ value: '' }, { value: null, type: 'work' }] }],
    strict: { emails: [{ value: '' }, { type: 'work' }] },
    tolerant: { emails: undefined },
    needs: ['emptyValue'],
  },
  {
    name: '37 unknown parts of a value (A-25)',
    operations: [{ op: 'replace', value: { name: { givenName: 'A', nick: 'x' }, unknown: 1, title: 'x' } }],
    strict: 'invalidSyntax',
    tolerant: { name: { familyName: 'Jensen', givenName: 'A' }, title: 'x' },
    needs: ['unknownAttribute'],
  },
  {
    name: '38 and 70 a path that the schema lacks (A-24)',
    operations: [
      { op: 'replace', path: 'active', value: false },
      { op: 'add', path: 'urn:ietf:params:scim:schemas:extension:other:2.0:User:badge', value: '1' },
      { op: 'replace', path: 'emails[type eq "work"].nick', value: '1' },
      { op: 'remove', path: 'fooBar' },
    ],
    strict: 'invalidPath',
    tolerant: { active: false },
    needs: ['unknownPath'],
  },
  {
    name: '39 two primaries, the last wins (A-30)',
    operations: [
      {
        op: 'add',
        path: 'emails',
        value: [
          { value: 'c@example.com', primary: true },
          { value: 'd@example.com', primary: true },
        ],
      },
    ],
    strict: 'invalidValue',
    tolerant: {
      emails: [
        { ...work, primary: false },
        home,
        { value: 'c@example.com', primary: false },
        { value: 'd@example.com', primary: true },
      ],
    },
    needs: ['severalPrimary'],
  },
  {
    name: '40 elements without value are dropped (A-102)',
    operations: [{ op: 'add', path: 'roles', value: [{ value: null, display: 'x' }, { value: 'b' }] }],
    strict: { roles: [{ value: 'guide' }, { display: 'x' }, { value: 'b' }] },
    tolerant: { roles: [{ value: 'guide' }, { value: 'b' }] },
    needs: ['emptyValue'],
  },
  {
    name: '41 number for text in a filter (A-103)',
    type: 'Group',
    operations: [{ op: 'remove', path: 'members[value eq 42]' }],
    strict: 'invalidFilter',
    tolerant: { members: [first, second] },
    needs: ['numberForText'],
  },
  {
    name: '41 number for text in a value (A-103)',
    operations: [{ op: 'replace', path: `${ENTERPRISE}:department`, value: 7 }],
    strict: 'invalidValue',
    tolerant: { [ENTERPRISE]: { ...enterprise, department: '7' } },
    needs: ['numberForText'],
  },
]

describe('what clients send beside the RFC', () => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    const { operations } = row
    const [schema, stored] = row.type ? [groupSchema, group] : [userSchema, user]
    expect(outcome(schema, stored, operations, strict)).toEqual(expected(stored, row.strict))
    expect(outcome(schema, stored, operations, tolerant)).toEqual(expected(stored, row.tolerant))

    // These tolerances are enough, each is needed, and each is reported when it is used.
    const { tolerate, used } = recording(...row.needs)
    expect(outcome(schema, stored, operations, tolerate)).toEqual(expected(stored, row.tolerant))
    expect([...new Set(used)].sort()).toEqual([...row.needs].sort())
    for (const missing of row.needs) {
      const others = recording(...row.needs.filter((name) => name !== missing))
      expect(outcome(schema, stored, operations, others.tolerate)).not.toEqual(expected(stored, row.tolerant))
    }
  })
})

describe('what both modes understand', () => {
  const both = (schema: ResourceSchema, stored: JsonObject, operations: Operations, changes: JsonObject): void => {
    expect(outcome(schema, stored, operations, strict)).toEqual(expected(stored, changes))
    const { tolerate, used } = recording()
    outcome(schema, stored, operations, tolerate)
    expect(used).toEqual([])
  }

  test('[P-3.5.2.3-01] 11 Okta deactivates without path', () =>
    both(userSchema, user, [{ op: 'replace', value: { active: false } }], { active: false }))

  test('[P-3.5.2.3-01] 13 absent members are not empty members', () =>
    both(groupSchema, group, [{ op: 'replace', value: { id: 'g1', displayName: 'New' } }], { displayName: 'New' }))

  test('[P-3.5.2.3-09] 14 and 32 an empty list and null clear', () => {
    both(groupSchema, group, [{ op: 'replace', value: { id: 'g1', members: [] } }], { members: undefined })
    both(groupSchema, group, [{ op: 'replace', path: 'members', value: null }], { members: undefined })
  })

  test('21 a bare remove takes all members (A-98)', () =>
    both(groupSchema, group, [{ op: 'remove', path: 'members' }], { members: undefined }))

  test('a null beside a remove is no value (A-58)', () =>
    both(groupSchema, group, [{ op: 'remove', path: 'members[value eq "u1"]', value: null }], {
      members: [second, third],
    }))

  test('23 and 35 a remove without match changes nothing (A-52)', () => {
    both(groupSchema, group, [{ op: 'remove', path: 'members[value eq "nobody"]' }], {})
    both(userSchema, user, [{ op: 'remove', path: 'emails[type eq "other"].value' }], {})
  })

  test('24 a type that is not among the canonical values (A-27)', () =>
    both(userSchema, user, [{ op: 'replace', path: 'emails[type eq "home"].type', value: 'untyped' }], {
      emails: [work, { ...home, type: 'untyped' }],
    }))

  test('26 null for manager', () =>
    both(userSchema, user, [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: null }], {
      [ENTERPRISE]: { department: 'Tours' },
    }))

  test('30 one value where a list is asked (A-100)', () =>
    both(userSchema, user, [{ op: 'replace', value: { emails: { value: 'c@example.com' } } }], {
      emails: [{ value: 'c@example.com' }],
    }))

  test('[S-2.5-01] 33 null clears a part, what is not named stays (A-54)', () => {
    const value = { familyName: null, givenName: 'X' }
    both(userSchema, user, [{ op: 'replace', path: 'name', value }], { name: { givenName: 'X' } })
    both(userSchema, user, [{ op: 'replace', value: { name: value } }], { name: { givenName: 'X' } })
  })

  test('[P-3.5.2.1-07] 34 a member that is there already', () =>
    both(groupSchema, group, [{ op: 'add', path: 'members', value: [{ value: 'u1', display: 'Other' }] }], {}))

  test("37 unknown and readOnly parts beside the value of a member are the server's (A-132)", () =>
    both(groupSchema, group, [{ op: 'add', path: 'members', value: [{ value: 'u5', displayName: 'x' }] }], {
      members: [first, second, third, { value: 'u5' }],
    }))

  test('[P-3.4.2.2-16] 42 several words in a filter', () => {
    const stored = deepFreeze({ ...user, emails: [{ value: 'a', display: 'two words and "quotes"' }] })
    both(userSchema, stored, [{ op: 'remove', path: 'emails[display eq "two words and \\"quotes\\""]' }], {
      emails: undefined,
    })
  })

  test('43 the URN of an extension as path (A-54b)', () => {
    both(userSchema, user, [{ op: 'replace', path: ENTERPRISE, value: { department: 'Sales', costCenter: '1' } }], {
      [ENTERPRISE]: { department: 'Sales', costCenter: '1', manager: { value: 'u9' } },
    })
    both(userSchema, user, [{ op: 'remove', path: ENTERPRISE }], { [ENTERPRISE]: undefined })
    both(userSchema, user, [{ op: 'replace', path: ENTERPRISE, value: null }], { [ENTERPRISE]: undefined })
    both(userSchema, user, [{ op: 'replace', value: { [ENTERPRISE]: null } }], { [ENTERPRISE]: undefined })
  })

  test('[P-3.5.2-06] 44 paths into an extension', () => {
    both(userSchema, user, [{ op: 'add', path: `${ENTERPRISE}:manager.value`, value: 'u3' }], {
      [ENTERPRISE]: { department: 'Tours', manager: { value: 'u3' } },
    })
    const stored = deepFreeze({ ...user, [OWN]: { devices: [{ serial: 'A' }, { serial: 'B' }] } })
    both(userSchema, stored, [{ op: 'add', path: `${OWN}:devices[serial eq "B"].kind`, value: 'phone' }], {
      [OWN]: { devices: [{ serial: 'A' }, { serial: 'B', kind: 'phone' }] },
    })
  })
})

describe('the envelope', () => {
  const run = (body: unknown, tolerate = strict): unknown =>
    refusal(() => patchOf(userSchema, normalizePatch(userSchema, body, { tolerate })).apply(user))
  const Operations = [{ op: 'replace', path: 'title', value: 'x' }]

  test('[P-3.5.2-04] 2 names in any letter case (A-50)', () => {
    const body = { SCHEMAS: [PATCH_OP], operations: [{ OP: 'replace', Path: 'title', vALUE: 'x' }] }
    expect(run(body)).toEqual({ ...user, title: 'x' })
  })

  test('[P-3.5.2-03] 3 no operations (A-91)', () => {
    const body = { schemas: [PATCH_OP], Operations: [] }
    expect(run(body)).toBe('invalidSyntax')
    expect(run(body, recording('emptyOperations').tolerate)).toBe(user)
  })

  test.each([{}, { schemas: null }, { schemas: [] }])('[P-3.5.2-02] 4 without schemas: %j (A-92)', (envelope) => {
    expect(run({ ...envelope, Operations })).toBe('invalidSyntax')
    expect(run({ ...envelope, Operations }, recording('missingPatchSchemas').tolerate)).toEqual({ ...user, title: 'x' })
    expect(run(envelope, tolerant)).toBe('invalidSyntax')
  })

  test('[P-3.5.2-02] another URI is refused in both modes (A-92)', () => {
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:SearchRequest']
    expect(run({ schemas, Operations })).toBe('invalidSyntax')
    expect(run({ schemas, Operations }, tolerant)).toBe('invalidSyntax')
  })

  test('6 other members of an operation are ignored (A-94)', () => {
    expect(run({ schemas: [PATCH_OP], Operations: [{ ...Operations[0], name: 'addMember', from: 'x' }] })).toEqual({
      ...user,
      title: 'x',
    })
  })
})

describe('what no tolerance covers', () => {
  test.each([
    ['a malformed path (A-24)', [{ op: 'replace', path: 'emails[type eq', value: 'x' }], 'invalidFilter'],
    ['a malformed name (A-24)', [{ op: 'replace', path: '1abc', value: 'x' }], 'invalidPath'],
    ['an explicit readOnly path (A-59c)', [{ op: 'replace', path: 'id', value: 'x' }], 'mutability'],
    [
      'a filter that is no list of eq terms (A-51)',
      [{ op: 'replace', path: 'emails[type ne "work" and type ne "home"].value', value: 'x' }],
      'noTarget',
    ],
    ['an or-filter (A-51)', [{ op: 'add', path: 'emails[type eq "a" or type eq "b"].value', value: 'x' }], 'noTarget'],
    [
      'a value that contradicts its filter (A-51)',
      [{ op: 'replace', path: 'emails[value eq "a"].value', value: 'b' }],
      'noTarget',
    ],
    [
      'two contradicting terms (A-51)',
      [{ op: 'replace', path: 'emails[type eq "a" and type eq "b"].value', value: 'b' }],
      'noTarget',
    ],
    ['two elements for one (A-100)', [{ op: 'replace', path: 'title', value: ['a', 'b'] }], 'invalidValue'],
    ['other text for a boolean (A-28)', [{ op: 'replace', path: 'active', value: 'yes' }], 'invalidValue'],
    [
      'a list that says nothing is no wish to clear',
      [{ op: 'replace', path: 'emails', value: [{ nick: 'x' }] }],
      'invalidValue',
    ],
    ['remove without path or value', [{ op: 'remove' }], 'noTarget'],
    ['replace without value', [{ op: 'replace', path: 'title' }], 'invalidValue'],
    ['the same attribute twice (A-26)', [{ op: 'replace', value: { title: 'a', Title: 'b' } }], 'invalidSyntax'],
  ])('%s', (_name, operations, scimType) => {
    expect(outcome(userSchema, user, operations, tolerant)).toBe(scimType)
  })
})

function expected(stored: JsonObject, what: string | JsonObject): unknown {
  return typeof what === 'string' ? what : { ...stored, ...what }
}
