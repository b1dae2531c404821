import { referencesIn, replaceReferences, takeOut } from '../../src/message/bulk-reference.js'
import { replaceCompared } from '../../src/message/compared-reference.js'

const IDS: Readonly<Record<string, string>> = { a: 'id/1', 'b"c': 'it"s' }
const lookup = (bulkId: string): string | undefined => (Object.hasOwn(IDS, bulkId) ? IDS[bulkId] : undefined)

describe('references in the data of a bulk operation', () => {
  test.each<[unknown, unknown]>([
    ['bulkId:a', 'id/1'],
    ['bulkId:b"c', 'it"s'],
    ['bulkId:unknown', 'bulkId:unknown'],
    ['bulkId:', 'bulkId:'],
    ['BulkId:a', 'BulkId:a'],
    ['see bulkId:a', 'see bulkId:a'],
    ['../Users/bulkId:a', '../Users/id%2F1'],
    ['/Users/bulkId:a/x', '/Users/bulkId:a/x'],
    [{ path: 'bulkId:a' }, { path: 'id/1' }],
    [{ path: 'members[value eq "bulkId:a"]' }, { path: 'members[value eq "id/1"]' }],
    [{ Path: 'members[value EQ "bulkId:b\\"c"].x' }, { Path: 'members[value EQ "it\\"s"].x' }],
    [{ path: "members[value eq 'bulkId:a']" }, { path: "members[value eq 'id/1']" }],
    [{ path: 'members[value eq bulkId:a]' }, { path: 'members[value eq id/1]' }],
    [{ path: 'm[a eq "bulkId:a" or b eq "bulkId:x"]' }, { path: 'm[a eq "id/1" or b eq "bulkId:x"]' }],
    [{ path: 'm[a eq "x bulkId:a"]' }, { path: 'm[a eq "x bulkId:a"]' }],
    [{ path: 'm[a eq "bulkId:\\q"]' }, { path: 'm[a eq "bulkId:\\q"]' }],
    [{ title: 'm[a eq "bulkId:a"]' }, { title: 'm[a eq "bulkId:a"]' }],
    [[{ value: ['bulkId:a', 1, null, true] }], [{ value: ['id/1', 1, null, true] }]],
    ['m[a eq "bulkId:a"]', 'm[a eq "bulkId:a"]'],
  ])('%j becomes %j', (given, expected) => {
    expect(replaceReferences(given, lookup)).toEqual(expected)
  })

  // Each text takes minutes if it is read from its quotes again and again, and no test has so much time.
  test.each(['"bulkId:\\', "'bulkId:", ' bulkId:', '"bulkId:a', '\\"bulkId:'])(
    'a megabyte of %j is read once',
    (piece) => {
      const text = piece.repeat(1_000_000 / piece.length)
      expect(replaceCompared(text, () => undefined)).toBe(text)
      const data = { Operations: [{ op: 'remove', path: text }, { path: `m[value eq ${text}` }, { value: text }] }
      expect(replaceReferences(data, () => undefined)).toBe(data)
    },
  )

  test('what holds none is not copied', () => {
    const kept = { b: [1, { c: 'x' }] }
    const data = { a: 'bulkId:a', kept }
    const replaced = replaceReferences(data, lookup) as typeof data
    expect(replaced.kept).toBe(kept)
    expect(replaceReferences(kept, lookup)).toBe(kept)
    expect(data.a).toBe('bulkId:a')
  })

  test('names that objects inherit stay names', () => {
    const data = JSON.parse('{"__proto__": {"polluted": "bulkId:a"}, "constructor": "bulkId:a"}')
    const replaced = replaceReferences(data, lookup) as Record<string, unknown>
    expect(Object.keys(replaced)).toEqual(['__proto__', 'constructor'])
    expect(replaced['polluted']).toBeUndefined()
    expect(Object.keys(takeOut(data, () => true).rest)).toEqual([])
  })

  test('all are found, wherever they stand', () => {
    const data = [{ path: 'm[value eq "bulkId:a" or value eq "bulkId:b"]' }, { x: { y: ['bulkId:c', 'u/bulkId:d'] } }]
    expect([...referencesIn(data)]).toEqual(['a', 'b', 'c', 'd'])
  })

  test('what has to wait is taken out: elements of lists, whole attributes, parts of extensions', () => {
    const resource = {
      title: 'x',
      next: 'bulkId:late',
      members: [{ value: 'bulkId:late' }, { value: 'bulkId:soon' }, { value: '1' }],
      only: ['bulkId:late'],
      'urn:x': { kept: 1, manager: { value: 'bulkId:late' } },
    }
    expect(takeOut(resource, (bulkId) => bulkId === 'late')).toEqual({
      rest: { title: 'x', members: [{ value: 'bulkId:soon' }, { value: '1' }], only: [], 'urn:x': { kept: 1 } },
      taken: [
        { path: 'next', value: 'bulkId:late', remains: false },
        { path: 'members', value: [{ value: 'bulkId:late' }], remains: true },
        { path: 'only', value: ['bulkId:late'], remains: false },
        { path: 'urn:x:manager', value: { value: 'bulkId:late' }, remains: false },
      ],
    })
  })
})
