import { AttributeIndex } from '../../src/memory/attribute-index.js'
import type { MemoryRow } from '../../src/memory/row.js'

const a = { id: 'a' } as MemoryRow
const b = { id: 'b' } as MemoryRow

describe('AttributeIndex', () => {
  test('gives every row of a value, and none that has left', () => {
    const index = new AttributeIndex()
    index.add('x', a)
    index.add('x', b)
    index.add('y', b)
    expect(index.get('x')).toEqual([a, b])
    index.delete('x', a)
    index.delete('x', a)
    expect(index.get('x')).toEqual([b])
    index.delete('x', b)
    expect(index.get('x')).toEqual([])
    expect(index.has('x')).toBe(false)
    expect(index.get('y')).toEqual([b])
  })

  test('what it gave stays as it was', () => {
    const index = new AttributeIndex()
    index.add('x', a)
    index.add('x', b)
    const before = index.get('x')
    index.delete('x', a)
    expect(before).toEqual([a, b])
  })

  test('a value is taken when another row has it', () => {
    const index = new AttributeIndex()
    expect(index.isTaken('x', a)).toBe(false)
    index.add('x', a)
    index.add('x', a)
    expect(index.isTaken('x', a)).toBe(false)
    expect(index.isTaken('x', b)).toBe(true)
    expect(index.isTaken('x', undefined)).toBe(true)
    index.add('x', b)
    expect(index.isTaken('x', a)).toBe(true)
    index.delete('x', b)
    expect(index.isTaken('x', a)).toBe(false)
  })

  test('no key finds nothing, and names of prototypes are keys like others', () => {
    const index = new AttributeIndex()
    expect(index.get(undefined)).toEqual([])
    expect(index.get('__proto__')).toEqual([])
    index.add('constructor', a)
    expect(index.get('constructor')).toEqual([a])
  })
})
