import { type ScanBudget, scan } from '../../src/adapter/scan.js'

const WIDE: ScanBudget = { resources: 1e9, milliseconds: 1e9 }

/** Items that tell whether their iterator was closed. */
function watched(length: number) {
  const state = { closed: false, met: 0 }
  function* items(): Generator<number> {
    try {
      for (state.met = 0; state.met < length; state.met += 1) yield state.met
    } finally {
      state.closed = true
    }
  }
  async function* later(): AsyncGenerator<number> {
    yield* items()
  }
  return { state, items: items(), later: later() }
}

describe.each(['items', 'later'] as const)('scan, %s', (kind) => {
  test('visits every item once and in order', async () => {
    const source = watched(1_000)
    const visited: number[] = []
    await scan(source[kind], (item) => visited.push(item), WIDE, undefined)
    expect(visited).toEqual(Array.from({ length: 1_000 }, (_, index) => index))
    expect(source.state.closed).toBe(true)
  })

  test('a budget that is just enough is enough', async () => {
    const source = watched(100)
    await scan(source[kind], () => undefined, { ...WIDE, resources: 100 }, undefined)
    expect(source.state.met).toBe(100)
  })

  test('[P-3.4.2.1-04] beyond the number of resources it is 400 tooMany, and the iterator is closed', async () => {
    const source = watched(1_000)
    const scanned = scan(source[kind], () => undefined, { ...WIDE, resources: 100 }, undefined)
    await expect(scanned).rejects.toMatchObject({ status: 400, scimType: 'tooMany' })
    expect(source.state).toEqual({ closed: true, met: 100 })
  })

  test('beyond the time it is 400 tooMany, and the iterator is closed', async () => {
    const source = watched(1_000)
    const scanned = scan(source[kind], () => undefined, { ...WIDE, milliseconds: -1 }, undefined)
    await expect(scanned).rejects.toMatchObject({ status: 400, scimType: 'tooMany' })
    expect(source.state.closed).toBe(true)
  })

  test('resources that take long are not waited for by the dozen', async () => {
    const source = watched(1_000)
    const slow = (): void => {
      const end = performance.now() + 10
      while (performance.now() < end);
    }
    const scanned = scan(source[kind], slow, { ...WIDE, milliseconds: 15 }, undefined)
    await expect(scanned).rejects.toMatchObject({ status: 400, scimType: 'tooMany' })
    expect(source.state.met).toBeLessThan(8)
  })

  test('ends with the reason of the signal, and the iterator is closed', async () => {
    const source = watched(1_000)
    const abort = new AbortController()
    const reason = new Error('gone')
    const scanned = scan(source[kind], (item) => item === 3 && abort.abort(reason), WIDE, abort.signal)
    await expect(scanned).rejects.toBe(reason)
    expect(source.state.closed).toBe(true)
  })

  test('does not begin when the signal has aborted', async () => {
    const source = watched(10)
    await expect(scan(source[kind], () => undefined, WIDE, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(source.state.met).toBe(0)
  })

  test('a failing visit closes the iterator', async () => {
    const source = watched(10)
    const fail = () => {
      throw new Error('no')
    }
    await expect(scan(source[kind], fail, WIDE, undefined)).rejects.toThrow('no')
    expect(source.state.closed).toBe(true)
  })

  test('others get their turn while it lasts', async () => {
    const source = watched(200)
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    // A visit that takes a while, as a costly filter does.
    const wait = () => {
      const end = performance.now() + 0.5
      while (performance.now() < end);
    }
    await scan(source[kind], wait, WIDE, undefined)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })
})
