import { type Core, emitChange } from '../core/core.js'
import { accessEnd, isAccessToken } from '../credentials/access-token.js'
import { boundTo, revoked } from '../credentials/credentials.js'
import type { EventDraft } from '../options/events.js'
import { credentialKey, type Deed, importKey, invitationKey, type Row } from '../store/record.js'
import { isSame, sha256 } from '../tokens/keys.js'
import { newSecret, type ReadToken, readToken } from '../tokens/token-text.js'

/** How the finding of a token ends it. */
interface TokenEnding {
  readonly row: Row
  /** The id of the credential or invitation. */
  readonly credential: string
  readonly end: (row: Row, deed: Deed) => Row
  /** Further facts in the event of a leak. */
  readonly ended: readonly EventDraft[]
}

/** Ends a leaked token; false if it belongs to no connection, or has ended. */
export async function reportLeak(core: Core, token: string): Promise<boolean> {
  const found = await endingOf(core, token)
  if (found === undefined) return false
  const deed: Deed = { at: core.now(), by: 'leak report' }
  const row = await core.rows.change(found.row.tenant, found.row.id, (row) => found.end(row, deed))
  emitChange(core, row, deed.by, [{ name: 'credential.leaked', credential: found.credential }, ...found.ended])
  return true
}

async function endingOf(core: Core, token: string): Promise<TokenEnding | undefined> {
  const read = readToken(core.settings.prefix, token)
  if (read === 'foreign') return ofImport(core, token)
  if (typeof read === 'string') return undefined
  return read.kind === 'invitation' ? ofInvitation(core, read) : ofCredential(core, read)
}

async function ofImport({ keys, rows }: Core, token: string): Promise<TokenEnding | undefined> {
  for (const digest of keys.imported(sha256(token))) {
    const row = await rows.find(importKey(digest))
    const credential = row?.credentials.find(({ hash }) => hash && isSame(hash.digest, digest.digest))
    if (row && credential) return credential.revoked ? undefined : revoking(row, credential.id)
  }
  return undefined
}

async function ofCredential(
  { keys, now, rows }: Core,
  { kind, id, secret }: ReadToken,
): Promise<TokenEnding | undefined> {
  const row = await rows.find(credentialKey(id))
  const credential = row?.credentials.find((each) => each.id === id)
  if (row === undefined || credential === undefined || credential.revoked) return undefined
  const bound = boundTo(row, id)
  if (kind === 'access') {
    if (accessEnd(secret) <= now() || !isAccessToken(keys, bound, credential, secret)) return undefined
    return { row, credential: id, end: (current) => withNewSalt(current, id), ended: [] }
  }
  const isHolder = credential.hash !== undefined && keys.matches(bound, credential.hash, secret)
  return isHolder ? revoking(row, id) : undefined
}

async function ofInvitation({ keys, now, rows }: Core, { id, secret }: ReadToken): Promise<TokenEnding | undefined> {
  const row = await rows.find(invitationKey(id))
  const found = row?.invitations.find((each) => each.id === id)
  if (row === undefined || found === undefined || found.revoked || found.expires <= now()) return undefined
  if (!keys.matches(boundTo(row, id), found.hash, secret)) return undefined
  return {
    row,
    credential: id,
    end: (current, deed) => ({
      ...current,
      invitations: current.invitations.map((each) => (each.id === id ? { ...each, revoked: deed } : each)),
    }),
    ended: [{ name: 'invitation.revoked', credential: id }],
  }
}

function revoking(row: Row, id: string): TokenEnding {
  return {
    row,
    credential: id,
    end: (current, deed) => ({ ...current, credentials: revoked(current, id, deed) }),
    ended: [{ name: 'credential.revoked', credential: id }],
  }
}

/**
 * All access tokens of a credential end with its salt. Its secret was not found: the client gets another token by it.
 */
function withNewSalt(row: Row, id: string): Row {
  return {
    ...row,
    credentials: row.credentials.map((each) => (each.id === id ? { ...each, salt: newSecret() } : each)),
  }
}
