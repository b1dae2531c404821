import { Queue } from '../../src/provider/setup/queue.js'

/** Work that ends when it is told to. */
function held() {
  let release = (): void => undefined
  let fail = (_: Error): void => undefined
  const done = new Promise<void>((resolve, reject) => {
    release = resolve
    fail = reject
  })
  return { done, release, fail }
}

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
    const results = [queue.run('a', work('1', first.done)), queue.run('a', work('2')), queue.run('a', work('3'))]
    await turn()
    expect(order).toEqual(['1 begins'])
    first.release()
    expect(await Promise.all(results)).toEqual(['1', '2', '3'])
    expect(order).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
  })

  test('keys do not wait for each other', async () => {
    const queue = new Queue()
    const first = held()
    const waiting = queue.run('a', () => first.done)
    expect(await queue.run('b', async () => 'b')).toBe('b')
    first.release()
    await waiting
  })

  test('a failure is that of its own work alone', async () => {
    const queue = new Queue()
    const first = held()
    const failing = queue.run('a', () => first.done)
    const next = queue.run('a', async () => 'next')
    first.fail(new Error('first'))
    await expect(failing).rejects.toThrow('first')
    expect(await next).toBe('next')
    const thrown = queue.run('a', () => {
      throw new Error('at once')
    })
    await expect(thrown).rejects.toThrow('at once')
    expect(await queue.run('a', async () => 'last')).toBe('last')
  })

  test('who comes when all is done need not wait a turn', async () => {
    const queue = new Queue()
    await queue.run('a', async () => undefined)
    const work = jest.fn(async () => undefined)
    const result = queue.run('a', work)
    expect(work).toHaveBeenCalledTimes(1)
    await result
  })
})
