import type { Compatibility } from '../../index.js'
import {
  type ConnectionState,
  type CredentialRecord,
  type CredentialState,
  credentialState,
  type Deed,
  endOf,
  type Federation,
  type Method,
  type Row,
} from '../store/record.js'
import type { SetupNotes } from '../store/setup-notes.js'

/** When something was done, and by whom. */
export interface DoneBy {
  /** The time. */
  readonly at: Date
  /** The person or part of the application. */
  readonly by: string
}

/** A credential as pages show it: neither a secret nor a digest of one. */
export interface Credential {
  /** Id of the credential. */
  readonly id: string
  /** `import`: a token of the application's own; `assertion`: signed by another party. */
  readonly kind: 'token' | 'import' | 'secret' | 'assertion'
  /** `ending`: another credential takes its place. */
  readonly state: CredentialState
  /** The last four characters of the token, to tell tokens apart; undefined for imported ones. */
  readonly hint: string | undefined
  /** When the credential was made, and by whom. */
  readonly created: DoneBy
  /** Undefined: it does not end by itself. */
  readonly expires: Date | undefined
  /** When it ends because another has taken its place; undefined until that one was used. */
  readonly ends: Date | undefined
  /** Undefined: it was never used. */
  readonly lastUsed: Date | undefined
  /** When the credential was revoked, and by whom; undefined if it was not. */
  readonly revoked: DoneBy | undefined
  /** The assertions that it accepts; undefined for other kinds. */
  readonly federation: Federation | undefined
}

/** A connection as pages show it. */
export interface Connection {
  /** The tenant of the connection. */
  readonly tenant: string
  /** Id of the connection. */
  readonly id: string
  /** Such as `entra` or `okta`. */
  readonly provider: string
  /** A name for people. Default: `provider`. */
  readonly name: string
  /** Whether requests are accepted, and whether there were any: docs/connections.md#states. */
  readonly state: ConnectionState
  /** The kind of its credentials. */
  readonly method: Method
  /** Undefined: all. */
  readonly scopes: readonly string[] | undefined
  /** The tolerances for its requests; undefined: those of the router. */
  readonly compatibility: Compatibility | undefined
  /**
   * The URL for the identity provider. A request to it without a good token is still known to belong to this
   * connection.
   */
  readonly url: string
  /** When the connection was made, and by whom. */
  readonly created: DoneBy
  /** When the connection was paused, by whom and why; undefined if it is not paused. */
  readonly paused: (DoneBy & { readonly reason: string | undefined }) | undefined
  /** The people who are let through until the test ends. */
  readonly testing: (DoneBy & { readonly people: readonly string[] }) | undefined
  /** When the connection was closed, and by whom; undefined if it is not closed. */
  readonly closed: DoneBy | undefined
  /** The last good request; address and user agent are those of the identity provider. Exact to a minute. */
  readonly lastUsed:
    | { readonly at: Date; readonly address: string | undefined; readonly userAgent: string | undefined }
    | undefined
  /** The last request that was refused, exact to a minute. */
  readonly lastFailure: { readonly at: Date; readonly reason: string } | undefined
  /**
   * The last recording of requests: the person who started it, its end, and whether with values; also if it has ended
   * by itself.
   */
  readonly recording: (DoneBy & { readonly until: Date; readonly values: boolean }) | undefined
  /** The notes of pages about the set-up; empty at first. */
  readonly setup: SetupNotes
  /** All credentials, also those that have ended. */
  readonly credentials: readonly Credential[]
  /** All invitations, also those that have ended. */
  readonly invitations: readonly Invitation[]
}

/** An invitation as pages show it. */
export interface Invitation {
  /** Id of the invitation. */
  readonly id: string
  /** Whether the invitation is valid, has expired or was revoked. */
  readonly state: 'open' | 'expired' | 'revoked'
  /** When the invitation was made, and by whom. */
  readonly created: DoneBy
  /** When the invitation ends. */
  readonly expires: Date
}

/** The part of a row that callers get. */
export function viewOf(row: Row, url: string, now: number): Connection {
  const { tenant, id, provider, name, state, method, paused, testing, closed, lastUsed, lastFailure } = row
  return {
    tenant,
    id,
    provider,
    name,
    state,
    method,
    scopes: row.scopes ?? undefined,
    compatibility: row.compatibility ?? undefined,
    url: `${url}/${id}`,
    created: done(row.created),
    paused: paused && { ...done(paused), reason: paused.reason },
    testing: testing && { ...done(testing), people: testing.people },
    closed: closed && done(closed),
    lastUsed: lastUsed && { at: new Date(lastUsed.at), address: lastUsed.address, userAgent: lastUsed.userAgent },
    lastFailure: lastFailure && { at: new Date(lastFailure.at), reason: lastFailure.reason },
    recording: row.recording && {
      ...done(row.recording),
      until: new Date(row.recording.until),
      values: row.recording.values,
    },
    setup: row.setup ?? {},
    credentials: row.credentials.map((credential) => credentialView(row, credential, now)),
    invitations: row.invitations.map(({ id, created, expires, revoked }) => ({
      id,
      state: revoked ? 'revoked' : expires <= now ? 'expired' : 'open',
      created: done(created),
      expires: new Date(expires),
    })),
  }
}

function credentialView(row: Row, credential: CredentialRecord, now: number): Credential {
  const { id, kind, hint, created, expires, lastUsed, revoked, federation } = credential
  const end = endOf(row.credentials, credential)
  return {
    id,
    kind,
    state: credentialState(row, credential, now),
    hint,
    created: done(created),
    expires: expires === null ? undefined : new Date(expires),
    ends: end === undefined || end === Number.POSITIVE_INFINITY ? undefined : new Date(end),
    lastUsed: lastUsed === undefined ? undefined : new Date(lastUsed),
    revoked: revoked && done(revoked),
    federation,
  }
}

function done({ at, by }: Deed): DoneBy {
  return { at: new Date(at), by }
}
