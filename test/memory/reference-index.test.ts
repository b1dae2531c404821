import { ReferenceIndex } from '../../src/memory/reference-index.js'
import type { MemoryRow } from '../../src/memory/row.js'
import { comparisonKey } from '../../src/schema/values/compare.js'
import { find, groupSchema } from './calls.js'

const a = { id: 'a' } as MemoryRow
const b = { id: 'b' } as MemoryRow
const index = (holds: (row: MemoryRow, value: string) => boolean = () => false) =>
  new ReferenceIndex(comparisonKey(find(groupSchema, 'members.value')), holds)

/** Too many members for any machine to index in one turn. */
const LONG = 200_000

/** Names that count how many of them were read. */
class CountedMap extends Map<string, object> {
  read = 0
  override *keys() {
    for (const key of super.keys()) {
      this.read += 1
      yield key
    }
    return undefined
  }
}
class CountedList extends Array<string> {
  read = 0
  override *[Symbol.iterator]() {
    for (let n = 0; n < this.length; n += 1) {
      this.read += 1
      yield `Value${n}`
    }
    return undefined
  }
}

/** How many were read in the first turn in which some were. */
async function firstPiece(values: { readonly read: number }): Promise<number> {
  while (values.read === 0) await new Promise((resolve) => setImmediate(resolve))
  return values.read
}

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
    const many = (from = 0, count = 3_000) =>
      new Map(Array.from({ length: count }, (_, n) => [`Value${n + from}`, {}] as const))
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

    test('come in by themselves, in pieces between which others have their turn', async () => {
      const members = index()
      const values = new CountedMap(many(0, LONG))
      members.addAll(values, a)
      const piece = await firstPiece(values)
      expect(piece).toBeLessThan(LONG)
      while (values.read < LONG) await rest()
      expect(members.get(`Value${LONG - 1}`)).toEqual([a])
    })

    test('are found no more once they are given up, and go in pieces', async () => {
      const held = new Map<MemoryRow, Set<string>>([
        [a, new Set()],
        [b, new Set(['Value1'])],
      ])
      const members = index((row, value) => held.get(row)?.has(value) === true)
      members.addAll(many(0, LONG), a)
      members.add('Value1', b)
      const values = new CountedList(LONG)
      members.deleteAll(values, values.length, a)
      expect(values.read).toBe(0)
      expect(members.get('Value0')).toEqual([])
      expect(members.has('Value0')).toBe(false)
      expect(members.match('VALUE1')).toEqual([b])
      // A value that comes again meanwhile stays.
      const last = `Value${LONG - 1}`
      held.get(a)?.add(last)
      members.add(last, a)
      const piece = await firstPiece(values)
      expect(piece).toBeLessThan(LONG)
      while (values.read < LONG) await rest()
      await rest()
      expect(members.get(last)).toEqual([a])
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
