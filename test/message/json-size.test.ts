import fc from 'fast-check'
import { checkJsonBytes, checkJsonValue, isWithinLimits, type JsonLimits } from '../../src/json-size.js'

function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((count, each) => count + countOf(each), 1)
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

/** The statuses of the refusals of a JSON text, and of its parsed value. */
function refusals(text: string, limits: JsonLimits): readonly unknown[] {
  const statusOf = (check: () => void): unknown => {
    try {
      check()
      return undefined
    } catch (error) {
      return (error as { readonly status?: unknown }).status
    }
  }
  return [
    statusOf(() => checkJsonBytes(Buffer.from(text), limits)),
    statusOf(() => checkJsonValue(JSON.parse(text), limits)),
  ]
}

describe('a text that is too short to hold too much', () => {
  test('is never refused when its bytes are counted', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(40), fc.nat(200), (value, depth, values) => {
        const text = JSON.stringify(value)
        if (isWithinLimits(text, { depth, values })) {
          expect(refusals(text, { depth, values })).toEqual([undefined, undefined])
        }
      }),
    )
  })

  test.each([
    ['[[1]]', { depth: 2, values: 5 }, true],
    ['[[1]]', { depth: 1, values: 5 }, false],
    ['[{"a":{}}]', { depth: 2, values: 100 }, false],
    ['[[1]]', { depth: 2, values: 4 }, false],
    // The count of the bytes knows that a bracket in a text opens nothing.
    ['"[{"', { depth: 1, values: 100 }, false],
    ['"é[{"', { depth: 2, values: 100 }, true],
  ])('%s with %j: %s', (text, limits, isShort) => {
    expect(isWithinLimits(text, limits)).toBe(isShort)
  })
})

describe('the size of JSON', () => {
  const BLANKS = ['', ' ', '\n  ', '\t']
  test('is told from its bytes as from what they stand for, with any blanks', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...BLANKS), (value, blanks) => {
        const text = JSON.stringify(value, null, blanks)
        const [values, depth] = [countOf(JSON.parse(text)), depthOf(JSON.parse(text))]
        expect(refusals(text, { values, depth })).toEqual([undefined, undefined])
        expect(refusals(text, { values: values - 1, depth })).toEqual([413, 413])
        if (depth > 0) expect(refusals(text, { values, depth: depth - 1 })).toEqual([400, 400])
      }),
    )
  })

  test.each([
    ['"\\""', 1],
    ['"\\\\"', 1],
    ['["\\\\\\"],[", "]"]', 3],
    ['{"a\\":[":-1.5e+3,"b":[true,false,null]}', 6],
    ['[ -0 , 1 ]', 3],
    ['{}', 1],
    ['[[],{}]', 3],
    ['{"é𝒜":"]}"}', 2],
  ])('%s has as many values as it has', (text, values) => {
    expect(refusals(text, { values, depth: 5 })).toEqual([undefined, undefined])
    expect(refusals(text, { values: values - 1, depth: 5 })).toEqual([413, 413])
  })

  // To parse any of these first would take long, or much memory.
  test.each([
    ['[', 400],
    ['{"a":', 400],
    ['1,', 413],
    ['{},', 413],
    ['"",', 413],
    ['null ', 413],
  ])('a body of nothing but %s is looked at no further than it has to be', (piece, status) => {
    const bytes = Buffer.from(piece.repeat(200_000))
    let looked = 0
    const counted = new Proxy(bytes, {
      get: (target, name) => {
        looked += 1
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    expect(() => checkJsonBytes(counted, { values: 1_000, depth: 32 })).toThrow(expect.objectContaining({ status }))
    expect(looked).toBeLessThan(50_000)
  })

  // Minutes, if a quote were looked for from the beginning again or its backslashes counted again.
  test.each(['\\', '\\"', '"\\', '"', '\\\\"'])('a megabyte of %j is read once', (piece) => {
    const bytes = Buffer.from(`"${piece.repeat(1_000_000 / piece.length)}`)
    expect(() => checkJsonBytes(bytes, { values: Number.POSITIVE_INFINITY, depth: 32 })).not.toThrow()
  })
})
