import crypto, { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/** Bytes of a block of SHA-256, and of a digest. */
const BLOCK = 64
const DIGEST = 32
/** Characters, of at most three bytes each. */
const SHORT = 400

// Names of people pass through it.
const inner = Buffer.alloc(BLOCK + 3 * SHORT)
const outer = Buffer.alloc(BLOCK + DIGEST)

/**
 * A key of HMAC-SHA-256 (RFC 2104). Of a short text the two hashes are made one by one: they take half of the time of an object of
 * `createHmac`.
 */
export class HmacKey {
  readonly #key: KeyObject
  readonly #inner: Buffer
  readonly #outer: Buffer

  constructor(key: Buffer) {
    if (key.length > BLOCK) throw new RangeError(`A key of HMAC must have ${BLOCK} bytes or fewer here.`)
    this.#key = createSecretKey(key)
    const padded = Buffer.alloc(BLOCK)
    padded.set(key)
    this.#inner = padded.map((byte) => byte ^ 0x36) as Buffer
    this.#outer = padded.map((byte) => byte ^ 0x5c) as Buffer
  }

  /** The HMAC of a text, as hexadecimal text. */
  of(text: string): string {
    // Node 20.0 to 20.11 do not have it.
    if (text.length > SHORT || crypto.hash === undefined) {
      return createHmac('sha256', this.#key).update(text).digest('hex')
    }
    inner.set(this.#inner)
    const length = inner.write(text, BLOCK)
    outer.set(this.#outer)
    outer.write(crypto.hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'latin1')
    inner.fill(0, BLOCK, BLOCK + length)
    return crypto.hash('sha256', outer, 'hex')
  }
}
