import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Identity } from '../../adapter/contract.js'
import { ScimError } from '../../error.js'
import type { Json } from '../../schema/model/definition.js'

/** Cursor pagination, RFC 9865. It is offered only with secrets. */
export interface CursorOptions<Auth extends Identity = Identity> {
  /**
   * Keys that encrypt cursors, shared by all processes of a deployment, 16 characters or more each. The first one
   * encrypts, all of them decrypt: to change the key, put the new one in front and remove the old one when its cursors
   * have expired.
   */
  readonly secrets: readonly (string | undefined)[]
  /**
   * How long a cursor is valid, in seconds.
   *
   * @defaultValue `3600`
   */
  readonly timeout?: number
  /**
   * How to page for clients that send neither `startIndex` nor `cursor`.
   *
   * @defaultValue `'index'`
   */
  readonly default?: 'index' | 'cursor'
  /**
   * A text that cursors are bound to, beside tenant, subject and query. If it changes with the permissions of a client,
   * older cursors of that client are refused (RFC 9865 section 5.2).
   *
   * @defaultValue nothing more
   */
  readonly boundTo?: (auth: Auth) => string | undefined
}

/** The content of a cursor. */
export interface CursorContent {
  /** Where to go on, in the terms of the adapter. */
  readonly position: Json
  readonly direction: 'next' | 'previous'
  /** `count` of the first request: RFC 9865 section 2.1 does not let it change between pages. */
  readonly count: number
}

/** Seals and opens cursors. */
export interface Cursors {
  readonly timeout: number
  readonly isDefault: boolean
  /** @param scope The tenant, subject and query that the cursor is bound to: it opens for no other. */
  readonly seal: (content: CursorContent, scope: string) => string
  /** Throws 400 invalidCursor or expiredCursor. */
  readonly open: (cursor: string, scope: string) => CursorContent
}

const ALGORITHM = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

/**
 * Makes the sealer of a router. RFC 9865 section 5.2 asks that cursors can neither be read nor forged: they hold values
 * by which resources are sorted, so they are encrypted, not only signed.
 */
export function cursorsOf(options: CursorOptions | undefined): Cursors | undefined {
  if (options === undefined) return undefined
  const { secrets, timeout = 3600 } = options
  const keys = secrets.map((secret) =>
    createHash('sha256').update('express-scim cursor\0').update(String(secret)).digest(),
  )
  return Object.freeze({
    timeout,
    isDefault: options.default === 'cursor',
    seal: (content, scope) => seal(keys[0] as Buffer, { ...content, expires: Date.now() + timeout * 1000 }, scope),
    open: (cursor, scope) => open(keys, cursor, scope),
  } satisfies Cursors)
}

/** The encrypted content of a cursor. */
type CursorPayload = CursorContent & { readonly expires: number }

function seal(key: Buffer, content: CursorPayload, scope: string): string {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(scope))
  const text = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()])
  // RFC 9865 section 2: a cursor has unreserved characters only.
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')
}

function open(keys: readonly Buffer[], cursor: string, scope: string): CursorContent {
  const bytes = Buffer.from(cursor, 'base64url')
  // Decoding skips characters that are not base64url, and bits that make no whole byte.
  if (bytes.toString('base64url') !== cursor) throw ScimError.of('invalidCursor')
  for (const key of keys) {
    const content = decrypt(key, bytes, scope)
    if (content === undefined) continue
    if (content.expires < Date.now()) throw ScimError.of('expiredCursor')
    return content
  }
  // One answer for forged, foreign and changed cursors: RFC 9865 section 5.2.
  throw ScimError.of('invalidCursor')
}

function decrypt(key: Buffer, bytes: Buffer, scope: string): CursorPayload | undefined {
  if (bytes.length < NONCE + TAG) return undefined
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    decipher.setAAD(Buffer.from(scope)).setAuthTag(bytes.subarray(-TAG))
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    return undefined
  }
}
