import fc from 'fast-check'
import { referencesIn } from '../../src/message/bulk-reference.js'
import { type BulkText, readBulkText, TextData } from '../../src/message/bulk-text.js'
import { runs } from '../support/length.js'

const LIMITS = { depth: 8, values: 200 }

const read = (text: string, limits = LIMITS): BulkText | undefined => readBulkText(text, Buffer.from(text), limits)

/** The request that was taken apart, put together again. */
function wholeOf({ envelope, operations }: BulkText): string {
  return JSON.stringify({ ...(envelope as object), Operations: operations.map(operationOf) })
}

/** The same request, parsed as a whole. */
const parsed = (text: string): string => JSON.stringify(JSON.parse(text))

function operationOf(operation: unknown): unknown {
  const { data } = operation as { readonly data?: unknown }
  return data instanceof TextData ? { ...(operation as object), data: data.read() } : operation
}

const name = fc.constantFrom('a', 'data', 'Data', 'bulkId', '__proto__', 'd\u0061ta', 'é', '"', '')
const text = fc.oneof(fc.constantFrom('bulkId:a', 'x', 'é\u{1f600}', '\\', '"', '}{', '\u2028', '\n'), fc.string())
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, text, fc.constantFrom(0, -1.5e-7, true, false, null), tie('list'), tie('object')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  object: fc.dictionary(name, tie('any'), { maxKeys: 4 }),
})).any

/** JSON with blanks, escapes, and names that are there twice. */
const members = (names: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(names, value, fc.constantFrom('', ' ', '\n\t'), fc.nat(40)), { maxLength: 5 })
    .map((list) => list.map(([key, held, blank, escaped]) => member(key, held, blank, escaped)).join(','))
const member = (key: string, held: unknown, blank: string, escaped: number): string =>
  [escapedAt(JSON.stringify(key), escaped), ':', escapedAt(JSON.stringify(held), 1), ''].join(blank)
/** A text of JSON with an escape in the place of a letter. */
const escapedAt = (json: string, at: number): string =>
  /^"[a-z]+"$/i.test(json) && at > 0 && at < json.length - 1
    ? `${json.slice(0, at)}\\u00${json.charCodeAt(at).toString(16)}${json.slice(at + 1)}`
    : json
const operation = members(fc.constantFrom('method', 'path', 'bulkId', 'data', 'data', 'Data', 'version')).map(
  (all) => `{${all}}`,
)
const request = fc
  .tuple(
    members(fc.constantFrom('schemas', 'failOnErrors', 'operations')),
    fc.array(operation, { minLength: 1, maxLength: 4 }),
  )
  .map(([rest, operations]) => `{${rest}${rest && ','}"Operations":[${operations.join(' ,')}]}`)

describe('a bulk request that is taken apart', () => {
  test('is the one that was sent', () => {
    let taken = 0
    fc.assert(
      fc.property(request, (sent) => {
        const apart = read(sent)
        if (apart === undefined) return
        taken += 1
        expect(wholeOf(apart)).toBe(parsed(sent))
      }),
      { numRuns: runs(300, 5_000) },
    )
    expect(taken).toBeGreaterThan(50)
  })

  test('is JSON: with any change to its text that makes it none, it is left to the parser', () => {
    let broken = 0
    const change = fc.tuple(
      fc.nat(),
      fc.nat(2),
      fc.constantFrom(...'{}[],:"\\01-+.eEu \n\t\u0001\u00e9tn', 'true', '\ud800'),
    )
    fc.assert(
      fc.property(request, change, (sent, [at, removed, added]) => {
        const place = at % (sent.length + 1)
        const changed = Buffer.from(sent.slice(0, place) + added + sent.slice(place + removed)).toString()
        const apart = read(changed)
        if (apart === undefined) broken += 1
        else expect(wholeOf(apart)).toBe(parsed(changed))
      }),
      { numRuns: runs(500, 20_000) },
    )
    expect(broken).toBeGreaterThan(100)
  })

  test('refers to the same operations', () => {
    fc.assert(
      fc.property(request, (sent) => {
        for (const one of read(sent)?.operations ?? []) {
          const { data } = one as { readonly data?: unknown }
          if (data instanceof TextData) expect(data.references()).toEqual(referencesIn(data.read()))
        }
      }),
      { numRuns: runs(200, 2_000) },
    )
    const apart = read('{"Operations":[{"data":{"a":"b"}},{"data":{"a":"bulkId:b"}},{"data":{"a":"\\u0062ulkId:b"}}]}')
    expect([0, 1, 2].map((index) => apart?.referencesOf(index).size)).toEqual([0, 1, 1])
    expect([1, 0, 1].map((index) => apart?.read(index))).toEqual([{ a: 'bulkId:b' }, { a: 'b' }, { a: 'bulkId:b' }])
  })

  test.each([
    ['no message', '[{"data":{}}]'],
    ['two lists of operations', '{"Operations":[{"data":{}}],"Operations":[{"data":[]}]}'],
    ['a list under a name in other letters', '{"operations":[{"data":{}}]}'],
    ['a list under a name with an escape', '{"Operation\\u0073":[{"data":{}}]}'],
    ['an operation that is no object', '{"Operations":[{"data":{}},1]}'],
    ['no operation', '{"Operations":[]}'],
    ['a name of an operation with an escape', '{"Operations":[{"dat\\u0061":{}}]}'],
    ['a byte order mark', '\ufeff{"Operations":[{"data":{}}]}'],
    ...[
      '01',
      '1.',
      '.5',
      '+1',
      '1e',
      '-',
      'tru',
      'nul',
      'NaN',
      '"\\x"',
      '"\\u00g0"',
      '"\t"',
      '"',
      '[1,]',
      '{"a":1,}',
      '{a:1}',
      '',
      ']',
    ].map((value): [string, string] => [`data ${value}`, `{"Operations":[{"data":{}},{"data":${value}}]}`]),
  ])('%s: is left to the parser', (_title, sent) => {
    expect(read(sent)).toBeUndefined()
  })

  test.each([
    [
      'deeper than the limit',
      '{"Operations":[{"data":{"a":[[1]]}}]}',
      { depth: 5, values: 100 },
      { depth: 6, values: 100 },
    ],
    [
      'more values than the limit',
      '{"Operations":[{"data":{"a":[1,"b",null]}}]}',
      { depth: 8, values: 7 },
      { depth: 8, values: 8 },
    ],
  ])('has not %s', (_title, sent, less, enough) => {
    expect(read(sent, less)).toBeUndefined()
    expect(read(sent, enough)).toBeDefined()
  })
})
