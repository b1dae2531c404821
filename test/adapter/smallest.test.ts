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

test('gives what comes behind the first few, and lets others have their turn meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 50 })),
      fc.nat(20),
      fc.nat(25),
      async (items, limit, skipped) => {
        const smallest = new Smallest<number>(limit, (a, b) => a - b)
        for (const item of items) smallest.add(item)
        const kept = [...items].sort((a, b) => a - b).slice(0, limit)
        expect(await smallest.takeBehind(skipped, () => undefined)).toEqual(kept.slice(skipped))
      },
    ),
  )
  const many = new Smallest<number>(10_000, (a, b) => a - b)
  for (let item = 0; item < 10_000; item += 1) many.add(item)
  let pauses = 0
  await many.takeBehind(0, () => {
    pauses += 1
    return Promise.resolve()
  })
  expect(pauses).toBeGreaterThan(100)
})
