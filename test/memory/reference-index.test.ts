import { ReferenceIndex } from '../../src/memory/reference-index.js'
import type { Row } from '../../src/memory/row.js'
import { comparisonKey } from '../../src/schema/compare.js'
import { find, groupSchema } from './calls.js'

const a = { id: 'a' } as Row
const b = { id: 'b' } as Row
const index = () => new ReferenceIndex(comparisonKey(find(groupSchema, 'members.value')))

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
})
