/** Counts something by a key. A store that all processes share makes the limit one for all of them. */
export interface RateLimiter {
  /** Takes one; `retryAfter` in seconds if there is none to take. */
  readonly take: (key: string) => RateDecision | Promise<RateDecision>
}

/** Whether there was one to take. */
export interface RateDecision {
  readonly ok: boolean
  readonly retryAfter?: number
}

/** So many a second, and so many at once. */
export interface Rate {
  readonly rate: number
  readonly burst: number
}

const MOST_BUCKETS = 100_000

/**
 * Token buckets in the memory of this process. With several processes the limit is as many times as high.
 *
 * @param ticks Milliseconds of a clock that nobody sets.
 */
export function memoryRate({ rate, burst }: Rate, ticks: () => number): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(key) {
      const time = ticks()
      const bucket = buckets.get(key) ?? { tokens: burst, at: time }
      const tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) * rate) / 1_000)
      buckets.delete(key)
      // Strangers choose the keys: the oldest go, which are full again by then, or nearly so.
      if (buckets.size >= MOST_BUCKETS) buckets.delete(buckets.keys().next().value as string)
      const ok = tokens >= 1
      buckets.set(key, { tokens: ok ? tokens - 1 : tokens, at: time })
      return ok ? { ok } : { ok, retryAfter: Math.ceil((1 - tokens) / rate) }
    },
  }
}

/** The key of an address: with IPv6 a customer of a network has a /64 (RFC 6177), and may use all of it. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1] as string
  const [head = '', tail] = (address.split('%')[0] as string).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : new Array(Math.max(0, 8 - left.length - right.length)).fill('0')
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
