import { AttributeIndex } from '../../src/memory/attribute-index.js'
import { ReferenceIndex } from '../../src/memory/reference-index.js'
import type { MemoryRow } from '../../src/memory/row.js'
import { comparisonKey } from '../../src/schema/compare.js'
import { find, groupSchema } from './calls.js'

const a = { id: 'a' } as MemoryRow
const b = { id: 'b' } as MemoryRow
const index = (holds: (row: MemoryRow, value: string) => boolean = () => false) =>
  new ReferenceIndex(comparisonKey(find(groupSchema, 'members.value')), holds)

describe('ReferenceIndex', () => {
  test('identifiers are the same letter by letter, filters compare as the schema says', () => {
    const members = index()
    members.add('Ann', a)
    members.add('ann', b)
    expect(members.get('Ann')).toEqual([a])
    expect(members.get('ANN')).toEqual([])
    expect(members.match('ANN')).toEqual(expect.arrayContaining([a, b]))
  })

  test('a row that has two spellings is found once, and until both are gone', () => {
    const members = index()
    members.add('Ann', a)
    members.add('ANN', a)
    expect(members.match('ann')).toEqual([a])
    members.delete('Ann', a)
    expect(members.match('ann')).toEqual([a])
    members.delete('ANN', a)
    expect(members.match('ann')).toEqual([])
  })

  test('a spelling stays while another row has it', () => {
    const members = index()
    members.add('Ann', a)
    members.add('Ann', b)
    members.delete('Ann', a)
    expect(members.match('ann')).toEqual([b])
  })

  describe('many values at once', () => {
    const many = (from = 0) => new Map(Array.from({ length: 3_000 }, (_, n) => [`Value${n + from}`, {}] as const))
    const rest = () => new Promise((resolve) => setImmediate(resolve))

    test('are there as soon as somebody asks', () => {
      const [get, has, match, add, remove] = [index(), index(), index(), index(), index()]
      for (const each of [get, has, match, add, remove]) each.addAll(many(), a)
      expect(get.get('Value2999')).toEqual([a])
      expect(has.has('Value2999')).toBe(true)
      expect(match.match('VALUE2999')).toEqual([a])
      add.add('Value2999', b)
      expect(add.get('Value2999')).toEqual([a, b])
      remove.delete('Value2999', a)
      expect(remove.get('Value2999')).toEqual([])
      expect(remove.get('Value2998')).toEqual([a])
    })

    test('come in by themselves, in pieces', async () => {
      const members = index()
      // Time is over at each look.
      let now = 0
      jest.spyOn(performance, 'now').mockImplementation(() => {
        now += 10
        return now
      })
      members.addAll(many(), a)
      const add = jest.spyOn(AttributeIndex.prototype, 'add')
      await rest()
      expect(add.mock.calls.length).toBeGreaterThan(0)
      expect(add.mock.calls.length).toBeLessThan(3_000)
      while (add.mock.calls.length < 3_000) await rest()
      jest.restoreAllMocks()
      expect(members.get('Value2999')).toEqual([a])
    })

    test('are found no more once they are given up, and go in pieces', async () => {
      const held = new Map<MemoryRow, Set<string>>([
        [a, new Set()],
        [b, new Set(['Value1'])],
      ])
      const members = index((row, value) => held.get(row)?.has(value) === true)
      members.addAll(many(), a)
      members.add('Value1', b)
      const remove = jest.spyOn(AttributeIndex.prototype, 'delete')
      let now = 0
      jest.spyOn(performance, 'now').mockImplementation(() => {
        now += 10
        return now
      })
      members.deleteAll([...many().keys()], a)
      expect(remove).not.toHaveBeenCalled()
      expect(members.get('Value0')).toEqual([])
      expect(members.has('Value0')).toBe(false)
      expect(members.match('VALUE1')).toEqual([b])
      // What comes again meanwhile stays.
      held.get(a)?.add('Value2999')
      members.add('Value2999', a)
      await rest()
      expect(remove.mock.calls.length).toBeGreaterThan(0)
      expect(remove.mock.calls.length).toBeLessThan(2_999)
      while (remove.mock.calls.length < 2_999) await rest()
      await rest()
      jest.restoreAllMocks()
      expect(members.get('Value2999')).toEqual([a])
      expect(members.get('Value2')).toEqual([])
    })

    test('wait for no others, and forget what has left meanwhile', async () => {
      const members = index()
      const values = many()
      members.addAll(values, a)
      values.delete('Value2999')
      members.addAll(many(2_000), b)
      expect(members.get('Value2998')).toEqual([a, b])
      expect(members.get('Value2999')).toEqual([b])
      expect(members.get('Value4999')).toEqual([b])
    })
  })
})
