import { randomUUID } from 'node:crypto'

/**
 * A new id: a UUID of version 7 (RFC 9562 section 5.7). It begins with the time, so that new resources stand at the end
 * of every index instead of all over it, and lists have the order in which resources were made.
 */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0')
  // The random bits and the variant of version 4 stand where those of version 7 do.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

/** A new version of a resource: 72 random bits, so that it differs from all versions that the resource had. */
export function newVersion(): string {
  const random = randomUUID()
  return Buffer.from(random.slice(0, 6) + random.slice(-12), 'hex').toString('base64url')
}
