/** Counts something by a key. A store that all processes share makes the limit one for all of them. */
export interface RateLimiter {
  /** Takes one; `retryAfter` in seconds if there is none to take. */
  readonly take: (key: string) => RateDecision | Promise<RateDecision>
}

/** Whether there was one to take. */
export interface RateDecision {
  /** Whether the request may go on. */
  readonly ok: boolean
  /** If not: the seconds after which it may be tried again. */
  readonly retryAfter?: number
}

/** So many a second, and so many at once. */
export interface Rate {
  /** Requests in a second. */
  readonly rate: number
  /** Requests at once. */
  readonly burst: number
}

const MOST_BUCKETS = 100_000

/**
 * Token buckets in the memory of this process. With several processes the limit is as many times as high.
 *
 * @param ticks Milliseconds of a monotonic clock.
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
      if (buckets.size >= MOST_BUCKETS) deleteFirst(buckets)
      const ok = tokens >= 1
      buckets.set(key, { tokens: ok ? tokens - 1 : tokens, at: time })
      return ok ? { ok } : { ok, retryAfter: Math.ceil((1 - tokens) / rate) }
    },
  }
}

function deleteFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}

/** The key of an address: with IPv6 a customer of a network has a /64 (RFC 6177), and may use all of it. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address
  const [plain = address] = address.split('%', 1)
  const groups = groupsOf(plain)
  // RFC 4291 section 2.5.5.2: ::ffff:0:0/96 holds the addresses of IPv4, which may be written with dots or as two
  // groups.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an address of IPv6. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::')
  const left = partsOf(head)
  const right = partsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...new Array<number>(zeros).fill(0), ...right]
}

function partsOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return Number.parseInt(part, 16)
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
