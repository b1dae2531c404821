import { type Entry, guides, healthOf, type Traffic, trafficOf } from '../../src/guides/index.js'

const now = new Date('2026-11-28T12:00:00Z')
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)
const request = (minutes: number, status = 200, method = 'GET'): Entry => {
  return { method, path: '/Users', status, time: ago(minutes) }
}
const health = (rule: 'entra' | 'okta', ...entries: readonly Entry[]) =>
  healthOf(guides[rule].health, trafficOf(entries, now), now)

describe('health', () => {
  test('before the first request nobody knows', () => {
    expect(health('entra')).toBe('waiting')
    expect(health('okta')).toBe('waiting')
  })

  test.each([
    [119, 'good', 'good'],
    [121, 'late', 'good'],
    [26 * 60 - 1, 'late', 'good'],
    [26 * 60 + 1, 'silent', 'good'],
    [90 * 24 * 60, 'silent', 'good'],
  ])('%i minutes of silence are %s for Entra and %s for Okta', (minutes, entra, okta) => {
    expect(health('entra', request(minutes))).toBe(entra)
    expect(health('okta', request(minutes))).toBe(okta)
  })

  test('more than 40 % of the writes of the last hour refused is failing, for every provider', () => {
    const writes = (refused: number) =>
      Array.from({ length: 10 }, (_, index) => request(10 + index, index < refused ? 409 : 201, 'POST'))
    for (const rule of ['entra', 'okta'] as const) {
      expect(health(rule, ...writes(4))).toBe('good')
      expect(health(rule, ...writes(5))).toBe('failing')
      // Reads and older writes do not count.
      expect(health(rule, ...writes(4), request(5, 404), request(61, 400, 'POST'))).toBe('good')
    }
  })

  test('nothing but 401 is locked out', () => {
    expect(health('okta', request(50, 401), request(5, 401, 'POST'))).toBe('lockedOut')
    expect(health('entra', request(50), request(5, 401))).toBe('good')
    expect(health('entra', request(700), request(600, 401))).toBe('lockedOut')
    expect(health('okta', request(60 * 24 * 9, 401))).toBe('lockedOut')
  })

  test('where silence is no sign, the last request decides', () => {
    expect(health('okta', request(300), request(200, 409, 'POST'))).toBe('failing')
    expect(health('okta', request(200), request(300, 409, 'POST'))).toBe('good')
  })

  test('takes numbers that a store has counted', () => {
    const hour = { requests: 3, unauthorized: 0, writes: 2, refusedWrites: 1 }
    const traffic: Traffic = { last: { time: ago(1), status: 200 }, hour }
    expect(healthOf(guides.okta.health, traffic, now)).toBe('failing')
  })
})
