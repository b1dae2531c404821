import { compareSortKeys, sortKey } from '../../src/adapter/sort.js'
import { find, userSchema } from '../memory/calls.js'

const order = (path: string, direction: 'ascending' | 'descending', resources: readonly object[]): unknown[] => {
  const keyOf = sortKey(find(userSchema, path))
  const compare = compareSortKeys(direction)
  return resources
    .map((resource) => ({ resource, key: keyOf(resource) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ resource }) => (resource as { n: unknown }).n)
}

describe('sortKey', () => {
  test('[P-3.4.2.3-03] a multi-valued attribute counts by its primary value, else by the first', () => {
    const keyOf = sortKey(find(userSchema, 'emails.value'))
    expect(keyOf({ emails: [{ value: 'b' }, { value: 'a', primary: true }] })).toBe('a')
    expect(keyOf({ emails: [{ value: 'b' }, { value: 'a', primary: false }] })).toBe('b')
    expect(keyOf({ emails: [] })).toBeUndefined()
  })

  test('a primary value without the sub-attribute has no value to sort by', () => {
    const keyOf = sortKey(find(userSchema, 'emails.type'))
    expect(
      keyOf({
        emails: [
          { value: 'b', type: 'home' },
          { value: 'a', primary: true },
        ],
      }),
    ).toBeUndefined()
  })

  test('[P-3.4.2.3-04] a path leads to a sub-attribute', () => {
    expect(
      order('name.familyName', 'ascending', [
        { n: 1, name: { familyName: 'b' } },
        { n: 2, name: { familyName: 'a' } },
      ]),
    ).toEqual([2, 1])
  })

  test('only own properties are read', () => {
    const resource = Object.create({ userName: 'inherited' }) as object
    expect(sortKey(find(userSchema, 'userName'))(resource)).toBeUndefined()
  })

  test('what a store gives instead of JSON is understood', () => {
    const keyOf = sortKey(find(userSchema, 'meta.lastModified'))
    expect(keyOf({ meta: { lastModified: new Date(5) } })).toBe(5)
    expect(keyOf({ meta: { lastModified: null } })).toBeUndefined()
    expect(keyOf({ meta: null })).toBeUndefined()
  })
})

describe('compareSortKeys', () => {
  const titled = [{ n: 1 }, { n: 2, title: 'b' }, { n: 3, title: 'a' }]

  test('[P-3.4.2.3-05] no value comes last when ascending and first when descending', () => {
    expect(order('title', 'ascending', titled)).toEqual([3, 2, 1])
    expect(order('title', 'descending', titled)).toEqual([1, 2, 3])
  })

  test('[P-3.4.2.3-07] letter case counts only where the attribute is caseExact', () => {
    const resources = [
      { n: 1, userName: 'b', externalId: 'b' },
      { n: 2, userName: 'C', externalId: 'C' },
      { n: 3, userName: 'a', externalId: 'a' },
    ]
    expect(order('userName', 'ascending', resources)).toEqual([3, 1, 2])
    expect(order('externalId', 'ascending', resources)).toEqual([2, 3, 1])
  })

  test('[P-3.4.2.3-07] times are ordered as instants', () => {
    expect(
      order('meta.created', 'ascending', [
        { n: 1, meta: { created: '2020-01-01T12:00:00Z' } },
        { n: 2, meta: { created: '2020-01-01T12:30:00+02:00' } },
      ]),
    ).toEqual([2, 1])
  })
})
