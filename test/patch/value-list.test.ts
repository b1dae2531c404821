import type { Choice } from '../../src/patch/listed-values.js'
import { ValueList } from '../../src/patch/value-list.js'
import type { Attribute } from '../../src/schema/model/attribute.js'
import { attributeIn, deepFreeze, groupSchema, OWN, refusal, userSchema } from './support.js'

const emails = attributeIn(userSchema, 'emails')
const tags = attributeIn(userSchema, OWN, 'tags')
const devices = attributeIn(userSchema, OWN, 'devices')
const owners = attributeIn(userSchema, OWN, 'owners')
const members = attributeIn(groupSchema, 'members')

const listOf = (attribute: Attribute, stored: unknown) => new ValueList(attribute, deepFreeze(stored))
const choosing = (meets: Choice['meets']): Choice => ({ meets, looks: 1 })
const all = choosing(() => true)
const gone = () => undefined
const is = (wanted: string) => choosing((value) => (value as { readonly value?: unknown }).value === wanted)

/** Searches often enough for the list to make an index. */
function searchMuch(list: ValueList): void {
  list.removeReferences(['no', 'such', 'value', 'is', 'there', 'at all'])
}

describe('what is stored', () => {
  test.each([[undefined], [null], [[]], [[null]], [['a']], ['a']])(
    '%j stays the same when nothing is done',
    (stored) => {
      const list = listOf(tags, stored)
      expect(list.close()).toBe(stored)
      list.add([])
      expect(list.close()).toBe(stored)
    },
  )

  test('nothing is left of nothing', () => {
    for (const stored of [undefined, null, [], [null]]) {
      const list = listOf(tags, stored)
      list.clear()
      expect(list.close()).toBe(stored)
    }
  })

  test('all values go, and not the gaps alone', () => {
    const list = listOf(tags, [null, 'a'])
    list.clear()
    expect(list.close()).toBeUndefined()
  })

  test('gaps are no values', () => {
    const list = listOf(tags, [null, 'a', undefined, 'b'])
    expect(list.change(all, (value) => value)).toBe(2)
    list.add(['c'])
    expect(list.close()).toEqual(['a', 'b', 'c'])
  })

  test('gaps that were there are no change', () => {
    const stored = [null, { value: 'a' }, null]
    const list = listOf(members, stored)
    list.removeReferences(['a'])
    list.add([{ value: 'a' }])
    list.dropEqual()
    expect(list.close()).toBe(stored)
  })

  test('an object without a value is no value', () => {
    const list = listOf(emails, {})
    list.add([{ value: 'a' }])
    expect(list.close()).toEqual([{ value: 'a' }])
  })

  test('what is still to be read is refused with the name of the attribute', () => {
    const stored = (async function* () {})()
    expect(() => new ValueList(members, stored)).toThrow(/^Attribute "members" is an AsyncIterable/)
  })

  test('a single object stands for a list of one', () => {
    const list = listOf(emails, { value: 'a' })
    list.add([{ value: 'b' }])
    expect(list.close()).toEqual([{ value: 'a' }, { value: 'b' }])
  })
})

describe('values that come', () => {
  test('[P-3.5.2.1-07] are there once', () => {
    const list = listOf(tags, ['a'])
    list.add(['A', 'b', 'B', 'a'])
    expect(list.close()).toEqual(['a', 'b'])
  })

  test('are there once in a long list as well', () => {
    const stored = Array.from({ length: 10 }, (_, index) => `t${index}`)
    const list = listOf(tags, stored)
    list.add(['new', ...stored, 'new', 'T3', 'other'])
    expect(list.close()).toEqual([...stored, 'new', 'other'])
  })

  test('leave alone what the store holds twice, unless it is a reference', () => {
    const list = listOf(emails, [{ value: 'a' }, { value: 'b' }, { value: 'a' }])
    searchMuch(list)
    list.add([{ value: 'c' }])
    expect(list.close()).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'a' }, { value: 'c' }])
  })

  test('take over what is said beside, null and nothing excepted', () => {
    const list = listOf(emails, [{ value: 'a', display: 'x' }])
    list.add([{ value: 'a', display: null }])
    list.add([{ value: 'a', display: undefined }])
    list.add([{ value: 'a', primary: false }])
    expect(list.close()).toEqual([{ value: 'a', display: 'x' }])
    list.add([{ value: 'a', display: 'y', primary: true }])
    expect(list.close()).toEqual([{ value: 'a', display: 'y', primary: true }])
  })

  test('[P-3.5.2-12] the last primary wins over all others', () => {
    const stored = [{ value: 'a', primary: true }, { value: 'b' }, { value: 'c', primary: true }]
    const list = listOf(emails, stored)
    list.add([{ value: 'd', primary: true }, { value: 'e' }])
    expect(list.close()).toEqual([
      { value: 'a', primary: false },
      { value: 'b' },
      { value: 'c', primary: false },
      { value: 'd', primary: true },
      { value: 'e' },
    ])
  })

  test('[P-3.5.2-12] a value without primary leaves the others alone', () => {
    const list = listOf(emails, [{ value: 'a', primary: true }])
    list.add([{ value: 'b', primary: false }])
    expect(list.close()).toEqual([
      { value: 'a', primary: true },
      { value: 'b', primary: false },
    ])
  })

  test('[P-3.5.2-12] the first value of the list may become primary', () => {
    const list = listOf(emails, [{ value: 'a' }, { value: 'b', primary: true }])
    list.add([{ value: 'a', primary: true }])
    expect(list.close()).toEqual([
      { value: 'a', primary: true },
      { value: 'b', primary: false },
    ])
  })
})

describe('values that go and come again', () => {
  test('the same values in another order are no change', () => {
    const stored = [{ value: 'a' }, { value: 'b', type: 'work' }]
    const list = listOf(emails, stored)
    list.replace([
      { value: 'b', type: 'work' },
      { value: 'a', primary: false },
    ])
    expect(list.close()).toBe(stored)
  })

  test('one more is a change', () => {
    const list = listOf(emails, [{ value: 'a' }])
    list.replace([{ value: 'b' }, { value: 'a' }])
    expect(list.close()).toEqual([{ value: 'b' }, { value: 'a' }])
  })

  test('another spelling is a change', () => {
    const list = listOf(tags, ['a', 'b'])
    list.replace(['A', 'b'])
    expect(list.close()).toEqual(['A', 'b'])
  })

  test('what the server says of a value it goes on saying', () => {
    const list = listOf(devices, [{ serial: 'S', kind: 'phone', maker: 'M', seen: 'today' }, { serial: 'T' }])
    list.replace([
      { serial: 'S', kind: 'Phone', maker: 'M', seen: 'never' },
      { serial: 'T', seen: 'never' },
    ])
    expect(list.close()).toEqual([
      { serial: 'S', kind: 'Phone', maker: 'M', seen: 'today' },
      { serial: 'T', seen: 'never' },
    ])
  })

  test('a reference keeps what cannot change, and has what is said now', () => {
    const stored = [{ value: 'a', $ref: '../a', role: 'x' }, { value: 'b', $ref: '../b', role: 'y' }, { value: 'c' }]
    const list = listOf(owners, stored)
    list.replace([{ value: 'b', role: 'z' }, { value: 'a' }, { value: 'c' }])
    expect(list.close()).toStrictEqual([
      { value: 'a', $ref: '../a' },
      { value: 'b', $ref: '../b', role: 'z' },
      { value: 'c' },
    ])
    // No operation has changed the last value.
    expect((list.close() as unknown[])[2]).toBe(stored[2])
  })

  test('a reference in the same place is no change, however much is looked for', () => {
    const stored = Array.from({ length: 10 }, (_, index) => ({ value: `m${index}`, display: 'X' }))
    for (const count of [1, 3, 10]) {
      const list = listOf(members, stored)
      list.removeReferences(stored.slice(0, count).map(({ value }) => value))
      list.add(stored.slice(0, count).map(({ value }) => ({ value })))
      expect(list.close()).toBe(stored)
    }
  })

  test('there is only one of it afterwards', () => {
    const list = listOf(members, [{ value: 'a' }, { value: 'b' }])
    list.removeReferences(['a'])
    list.add([{ value: 'a' }])
    list.add([{ value: 'a' }])
    list.removeReferences(['b'])
    expect(list.close()).toEqual([{ value: 'a' }])
    list.removeReferences(['a'])
    expect(list.close()).toBeUndefined()
  })

  test('values that are no objects come as they are', () => {
    const list = listOf(devices, ['text', { serial: 'S' }])
    list.clear()
    list.add([{ serial: 'T' }])
    expect(list.close()).toEqual([{ serial: 'T' }])
  })
})

describe('references that go', () => {
  test.each([false, true])('one that the store holds twice goes as one (index: %p)', (index) => {
    const list = listOf(members, [{ value: 'a' }, { value: 'b' }, { value: 'a', type: 'User' }])
    if (index) searchMuch(list)
    list.removeReferences(['a'])
    expect(list.close()).toEqual([{ value: 'b' }])
  })

  test.each([false, true])('one that is not there changes nothing (index: %p)', (index) => {
    const stored = [{ value: 'a' }, { value: 'b' }]
    const list = listOf(members, stored)
    if (index) searchMuch(list)
    list.removeReferences(['c'])
    list.removeReferences(['b', 'b'])
    expect(list.close()).toEqual([{ value: 'a' }])
  })

  test('one that the store holds twice is found where it is still there', () => {
    const user = { value: 'a', type: 'User' }
    const list = listOf(members, [{ value: 'a' }, { value: 'b' }, user])
    list.change(
      choosing((value) => is('a').meets(value) && value !== user),
      gone,
    )
    searchMuch(list)
    list.add([{ value: 'a' }])
    expect(list.close()).toEqual([{ value: 'b' }, user])
  })

  test('one that has come in the same request goes as well', () => {
    const list = listOf(members, [{ value: 'a' }])
    searchMuch(list)
    list.add([{ value: 'b' }, { value: 'c' }])
    list.removeReferences(['b'])
    expect(list.close()).toEqual([{ value: 'a' }, { value: 'c' }])
  })
})

describe('values that change', () => {
  test('are counted, and keep their place', () => {
    const stored = [{ value: 'a' }, { value: 'b' }, { value: 'c' }]
    const list = listOf(emails, stored)
    expect(list.change(is('b'), () => ({ value: 'x' }))).toBe(1)
    expect(list.change(is('y'), gone)).toBe(0)
    expect(list.close()).toEqual([stored[0], { value: 'x' }, stored[2]])
    expect(list.change(all, (value) => value)).toBe(3)
    expect(list.change(is('x'), gone)).toBe(1)
    expect(list.close()).toEqual([stored[0], stored[2]])
    expect(list.change(all, gone)).toBe(2)
    expect(list.close()).toBeUndefined()
  })

  test('to what says the same are as they were', () => {
    const stored = [{ value: 'a' }, { value: 'b' }]
    const list = listOf(emails, stored)
    list.change(all, (value) => ({ ...(value as object) }))
    expect(list.close()).toBe(stored)
    list.change(is('b'), () => ({ value: 'c' }))
    expect((list.close() as unknown[])[0]).toBe(stored[0])
  })

  test('[P-3.5.2-12] the last that becomes primary is it', () => {
    const list = listOf(emails, [{ value: 'a' }, { value: 'b', primary: true }, { value: 'c' }])
    const change = (value: unknown) =>
      (value as { value: string }).value === 'c' ? undefined : { ...(value as object), primary: true }
    list.change(all, change, true)
    expect(list.close()).toEqual([{ value: 'a' }, { value: 'b', primary: true }])
  })

  test('[P-3.5.2-12] without that wish primary stays what it is', () => {
    const list = listOf(emails, [{ value: 'a', primary: true }, { value: 'b' }])
    list.change(is('b'), () => ({ value: 'x' }))
    expect(list.close()).toEqual([{ value: 'a', primary: true }, { value: 'x' }])
  })

  test('are found by what they are now, not by what they were', () => {
    const list = listOf(owners, [{ value: 'a', role: 'x' }, { value: 'b' }])
    searchMuch(list)
    list.change(is('a'), () => ({ value: 'c', role: 'x' }))
    list.add([{ value: 'c', role: 'y' }])
    expect(list.close()).toEqual([{ value: 'c', role: 'y' }, { value: 'b' }])
  })

  test('leave behind, of those that have become equal, one', () => {
    const list = listOf(emails, [{ value: 'a' }, { value: 'b' }, { value: 'c' }, null, { value: 'a', type: 'work' }])
    list.change(is('c'), () => ({ value: 'a', primary: false }))
    list.dropEqual()
    expect(list.close()).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'a', type: 'work' }])
  })
})

test('what is looked at is limited, for all operations together', () => {
  const stored = Array.from({ length: 1_000 }, (_, index) => `t${index}`)
  const list = listOf(tags, stored)
  const look = () =>
    list.change(
      choosing(() => false),
      gone,
    )
  for (let count = 0; count < 150; count++) look()
  expect(list.close()).toBe(stored)
  expect(refusal(look)).toBe('413')
})

test('a value that is changed counts as three that are looked at', () => {
  const stored = Array.from({ length: 1_000 }, (_, index) => `t${index}`)
  const list = listOf(tags, stored)
  const change = (count: number) =>
    list.change(
      choosing(() => true),
      (value) => `${value}${count}`,
    )
  for (let count = 0; count < 50; count++) change(count)
  expect(refusal(() => change(50))).toBe('413')
})

test('an index that changes make invalid counts each time it is made again', () => {
  const list = listOf(
    tags,
    Array.from({ length: 1_000 }, (_, index) => `t${index}`),
  )
  const changeOne = (count: number) => {
    list.change(is('no such value'), gone)
    list.change(
      choosing((value) => value === `t${count}`),
      (value) => `${value} changed`,
    )
    list.add([`a${count}`, `b${count}`, `c${count}`])
  }
  // Two looks at some thousand values, and two for the index.
  for (let count = 0; count < 36; count++) changeOne(count)
  expect(refusal(() => changeOne(36))).toBe('413')
})

test('the parts of values are read only where two values have the same value', () => {
  const read: string[] = []
  const stored = Array.from({ length: 100 }, (_, index) => ({
    value: `${index}`,
    get type() {
      read.push(`${index}`)
      return 'work'
    },
  }))
  const list = new ValueList(emails, stored)
  list.add(Array.from({ length: 10 }, (_, index) => ({ value: `new ${index}`, type: 'work' })))
  expect(read).toEqual([])
  list.add([{ value: '7', type: 'work' }])
  expect(new Set(read)).toEqual(new Set(['7']))
  list.add([
    { value: '7', type: 'home' },
    { value: '7', type: 'other' },
    { value: '7', type: 'home' },
  ])
  expect((list.close() as unknown[]).length).toBe(112)
})
