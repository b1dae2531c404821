import { normalizePatch } from '../../src/patch/normalize.js'
import { readPatchOp } from '../../src/patch/patch-op.js'
import { PATCH_OP } from '../../src/urn.js'
import { groupSchema, refusal, strict, tolerant, userSchema } from './support.js'

const schemas = [PATCH_OP]
const read = (body: unknown) => refusal(() => readPatchOp(body, { tolerate: strict }))

describe('the body of a PATCH', () => {
  test('operations as they were sent', () => {
    const Operations = [
      { op: 'add', path: 'title', value: 'x' },
      { op: 'remove', path: 'title' },
      { op: 'replace', path: null, value: null, other: 1 },
    ]
    expect(read({ schemas, Operations })).toEqual([
      { op: 'add', path: 'title', value: 'x' },
      { op: 'remove', path: 'title', value: undefined },
      { op: 'replace', path: undefined, value: null },
    ])
  })

  test('the URI in any letter case, among others', () => {
    expect(
      read({ schemas: ['urn:x', PATCH_OP.toLowerCase()], Operations: [{ op: 'remove', path: 'a' }] }),
    ).toHaveLength(1)
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'x'],
    ['a list', [{ op: 'remove', path: 'title' }]],
    ['[P-3.5.2-03] no Operations', { schemas }],
    ['[P-3.5.2-03] an object', { schemas, Operations: { op: 'remove', path: 'title' } }],
    ['[P-3.5.2-03] none', { schemas, Operations: [] }],
    ['[P-3.5.2-02] a URI that is no list', { schemas: PATCH_OP, Operations: [{ op: 'remove', path: 'title' }] }],
    ['[P-3.5.2-02] a number for a URI', { schemas: [5], Operations: [{ op: 'remove', path: 'title' }] }],
    ['Operations twice (A-26)', { schemas, Operations: [], operations: [] }],
    ['an operation that is none', { schemas, Operations: ['remove'] }],
    ['null for an operation', { schemas, Operations: [null] }],
    ['[P-3.5.2-04] no op', { schemas, Operations: [{ path: 'title' }] }],
    ['[P-3.5.2-04] another op', { schemas, Operations: [{ op: 'move', path: 'title' }] }],
    ['[P-3.5.2-04] op twice', { schemas, Operations: [{ op: 'add', OP: 'remove', path: 'title' }] }],
    ['[P-3.5.2-04] op that is no text', { schemas, Operations: [{ op: ['add'], path: 'title' }] }],
    ['a path that is no text', { schemas, Operations: [{ op: 'remove', path: ['title'] }] }],
  ])('invalidSyntax: %s', (_name, body) => {
    expect(read(body)).toBe('invalidSyntax')
  })
})

describe('limits', () => {
  const Operations = (count: number) => Array.from({ length: count }, () => ({ op: 'remove', path: 'title' }))
  const values = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `m${index}` }))
  const run = (operations: unknown, limits = {}) =>
    refusal(() => normalizePatch(groupSchema, { schemas, Operations: operations }, { tolerate: tolerant, limits }))

  test('operations: 1,000, or as set', () => {
    expect(read({ schemas, Operations: Operations(1_000) })).toHaveLength(1_000)
    expect(read({ schemas, Operations: Operations(1_001) })).toBe('413')
    expect(run(Operations(3), { operations: 2 })).toBe('413')
  })

  test('values of an operation: 20,000, or as set', () => {
    expect(run([{ op: 'add', path: 'members', value: values(20_000) }])).toHaveLength(1)
    expect(run([{ op: 'add', path: 'members', value: values(20_001) }])).toBe('413')
    const limits = { values: 2 }
    expect(
      run(
        [
          { op: 'add', path: 'members', value: values(2) },
          { op: 'add', path: 'members', value: values(2) },
        ],
        limits,
      ),
    ).toHaveLength(2)
    expect(run([{ op: 'add', path: 'members', value: values(3) }], limits)).toBe('413')
    expect(run([{ op: 'add', value: { members: values(3) } }], limits)).toBe('413')
    expect(run([{ op: 'remove', path: 'members', value: { members: values(3) } }], limits)).toBe('413')
    expect(run([{ op: 'add', path: 'members', value: JSON.stringify(values(3)) }], limits)).toBe('413')
  })

  test('values are counted before anything is made of them, in all lists together', () => {
    const most = (value: unknown, limit: number) =>
      refusal(() =>
        readPatchOp(
          { schemas, Operations: [{ op: 'add', path: 'x', value }] },
          { tolerate: strict, limits: { values: limit } },
        ),
      )
    for (const value of [values(3), { members: values(3) }, { 'urn:x': { members: values(3) } }]) {
      expect(most(value, 2)).toBe('413')
      expect(most(value, 3)).toBeInstanceOf(Array)
    }
    const several = { emails: values(2), members: values(1), 'urn:x': { tags: ['a'] }, title: 'x' }
    expect(most(several, 3)).toBe('413')
    expect(most(several, 4)).toBeInstanceOf(Array)
    // Lists inside values are none of the resource.
    expect(most({ a: { b: { c: values(3) } } }, 2)).toBeInstanceOf(Array)
  })

  test('paths in a value count as operations', () => {
    const value = Object.fromEntries([1, 2, 3].map((index) => [`emails[type eq "${index}"].value`, 'x']))
    const body = { schemas, Operations: [{ op: 'replace', value }] }
    const run = (operations: number) =>
      refusal(() => normalizePatch(userSchema, body, { tolerate: tolerant, limits: { operations } }))
    expect(run(3)).toBeInstanceOf(Array)
    expect(run(2)).toBe('413')
  })

  test('the refusal names the limit', () => {
    expect(() =>
      readPatchOp({ schemas, Operations: Operations(3) }, { tolerate: strict, limits: { operations: 2 } }),
    ).toThrow('more than 2 operations')
  })
})
