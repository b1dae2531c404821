import { orderOf } from '../../src/provider/bulk/order.js'

describe('the order of bulk operations', () => {
  test.each<[string, number[][], number[][]]>([
    ['without references that of the request', [[], [], []], [[0], [1], [2]]],
    ['references back change nothing', [[], [0], [1, 0]], [[0], [1], [2]]],
    ['what is referred to comes first', [[2], [], []], [[2], [0], [1]]],
    ['a chain is turned round', [[1], [2], [3], []], [[3], [2], [1], [0]]],
    ['a diamond has each once', [[1, 2], [3], [3], []], [[3], [1], [2], [0]]],
    ['a circle stays together, in the order of the request', [[2], [], [0]], [[0, 2], [1]]],
    ['a circle stays so however it is walked through', [[2], [0], [1]], [[0, 1, 2]]],
    ['a reference to itself', [[0]], [[0]]],
    [
      'two circles, one behind the other',
      [[1, 2], [0], [3], [2]],
      [
        [2, 3],
        [0, 1],
      ],
    ],
    ['two circles that share one are one', [[1], [0, 2], [1]], [[0, 1, 2]]],
    ['nothing', [], []],
  ])('%s', (_title, references, order) => {
    expect(orderOf(references)).toEqual(order)
  })

  test('references may go as deep as there are operations', () => {
    const count = 100_000
    const chain = Array.from({ length: count }, (_, at) => (at + 1 < count ? [at + 1] : []))
    expect(orderOf(chain).at(0)).toEqual([count - 1])
    expect(orderOf([...chain.slice(0, -1), [0]])).toHaveLength(1)
  })
})
