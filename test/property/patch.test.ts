import fc from 'fast-check'
import { strict, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { patchOf } from '../../src/patch/delta.js'
import { normalizePatch } from '../../src/patch/normalize.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { PATCH_OP } from '../../src/urn.js'
import { deepFreeze, ENTERPRISE, groupSchema, OWN, patch, refusal, userSchema } from '../patch/support.js'
import { runs } from '../support/length.js'
import { comparable } from '../vectors/compare.js'

const at = (path: string): string => `${OWN}:${path}`

// Few values, so that operations meet each other.
const text = fc.constantFrom('a', 'b', 'A', 'c')
const type = fc.constantFrom('work', 'home')
const email = fc.record({ value: text, type, primary: fc.constant(false) }, { requiredKeys: ['value'] })
const some = <T>(values: fc.Arbitrary<T>) =>
  fc.uniqueArray(values, { maxLength: 3, selector: (value) => JSON.stringify(value) })

const stored: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      title: fc.option(text),
      active: fc.boolean(),
      name: fc.record({ givenName: text, familyName: text }, { requiredKeys: ['familyName'] }),
      emails: fc.option(
        fc.uniqueArray(email, { maxLength: 3, selector: ({ value, type = '' }) => `${type} ${value.toLowerCase()}` }),
      ),
      [ENTERPRISE]: fc.record(
        { department: text, manager: fc.record({ value: text }) },
        { requiredKeys: ['department'] },
      ),
      [OWN]: fc.record(
        { tags: fc.uniqueArray(text, { maxLength: 3, selector: (tag) => tag.toLowerCase() }), level: fc.integer() },
        { requiredKeys: ['level'] },
      ),
    },
    { requiredKeys: [] },
  )
  .map((attributes) => deepFreeze({ id: 'u1', userName: 'u', ...attributes }))

const write = fc.constantFrom('add', 'replace')
interface Operation {
  readonly op: string
  readonly path?: string
  readonly value?: unknown
}

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: write, path: fc.constantFrom('title', 'name.givenName', `${ENTERPRISE}:department`), value: text }),
  fc.record({
    op: write,
    path: fc.constant('name'),
    value: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
  }),
  fc.record({ op: write, path: fc.constant('emails'), value: fc.oneof(some(email), email) }),
  fc.record({ op: write, path: fc.constant(at('tags')), value: some(text) }),
  fc.record({
    op: write,
    value: fc.record(
      { title: text, active: fc.boolean(), emails: some(email), [OWN]: fc.record({ level: fc.integer() }) },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    op: write,
    path: fc.constantFrom('emails[type eq "work"].value', 'emails[value eq "a"].type'),
    value: text,
  }),
  fc.record({
    op: write,
    path: fc.constantFrom('emails[type eq "work"].primary', 'emails.primary'),
    value: fc.boolean(),
  }),
  fc.record({
    op: fc.constant('replace'),
    path: fc.constantFrom('title', 'emails', 'name', ENTERPRISE, at('tags')),
    value: fc.constant(null),
  }),
  fc.record({
    op: fc.constant('remove'),
    path: fc.constantFrom(
      'title',
      'name',
      'emails',
      'emails[type eq "work"]',
      'emails[value eq "b"].type',
      'emails.value',
      ENTERPRISE,
      OWN,
      at('tags[value eq "a"]'),
    ),
  }),
)
const operations = fc.array(operation, { minLength: 1, maxLength: 6 })

/** Leaves out differences that do not count: primary false, and the order of values. */
function simplify(result: JsonObject | string): unknown {
  return typeof result === 'string' ? result : comparable(result)
}

describe('PATCH', () => {
  test('[P-3.5.2-11] operations in one request come to what they come to one by one', () => {
    fc.assert(
      fc.property(stored, operations, (resource, all) => {
        const together = refusal(() => patch(userSchema, all).apply(resource))
        const apart = refusal(() =>
          all.reduce<JsonObject>((before, one) => patch(userSchema, [one]).apply(before), resource),
        )
        expect(simplify(together)).toEqual(simplify(apart))
      }),
      { numRuns: runs(400, 2_000) },
    )
  })

  test('[P-3.5.2-13] what is stored is never written to, and is itself the result when nothing changes', () => {
    fc.assert(
      fc.property(stored, operations, (resource, all) => {
        const before = JSON.stringify(resource)
        const after = refusal(() => patch(userSchema, all).apply(resource))
        expect(JSON.stringify(resource)).toBe(before)
        if (typeof after !== 'string' && JSON.stringify(after) === before) expect(after).toBe(resource)
      }),
      { numRuns: runs(200, 1_000) },
    )
  })

  test('[P-3.5.2.1-08] the same replace again changes nothing', () => {
    const replace = operation.filter(({ op, path = '' }) => op !== 'add' && !/\[.*\]\.(type|value)$/.test(path))
    fc.assert(
      fc.property(stored, replace, (resource, one) => {
        const view = patch(userSchema, [one])
        const once = refusal(() => view.apply(resource))
        if (typeof once !== 'string') expect(view.apply(deepFreeze(once))).toBe(once)
      }),
      { numRuns: runs(200, 1_000) },
    )
  })

  test('[P-3.5.2-12] one value at most is primary, and no list has a value twice', () => {
    fc.assert(
      fc.property(stored, operations, (resource, all) => {
        const after = refusal(() => patch(userSchema, all).apply(resource))
        const emails = (typeof after === 'object' && (after['emails'] as JsonObject[] | null)) || []
        expect(emails.filter(({ primary }) => primary === true).length).toBeLessThanOrEqual(1)
        // A part that is changed may make two values equal in their type and value; they are no longer equal in all.
        if (all.some(({ path = '' }) => /^emails.*\.(type|value)$/.test(path))) return
        expect(new Set(emails.map(({ value, type }) => `${type} ${String(value).toLowerCase()}`)).size).toBe(
          emails.length,
        )
      }),
      { numRuns: runs(200, 1_000) },
    )
  })

  test('set says what apply does to singular attributes', () => {
    fc.assert(
      fc.property(stored, operations, (resource, all) => {
        const view = patch(userSchema, all)
        const { set } = view
        const after = refusal(() => view.apply(resource))
        if (set === undefined || typeof after === 'string') return
        for (const { name } of userSchema.root.subAttributes.filter(({ multiValued }) => !multiValued)) {
          expect(after[name] ?? undefined).toEqual(Object.hasOwn(set, name) ? set[name] : (resource[name] ?? undefined))
        }
      }),
      { numRuns: runs(200, 1_000) },
    )
  })
})

describe('delta', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'A')
  const member = fc.record(
    { value: id, type: fc.constantFrom('User', 'Group'), display: text },
    { requiredKeys: ['value'] },
  )
  const members = fc.uniqueArray(member, { maxLength: 5, selector: ({ value }) => value })
  const ids = fc.array(id, { minLength: 1, maxLength: 3 })
  const change = fc.oneof(
    fc.record({ op: write, path: fc.constant('members'), value: members }),
    fc.record({ op: write, value: fc.record({ members }) }),
    ids.map((values) => ({
      op: 'remove',
      path: `members[${values.map((value) => `value eq "${value}"`).join(' or ')}]`,
    })),
    ids.map((values) => ({
      op: 'remove',
      path: `members[${values.map((value) => `value eq "${value}"`).join(' and ')}]`,
    })),
    ids.map((values) => ({ op: 'remove', path: 'members', value: values.map((value) => ({ value, display: 'x' })) })),
    fc.constant({ op: 'remove', path: 'members' }),
    fc.constant({ op: 'replace', path: 'members', value: null }),
    fc.constant({ op: 'replace', path: 'displayName', value: 'x' }),
  )

  test('by the algebra of sets it is what apply does', () => {
    fc.assert(
      fc.property(members, fc.array(change, { minLength: 1, maxLength: 12 }), (present, changes) => {
        const view = patch(groupSchema, changes, { tolerate: tolerant })
        const delta = view.delta('members')
        if (!delta) throw new Error('no delta')
        const added = new Map(delta.add.map((value) => [value.value, value]))
        for (const value of delta.remove) expect(added.has(value)).toBe(false)

        const result = new Map<unknown, unknown>(present.map((value) => [value.value, value]))
        if (delta.clear) for (const value of result.keys()) if (!added.has(value as string)) result.delete(value)
        for (const value of delta.remove) result.delete(value)
        for (const [value, come] of added) if (!result.has(value)) result.set(value, come)

        const applied = view.apply(deepFreeze({ id: 'g', displayName: 'G', members: present }))
        const byId = new Map((applied['members'] as JsonObject[] | undefined)?.map((value) => [value['value'], value]))
        expect(byId).toEqual(result)
      }),
      { numRuns: runs(400, 2_000) },
    )
  })
})

describe('hostile input', () => {
  const names = [
    'emails',
    'name',
    'userName',
    'members',
    'groups',
    'id',
    'schemas',
    'meta',
    'tags',
    ENTERPRISE,
    OWN,
    `${OWN}:devices`,
    '__proto__',
    'constructor',
    'toString',
    'value',
    'type',
    '$ref',
  ]
  const fragment = fc.oneof(
    fc.constantFrom(
      ...names,
      '.',
      ':',
      '[',
      ']',
      '(',
      ')',
      ' ',
      ' eq ',
      ' and ',
      ' or ',
      'not ',
      'pr',
      '"',
      '\\',
      '"a"',
      'true',
      'null',
      '1',
      '[value eq "a"]',
      '.value',
      '\u0000',
      '\ud800',
    ),
    fc.string({ maxLength: 4 }),
  )
  const path = fc.array(fragment, { maxLength: 8 }).map((parts) => parts.join(''))
  const key = fc.oneof(fc.constantFrom(...names), path)
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, '', 'a', '{"value":"a"}', '[1]', 0, -0, Number.POSITIVE_INFINITY, 5.5),
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => {
        // The object is as JSON.parse makes it: "__proto__" is a member like others.
        const object: JsonObject = {}
        for (const [name, value] of entries)
          Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
        return object
      }),
    ),
  })).value
  const op = fc.oneof(fc.constantFrom('add', 'replace', 'remove', 'Add'), json)
  const anything = fc.oneof(
    fc.record({
      schemas: fc.constant([PATCH_OP]),
      Operations: fc.array(fc.record({ op, path: fc.oneof(path, json), value: json }, { requiredKeys: ['op'] }), {
        maxLength: 4,
      }),
    }),
    fc.record({
      schemas: fc.constant([PATCH_OP]),
      Operations: fc.array(
        fc.record({
          op: fc.constantFrom('add', 'replace', 'remove'),
          path: fc.constantFrom(...names, 'emails[type eq "work"]'),
          value: json,
        }),
        { maxLength: 4 },
      ),
    }),
    json,
  )
  const resources = [
    {
      schema: userSchema,
      resource: {
        id: 'u',
        userName: 'u',
        emails: [{ value: 'a', type: 'work' }],
        groups: [{ value: 'g' }],
        [OWN]: { devices: [{ serial: 'S' }], fixed: 'x' },
      },
    },
    { schema: groupSchema, resource: { id: 'g', displayName: 'G', members: [{ value: 'a' }, { value: 'b' }] } },
  ]

  test.each([
    ['strict', strict],
    ['tolerant', tolerant],
  ])('any body is applied or refused with a ScimError: %s', (_name, tolerate) => {
    const prototype = Object.getOwnPropertyNames(Object.prototype)
    fc.assert(
      fc.property(anything, fc.constantFrom(...resources), (body, { schema, resource }) => {
        const sent = JSON.stringify(body)
        try {
          const view = patchOf(schema, normalizePatch(schema, deepFreeze(body), { tolerate }))
          for (const attribute of view.attributes) view.delta(attribute)
          expect(view.set === undefined || typeof view.set === 'object').toBe(true)
          const after = view.apply(deepFreeze(resource))
          expect(after['id']).toBe(resource.id)
          expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
        } catch (error) {
          if (!ScimError.is(error)) throw error
          expect(error.status).toBe(400)
          expect(error.scimType).toBeDefined()
        }
        expect(JSON.stringify(body)).toBe(sent)
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype)
      }),
      { numRuns: runs(800, 4_000) },
    )
  })
})
