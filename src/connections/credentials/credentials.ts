import type { Core } from '../core/core.js'
import { type CredentialRecord, credentialState, type Deed, type Federation, type Row } from '../store/record.js'
import type { CredentialPlace } from '../tokens/keys.js'
import { newCredentialId, newSecret, tokenText } from '../tokens/token-text.js'

/**
 * The number of ended credentials that a connection keeps, so that the use of one differs from that of an unknown one.
 */
const REMEMBERED = 10

/** A new credential, and its text, which is shown once. */
export interface IssuedCredential {
  readonly credential: CredentialRecord
  /** Undefined for an assertion that another party signs. */
  readonly token: string | undefined
}

type CredentialOwner = Pick<Row, 'tenant' | 'id' | 'method'>

/** Makes a credential of the method of a connection. */
export function issue(
  core: Core,
  place: CredentialOwner,
  created: Deed,
  life: number | null,
  federation?: Federation,
): IssuedCredential {
  const { keys, settings } = core
  const id = newCredentialId()
  const expires = life === null ? null : created.at + life
  const base = { id, created, expires, told: [] }
  if (place.method === 'federated') {
    return {
      credential: { ...base, kind: 'assertion', expires: null, salt: newSecret(), federation },
      token: undefined,
    }
  }
  const secret = newSecret()
  const kind = place.method === 'oauth' ? 'secret' : 'token'
  const token = tokenText(settings.prefix, kind, id, secret)
  const hash = keys.digest(boundTo(place, id), secret)
  const salt = kind === 'secret' ? { salt: newSecret() } : {}
  return { credential: { ...base, kind, hash, hint: token.slice(-4), ...salt }, token }
}

export function boundTo({ tenant, id }: Pick<Row, 'tenant' | 'id'>, credential: string): CredentialPlace {
  return { tenant, connection: id, credential }
}

/** The life of a new credential of a connection, in milliseconds; null: never. */
export function defaultLife({ settings: { life } }: Core, { method }: Pick<Row, 'method'>): number | null {
  return method === 'oauth' ? life.secret : method === 'token' ? life.token : null
}

/**
 * The credentials with a new one that replaces the others. Of the valid credentials the one in use stays
 * until the new one has been used and the overlap is over; a successor that was not used yet is revoked.
 */
export function succeeded(row: Row, next: CredentialRecord, overlap: number, deed: Deed): readonly CredentialRecord[] {
  const live = row.credentials.filter((each) => ['live', 'ending'].includes(credentialState(row, each, deed.at)))
  const current = live.findLast(({ firstUsed }) => firstUsed !== undefined) ?? live[0]
  const old = row.credentials.map((each) => {
    if (each.id === current?.id && overlap > 0) return { ...each, ends: { successor: next.id, overlap } }
    return live.includes(each) ? { ...each, revoked: deed } : each
  })
  return remembered([...old, next], row, deed.at)
}

function remembered(credentials: readonly CredentialRecord[], row: Row, now: number): readonly CredentialRecord[] {
  const whole = { ...row, credentials }
  const isDead = (each: CredentialRecord): boolean => !['live', 'ending'].includes(credentialState(whole, each, now))
  // An imported token that was forgotten would go to `fallback`, which may still know it.
  const dead = credentials.filter((each) => each.kind !== 'import' && isDead(each))
  const forgotten = new Set(dead.slice(0, -REMEMBERED))
  return credentials.filter((each) => !forgotten.has(each))
}

/** The credentials with one of them, or all, revoked; dead ones stay as they are. */
export function revoked(row: Row, which: string | undefined, deed: Deed): readonly CredentialRecord[] {
  return row.credentials.map((each) =>
    (which === undefined || each.id === which) && each.revoked === undefined ? { ...each, revoked: deed } : each,
  )
}
