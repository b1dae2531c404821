import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { SetupError } from '../../index.js'

/** A key that digests are made under, derived from one secret. */
interface Key {
  /** Tells keys apart in rows, and nothing about the secret. */
  readonly name: string
  readonly bytes: Buffer
}

/** The place that a secret is bound to: a digest copied to another row is worth nothing there. */
export interface CredentialPlace {
  readonly tenant: string
  readonly connection: string
  readonly credential: string
}

/** A digest and the key that it was made under. */
export interface Digest {
  readonly key: string
  readonly digest: string
}

/**
 * The keys of a service, newest first, derived from the option `secret` by HKDF (RFC 5869), one for each purpose.
 * Nothing is ever hashed under the secret itself.
 */
export class Keys {
  readonly #digests: readonly Key[]
  readonly #access: readonly Key[]

  constructor(secrets: readonly string[]) {
    this.#digests = secrets.map((secret) => derive(secret, 'digest'))
    this.#access = secrets.map((secret) => derive(secret, 'access'))
  }

  /** The name of the newest key. */
  get newest(): string {
    return this.#newest.name
  }

  get #newest(): Key {
    const [newest] = this.#digests
    if (newest === undefined) throw new Error('There is no key.')
    return newest
  }

  has(name: string): boolean {
    return this.#digests.some((key) => key.name === name)
  }

  /** The digest of a secret under the newest key. */
  digest(bound: CredentialPlace, secret: string): Digest {
    const key = this.#newest
    return { key: key.name, digest: digestUnder(key, bound, secret) }
  }

  /** Whether a digest is the one of a secret. Throws a {@link SetupError} if its key has been taken away. */
  matches(bound: CredentialPlace, stored: Digest, secret: string): boolean {
    const key = this.#named(this.#digests, stored.key)
    return isSame(stored.digest, digestUnder(key, bound, secret))
  }

  /** Digests of a token of the application's own, from its SHA-256, under each key: a row is found by them. */
  imported(sha256: string): readonly Digest[] {
    return this.#digests.map((key) => ({ key: key.name, digest: hmac(key.bytes, ['import', sha256]) }))
  }

  /** The key for access tokens of one credential: it ends with the salt in the row, and no row holds it. */
  accessKeys(bound: CredentialPlace, salt: string): readonly Buffer[] {
    return this.#access.map(({ bytes }) => Buffer.from(hmac(bytes, ['access key', ...partsOf(bound), salt]), 'hex'))
  }

  #named(keys: readonly Key[], name: string): Key {
    const key = keys.find((each) => each.name === name)
    if (key) return key
    throw new SetupError(
      'ERR_SCIM_SECRET',
      `Option secret lacks the secret of key ${name}, under which credentials are stored. Add it behind the newer one.`,
    )
  }
}

function derive(secret: string, purpose: string): Key {
  const bytes = (label: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `express-scim connections ${label}`, length))
  return { name: bytes('name', 6).toString('hex'), bytes: bytes(purpose, 32) }
}

function digestUnder({ bytes }: Key, bound: CredentialPlace, secret: string): string {
  return hmac(bytes, ['token', ...partsOf(bound), secret])
}

function partsOf({ tenant, connection, credential }: CredentialPlace): readonly string[] {
  return [tenant, connection, credential]
}

/** HMAC-SHA-256 over parts; no part can pass for a piece of another. */
export function hmac(key: Buffer, parts: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Compares two hexadecimal texts without telling by time how much of them is the same. */
export function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
