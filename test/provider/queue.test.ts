import { Queue, type Waiter } from '../../src/provider/shared/queue.js'

/** Work that ends when the test ends it. */
function held() {
  let release = (): void => undefined
  let fail = (_: Error): void => undefined
  const done = new Promise<void>((resolve, reject) => {
    release = resolve
    fail = reject
  })
  return { done, release, fail }
}

/** A request that ends when the test ends it. */
function waiter(): Waiter & { readonly leave: (reason: Error) => void; readonly timeOver: () => void } {
  const abort = new AbortController()
  let isOver = false
  let told = (): void => undefined
  return {
    signal: abort.signal,
    onTimeOver: (listener) => {
      if (isOver) listener()
      else told = listener
    },
    leave: (reason) => abort.abort(reason),
    timeOver: () => {
      isOver = true
      told()
    },
  }
}

const never = new Promise<never>(() => undefined)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a queue', () => {
  test('does one after the other, in the order they came', async () => {
    const queue = new Queue()
    const first = held()
    const order: string[] = []
    const work = (name: string, until?: Promise<void>) => async () => {
      order.push(`${name} begins`)
      await until
      order.push(`${name} ends`)
      return name
    }
    const results = [
      queue.run('a', waiter(), work('1', first.done)),
      queue.run('a', waiter(), work('2')),
      queue.run('a', waiter(), work('3')),
    ]
    await turn()
    expect(order).toEqual(['1 begins'])
    first.release()
    expect(await Promise.all(results)).toEqual(['1', '2', '3'])
    expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
  })

  test('keys do not wait for each other', async () => {
    const queue = new Queue()
    const first = held()
    const waiting = queue.run('a', waiter(), () => first.done)
    expect(await queue.run('b', waiter(), async () => 'b')).toBe('b')
    first.release()
    await waiting
  })

  test('a failure is that of its own work alone', async () => {
    const queue = new Queue()
    const first = held()
    const failing = queue.run('a', waiter(), () => first.done)
    const next = queue.run('a', waiter(), async () => 'next')
    first.fail(new Error('first'))
    await expect(failing).rejects.toThrow('first')
    expect(await next).toBe('next')
    const thrown = queue.run('a', waiter(), () => {
      throw new Error('at once')
    })
    await expect(thrown).rejects.toThrow('at once')
    expect(await queue.run('a', waiter(), async () => 'last')).toBe('last')
  })

  test('who comes when all is done need not wait a turn', async () => {
    const queue = new Queue()
    await queue.run('a', waiter(), async () => undefined)
    const work = jest.fn(async () => undefined)
    const result = queue.run('a', waiter(), work)
    expect(work).toHaveBeenCalledTimes(1)
    await result
  })

  test('who is over while waiting leaves, and the work is not begun', async () => {
    const queue = new Queue()
    const [first, gone] = [held(), waiter()]
    const work = jest.fn(async () => 'gone')
    const results = [queue.run('a', waiter(), () => first.done), queue.run('a', gone, work)]
    const last = queue.run('a', waiter(), async () => 'last')
    gone.leave(new Error('gone'))
    await expect(results[1]).rejects.toThrow('gone')
    await expect(queue.run('a', gone, work)).rejects.toThrow('gone')
    first.release()
    expect(await last).toBe('last')
    expect(work).not.toHaveBeenCalled()
  })

  test('work that never ends loses its turn with the time of its request', async () => {
    const queue = new Queue()
    const [first, second] = [waiter(), waiter()]
    void queue.run('a', first, () => never)
    const begun = jest.fn(() => never)
    void queue.run('a', second, begun)
    const last = queue.run('a', waiter(), async () => 'last')
    await turn()
    expect(begun).not.toHaveBeenCalled()
    first.timeOver()
    await turn()
    expect(begun).toHaveBeenCalledTimes(1)
    second.timeOver()
    expect(await last).toBe('last')
  })

  test('who comes after that time need not wait for it', async () => {
    const queue = new Queue()
    const first = waiter()
    void queue.run('a', first, () => never)
    first.timeOver()
    expect(await queue.run('a', waiter(), async () => 'next')).toBe('next')
  })

  test('work that ends after its turn takes nobody else out of turn', async () => {
    const queue = new Queue()
    const [late, second, request] = [held(), held(), waiter()]
    const first = queue.run('a', request, () => late.done)
    const next = queue.run('a', waiter(), () => second.done)
    request.timeOver()
    await turn()
    late.release()
    await first
    const third = jest.fn(async () => 'third')
    const last = queue.run('a', waiter(), third)
    await turn()
    expect(third).not.toHaveBeenCalled()
    second.release()
    expect([await next, await last]).toEqual([undefined, 'third'])
  })
})
