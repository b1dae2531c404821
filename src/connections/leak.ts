import { announce, type Core } from './core.js'
import { boundTo, revoked } from './credentials.js'
import { isSame, sha256 } from './keys.js'
import { credentialKey, type Deed, importKey, type Row } from './record.js'
import { readToken } from './token-text.js'

/** Revokes the credential of a token that somebody has found; false if it is not one of ours, or has ended. */
export async function reportLeak(core: Core, token: string): Promise<boolean> {
  const found = await holderOf(core, token)
  const credential = found?.row.credentials.find(({ id }) => id === found.credential)
  if (found === undefined || credential === undefined || credential.revoked) return false
  const deed: Deed = { at: core.now(), by: 'leak report' }
  const row = await core.rows.change(found.row.tenant, found.row.id, (row) => ({
    ...row,
    credentials: revoked(row, credential.id, deed),
  }))
  announce(core, row, deed.by, [
    { name: 'credential.leaked', credential: credential.id },
    { name: 'credential.revoked', credential: credential.id },
  ])
  return true
}

/** The connection whose token it is, and the id of the credential. */
async function holderOf(
  { keys, rows, settings }: Core,
  token: string,
): Promise<{ readonly row: Row; readonly credential: string } | undefined> {
  const read = readToken(settings.prefix, token)
  if (read === 'foreign') {
    for (const digest of keys.imported(sha256(token))) {
      const row = await rows.find(importKey(digest))
      const credential = row?.credentials.find(({ hash }) => hash && isSame(hash.digest, digest.digest))
      if (row && credential) return { row, credential: credential.id }
    }
    return undefined
  }
  if (typeof read === 'string' || (read.kind !== 'token' && read.kind !== 'secret')) return undefined
  const row = await rows.find(credentialKey(read.id))
  const hash = row?.credentials.find(({ id }) => id === read.id)?.hash
  if (row === undefined || hash === undefined) return undefined
  return keys.matches(boundTo(row, read.id), hash, read.secret) ? { row, credential: read.id } : undefined
}
