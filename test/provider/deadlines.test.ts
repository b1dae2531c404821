import { Deadlines, type TimedWork } from '../../src/provider/shared/deadlines.js'

/** Work that must be over in this number of milliseconds. */
function timed(allowance: number): TimedWork & { readonly expire: jest.Mock } {
  return { deadline: performance.now() + allowance, expire: jest.fn() }
}

describe('deadlines', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  test('what takes too long is ended, once; what is over before is not', () => {
    const deadlines = new Deadlines()
    const [slow, quick] = [timed(1_000), timed(1_000)]
    deadlines.add(slow)
    deadlines.add(quick)
    jest.advanceTimersByTime(900)
    deadlines.delete(quick)
    expect(slow.expire).not.toHaveBeenCalled()
    jest.advanceTimersByTime(200)
    expect(slow.expire).toHaveBeenCalledTimes(1)
    jest.advanceTimersByTime(10_000)
    expect(slow.expire).toHaveBeenCalledTimes(1)
    expect(quick.expire).not.toHaveBeenCalled()
  })

  test('each has its own time', () => {
    const deadlines = new Deadlines()
    const first = timed(1_000)
    deadlines.add(first)
    jest.advanceTimersByTime(500)
    const second = timed(1_000)
    deadlines.add(second)
    jest.advanceTimersByTime(600)
    expect([first, second].map(({ expire }) => expire.mock.calls.length)).toEqual([1, 0])
    jest.advanceTimersByTime(500)
    expect(second.expire).toHaveBeenCalledTimes(1)
  })

  test('one timer serves all, none runs when there is nothing to wait for, and it starts again', () => {
    const deadlines = new Deadlines()
    expect(jest.getTimerCount()).toBe(0)
    const members = [timed(1_000), timed(1_000), timed(1_000)]
    for (const member of members) deadlines.add(member)
    expect(jest.getTimerCount()).toBe(1)
    for (const member of members) deadlines.delete(member)
    jest.advanceTimersByTime(200)
    expect(jest.getTimerCount()).toBe(0)
    const late = timed(1_000)
    deadlines.add(late)
    jest.advanceTimersByTime(1_200)
    expect(late.expire).toHaveBeenCalledTimes(1)
  })
})
