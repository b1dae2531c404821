import { type Limits, scimRouter } from '../../src/index.js'
import { LIMITS, resolveLimits } from '../../src/provider/setup/limits.js'
import { memoryOptions } from '../rfc7644/service.js'

const start = (limits: Partial<Limits>): unknown => scimRouter({ ...memoryOptions(), authenticate: () => ({}), limits })

describe('limits', () => {
  test('all have a default, and a name, unit and answer to be told by', () => {
    const defaults = Object.fromEntries(Object.entries(LIMITS).map(([name, row]) => [name, row.default]))
    expect(resolveLimits()).toEqual(defaults)
    for (const row of Object.values(LIMITS)) {
      expect(row).toEqual({
        default: expect.any(Number),
        unit: expect.any(String),
        response: expect.any(String),
        description: expect.any(String),
        enforced: expect.any(String),
      })
    }
  })

  test('what is given replaces the default, what is undefined does not', () => {
    expect(resolveLimits({ bodyBytes: 5, filterDepth: undefined as never })).toMatchObject({
      bodyBytes: 5,
      filterDepth: 50,
    })
  })

  test('a page without count is no larger than the largest page', () => {
    expect(resolveLimits({ maxResults: 10 })).toMatchObject({ maxResults: 10, defaultResults: 10 })
    expect(resolveLimits({ maxResults: 10, defaultResults: 20 }).defaultResults).toBe(10)
    expect(resolveLimits({ maxResults: 500 }).defaultResults).toBe(100)
  })

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, true])('%p is no limit', (value) => {
    expect(() => start({ bodyBytes: value as number })).toThrow(/limits.bodyBytes must be .*ERR_SCIM_LIMIT/)
  })

  test.each(['bodyByte', 'toString', '__proto__', 'constructor'])('%s is no name of one', (name) => {
    expect(() => start(JSON.parse(`{"${name}":1}`))).toThrow(/ERR_SCIM_LIMIT/)
  })

  test('are frozen', () => {
    expect(Object.isFrozen(resolveLimits())).toBe(true)
    expect(Object.isFrozen(LIMITS)).toBe(true)
  })
})
