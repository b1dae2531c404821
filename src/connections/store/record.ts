import type { Compatibility } from '../../index.js'
import { type Digest, sha256 } from '../tokens/keys.js'
import type { SetupNotes } from './setup-notes.js'
import type { ConnectionWrite, StoredConnection } from './store.js'

/** The kind of credential of a connection. */
export type Method = 'token' | 'oauth' | 'federated'

/**
 * `new` was never used; `testing` lets only writes of its test people through; `paused` and `closed` let nothing
 * through.
 */
export type ConnectionState = 'new' | 'testing' | 'active' | 'paused' | 'closed'

/** When something was done, in milliseconds, and by whom. */
export interface Deed {
  readonly at: number
  readonly by: string
}

/** A credential in the data of a connection. */
export interface CredentialRecord {
  readonly id: string
  readonly kind: 'token' | 'import' | 'secret' | 'assertion'
  /** Undefined for `assertion`, which is signed by another party. */
  readonly hash?: Digest | undefined
  /** The last four characters of the token: check characters, which reveal nothing. */
  readonly hint?: string | undefined
  /** The secret that access tokens are derived from. */
  readonly salt?: string | undefined
  readonly created: Deed
  /** Null: never. */
  readonly expires: number | null
  readonly firstUsed?: number | undefined
  readonly lastUsed?: number | undefined
  readonly revoked?: Deed | undefined
  /** The credential that takes its place, and how long it lives on once that one was used. */
  readonly ends?: { readonly successor: string; readonly overlap: number } | undefined
  /** The thresholds in days for which `credential.expiring` was emitted; 0: `credential.expired` was emitted. */
  readonly told: readonly number[]
  /** Whose assertions are taken. */
  readonly federation?: Federation | undefined
}

/** Whose assertions a federated connection takes: each value is compared as it is. */
export interface Federation {
  /** The `iss` of assertions. */
  readonly issuer: string
  /** The `sub` of assertions. */
  readonly subject: string
  /** The `aud` of assertions. */
  readonly audience: string
  /** The tenant id of Entra ID. */
  readonly tenantId?: string | undefined
}

/** A link for a person without an account. */
export interface InvitationRecord {
  readonly id: string
  readonly hash: Digest
  readonly created: Deed
  readonly expires: number
  readonly revoked?: Deed | undefined
  /** SHA-256 of the key that the first browser has made: no other one is let in. */
  readonly browser?: string | undefined
}

/** The data of a connection. */
export interface ConnectionRecord {
  readonly provider: string
  readonly name: string
  readonly method: Method
  readonly state: ConnectionState
  /** Null: all. */
  readonly scopes: readonly string[] | null
  readonly compatibility: Compatibility | null
  readonly created: Deed
  readonly paused?: (Deed & { readonly reason?: string | undefined }) | undefined
  /** The people who are let through until the test ends. */
  readonly testing?: (Deed & { readonly people: readonly string[] }) | undefined
  readonly closed?: Deed | undefined
  readonly lastUsed?: { readonly at: number; readonly address?: string; readonly userAgent?: string } | undefined
  readonly lastFailure?: { readonly at: number; readonly reason: string } | undefined
  /** The recording that was begun last: its author and its end. */
  readonly recording?: (Deed & { readonly until: number; readonly values: boolean }) | undefined
  /** The notes of pages about the set-up. */
  readonly setup?: SetupNotes | undefined
  readonly credentials: readonly CredentialRecord[]
  readonly invitations: readonly InvitationRecord[]
}

/** A connection with its place and version. */
export interface Row extends ConnectionRecord {
  readonly tenant: string
  readonly id: string
  readonly version: number
}

/** The row that a store keeps. */
export function toStored({ tenant, id, version, ...record }: Row): ConnectionWrite {
  return { tenant, id, version, keys: keysOf(id, record), data: JSON.stringify(record) }
}

export function fromStored({ tenant, id, version, data }: StoredConnection): Row {
  const record: ConnectionRecord = JSON.parse(data)
  return { ...record, tenant, id, version }
}

export const connectionKey = (id: string): string => `connection:${id}`
export const credentialKey = (id: string): string => `credential:${id}`
export const federationKey = ({ issuer, subject, audience }: Federation): string =>
  `federation:${sha256(JSON.stringify([issuer, subject, audience]))}`
export const invitationKey = (id: string): string => `invitation:${id}`
export const importKey = ({ key, digest }: Digest): string => `import:${key}:${digest}`

function keysOf(id: string, { credentials, invitations }: ConnectionRecord): readonly string[] {
  const keys = [
    connectionKey(id),
    ...credentials.map((credential) =>
      credential.kind === 'import' && credential.hash ? importKey(credential.hash) : credentialKey(credential.id),
    ),
    // Two connections with the same assertions could not be told apart.
    ...credentials.flatMap(({ federation, revoked }) => (federation && !revoked ? federationKey(federation) : [])),
    ...invitations.map((invitation) => invitationKey(invitation.id)),
  ]
  // A rotation may name the same assertions again.
  return [...new Set(keys)]
}

/** The state of a connection that is neither paused nor closed. */
export function stateOf(record: ConnectionRecord): ConnectionState {
  if (record.testing) return 'testing'
  return hasBeenUsed(record) ? 'active' : 'new'
}

export function hasBeenUsed({ lastUsed }: Pick<ConnectionRecord, 'lastUsed'>): boolean {
  return lastUsed !== undefined
}

/** The state of a credential. */
export type CredentialState = 'live' | 'ending' | 'expired' | 'revoked'

export function credentialState(
  { credentials }: ConnectionRecord,
  credential: CredentialRecord,
  now: number,
): CredentialState {
  if (credential.revoked) return 'revoked'
  if (credential.expires !== null && credential.expires <= now) return 'expired'
  const end = endOf(credentials, credential)
  if (end === undefined) return 'live'
  return end <= now ? 'revoked' : 'ending'
}

/**
 * When a credential ends because another has taken its place; Infinity while that one was never used, undefined if none
 * is there to take it.
 */
export function endOf(credentials: readonly CredentialRecord[], { ends }: CredentialRecord): number | undefined {
  const successor = credentials.find(({ id }) => id === ends?.successor)
  if (ends === undefined || successor === undefined) return undefined
  // A successor that was taken back before its first use ends nothing.
  if (successor.firstUsed === undefined) return successor.revoked ? undefined : Number.POSITIVE_INFINITY
  return successor.firstUsed + ends.overlap
}

/** Whether a credential may be used. */
export function isUsable(record: ConnectionRecord, credential: CredentialRecord, now: number): boolean {
  const state = credentialState(record, credential, now)
  return state === 'live' || state === 'ending'
}
