import { randomFillSync } from 'node:crypto'

// Random bytes come by the thousand: to ask for sixteen costs as much.
const RANDOM = Buffer.alloc(4_096)
let used = RANDOM.length

/** A copy of random bytes that nobody else gets. */
function randomBytes(count: number): Buffer {
  if (used + count > RANDOM.length) {
    randomFillSync(RANDOM)
    used = 0
  }
  used += count
  return Buffer.from(RANDOM.subarray(used - count, used))
}

/**
 * A new id: a UUID of version 7 (RFC 9562 section 5.7). It begins with the time, so that new resources stand at the end
 * of every index instead of all over it, and lists have the order in which resources were made.
 */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A new version of a resource, unlike all it had. */
export function newVersion(): string {
  return randomBytes(9).toString('base64url')
}
