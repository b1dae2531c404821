import { hkdfSync } from 'node:crypto'
import type { ConnectionsOptions } from '../connections/index.js'

/** Cursors are sealed under keys that follow from the one secret: the newest first. */
export function cursorSecrets(secret: ConnectionsOptions['secret']): readonly string[] {
  const all = typeof secret === 'string' ? secret.split(',') : (secret ?? [])
  return all.map((one) =>
    Buffer.from(hkdfSync('sha256', one.trim(), '', 'express-scim cursor', 32)).toString('base64url'),
  )
}
