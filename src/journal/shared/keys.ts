import { createHmac, hkdfSync } from 'node:crypto'
import { SetupError } from '../../index.js'
import { HmacKey } from './hmac-key.js'

const SHORTEST = 32
const HELD = 1_000

/**
 * The keys of the tenants, derived from one secret by HKDF (RFC 5869). Nothing is hashed under the secret itself, and
 * values that are stored for one tenant reveal nothing about another.
 */
export class TenantKeys {
  readonly #secrets: readonly string[]
  readonly #purpose: string
  readonly #keys = new Map<string, readonly HmacKey[]>()

  /**
   * @param secret One secret, or several with commas between them, the newest first.
   * @param purpose The purpose of the keys. Keys for different purposes have nothing in common.
   */
  constructor(secret: unknown, purpose: string, owner: string) {
    const secrets = typeof secret === 'string' ? secret.split(',').map((one) => one.trim()) : []
    if (secrets.length === 0 || secrets.some((one) => one.length < SHORTEST)) {
      throw new SetupError(
        'ERR_SCIM_OPTION',
        `Option secret of ${owner} must be a text of ${SHORTEST} characters or more, or several with commas between them.`,
      )
    }
    this.#secrets = secrets
    this.#purpose = purpose
  }

  /** The HMAC-SHA-256 of parts under the newest key of a tenant, as hexadecimal text. */
  hmac(tenant: string, parts: readonly unknown[]): string {
    return (this.#of(tenant)[0] as HmacKey).of(JSON.stringify(parts))
  }

  /**
   * The HMAC-SHA-256 of parts under each key of a tenant, newest first: they find values that were stored before the
   * secret was changed.
   */
  hmacs(tenant: string, parts: readonly unknown[]): readonly string[] {
    return this.#of(tenant).map((key) => key.of(JSON.stringify(parts)))
  }

  #of(tenant: string): readonly HmacKey[] {
    const held = this.#keys.get(tenant)
    if (held) return held
    const info = JSON.stringify(['express-scim journal', this.#purpose, tenant])
    const keys = this.#secrets.map(
      (secret) => new HmacKey(Buffer.from(hkdfSync('sha256', secret, '', infoOf(info), 32))),
    )
    if (this.#keys.size >= HELD) this.#keys.clear()
    this.#keys.set(tenant, keys)
    return keys
  }
}

// HKDF takes 1,024 bytes of info at most, and a tenant may be longer.
function infoOf(text: string): string {
  return createHmac('sha256', 'express-scim journal').update(text).digest('hex')
}
