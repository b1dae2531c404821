import fc from 'fast-check'
import type { MemoryRow } from '../../src/memory/row.js'
import { RowList } from '../../src/memory/row-list.js'

// The list looks at nothing else of a row.
const row = (sequence: number): MemoryRow => ({ sequence }) as MemoryRow
const sequences = (rows: Iterable<MemoryRow>): number[] => Array.from(rows, ({ sequence }) => sequence)

function listOf(length: number): { list: RowList; rows: MemoryRow[] } {
  const list = new RowList()
  const rows = Array.from({ length }, (_, index) => row(index + 1))
  for (const each of rows) list.push(each)
  return { list, rows }
}

describe('RowList', () => {
  test('is an array to whoever reads it, over many chunks and whatever has been removed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3_499), { maxLength: 200 }),
        fc.nat(3_600),
        fc.integer({ min: 0, max: 1_200 }),
        (removed, position, count) => {
          const { list, rows } = listOf(3_500)
          for (const index of removed) list.remove(rows[index] as MemoryRow)
          const left = rows.filter((_, index) => !removed.includes(index))
          expect(list.length).toBe(left.length)
          expect(sequences(list)).toEqual(sequences(left))
          expect(list.slice(position, count)).toEqual(left.slice(position, position + count))
          const behind = left.filter(({ sequence }) => sequence > position)
          expect(list.after(position, count)).toEqual(behind.slice(0, count))
          const ahead = left.filter(({ sequence }) => sequence < position)
          expect(list.before(position, count)).toEqual(count === 0 ? [] : ahead.slice(-count))
        },
      ),
      { numRuns: 20 },
    )
  })

  test('goes on where it was after a chunk has been emptied', () => {
    const { list, rows } = listOf(2_500)
    for (const each of rows.slice(1_000, 2_000)) list.remove(each)
    list.push(row(9_000))
    expect(sequences(list.slice(999, 3))).toEqual([1_000, 2_001, 2_002])
    expect(sequences(list.after(2_499, 10))).toEqual([2_500, 9_000])
  })

  test('a row that is not in it is not removed', () => {
    const { list } = listOf(3)
    list.remove(row(2))
    list.remove(row(7))
    expect(sequences(list)).toEqual([1, 2, 3])
  })

  test('an iteration meets each row that lasts once while others come and go', () => {
    const { list, rows } = listOf(3_000)
    const met: number[] = []
    let next = 3_000
    for (const { sequence } of list) {
      met.push(sequence)
      if (sequence % 10 === 0 && sequence <= 3_000) {
        list.remove(rows[sequence - 1] as MemoryRow)
        next += 1
        list.push(row(next))
      }
    }
    expect(met).toEqual(Array.from({ length: 3_300 }, (_, index) => index + 1))
  })

  test('rows of an index are put in order', () => {
    expect(sequences(RowList.of([row(3), row(1), row(2)]))).toEqual([1, 2, 3])
  })
})
