import fc from 'fast-check'
import { Smallest } from '../../src/adapter/smallest.js'

test('keeps what sorting and cutting all would keep', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.nat(20), (items, limit) => {
      const smallest = new Smallest<number>(limit, (a, b) => a - b)
      for (const item of items) smallest.add(item)
      expect(smallest.sorted()).toEqual([...items].sort((a, b) => a - b).slice(0, limit))
    }),
  )
})
