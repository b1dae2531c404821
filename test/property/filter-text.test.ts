import fc from 'fast-check'
import { strict, type Tolerate, tolerant } from '../../src/compatibility.js'
import { ScimError } from '../../src/error.js'
import { toPredicate } from '../../src/filter/evaluate.js'
import { parseFilter } from '../../src/filter/parse.js'
import { printFilter } from '../../src/filter/print.js'
import { resolveFilter } from '../../src/filter/resolve.js'
import { parsePath, resolvePath } from '../../src/patch/path.js'
import { user } from '../filter/fixture.js'
import { runs } from '../support/length.js'
import { anyFilter, filterLike } from './filter-arbitraries.js'

test('a filter that is printed and read again is the same filter', () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const text = printFilter(filter)
      expect(parseFilter(text)).toEqual(filter)
      expect(parseFilter(text, { tolerate: tolerant })).toEqual(filter)
      expect(printFilter(parseFilter(text))).toBe(text)
    }),
    { numRuns: 300 },
  )
})

/** The error's scimType, or undefined when all went well; anything but a SCIM error fails the test. */
function scimTypeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (!ScimError.is(error)) throw error
    expect(error.status).toBe(400)
    expect(error.message.length).toBeLessThan(400)
    return error.scimType
  }
}

describe.each<[string, Tolerate]>([
  ['strict', strict],
  ['tolerant', tolerant],
])('any text, %s [P-7.7-01]', (_, tolerate) => {
  test('is a filter or 400 invalidFilter', () => {
    const meets = (text: string) => {
      const parsed = parseFilter(text, { tolerate })
      resolveFilter(parsed, user, { tolerate, unknown: 'unassigned' })
      return toPredicate(resolveFilter(parsed, user, { tolerate }))({ userName: 'x', emails: [{ type: 'work' }] })
    }
    fc.assert(
      fc.property(filterLike, (text) => {
        expect([undefined, 'invalidFilter']).toContain(scimTypeOf(() => meets(text)))
      }),
      { numRuns: runs(400, 1_500) },
    )
  })

  test('is a path, or 400 invalidPath or invalidFilter', () => {
    const texts = fc.oneof(
      filterLike,
      filterLike.map((text) => `emails[${text}]`),
      filterLike.map((text) => `emails[type pr]${text}`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const scimType = scimTypeOf(() => resolvePath(parsePath(text, { tolerate }), user, { tolerate }))
        expect([undefined, 'invalidPath', 'invalidFilter']).toContain(scimType)
      }),
      { numRuns: runs(400, 1_500) },
    )
  })
})

test('what strict mode reads, tolerant mode reads alike', () => {
  fc.assert(
    fc.property(filterLike, (text) => {
      let parsed: ReturnType<typeof parseFilter>
      try {
        parsed = parseFilter(text)
      } catch {
        return
      }
      expect(parseFilter(text, { tolerate: tolerant })).toEqual(parsed)
    }),
    { numRuns: runs(300, 1_000) },
  )
})

test('no text costs more nodes or brackets than the limits allow', () => {
  const limits = { depth: 4, nodes: 8, length: 400 }
  const count = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 0
      : Object.values(value).reduce<number>((sum, part) => sum + count(part), 'kind' in value ? 1 : 0)
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const text = printFilter(filter)
      const scimType = scimTypeOf(() => {
        expect(count(parseFilter(text, { limits }))).toBeLessThanOrEqual(8)
      })
      if (count(filter) > 8 || text.length > 400) expect(scimType).toBe('invalidFilter')
    }),
    { numRuns: 300 },
  )
})
