/**
 * Connections: which identity provider may provision, for which tenant, with which credentials. {@link scimConnections} makes them; the router
 * gets them as `authenticate`.
 *
 * @module
 */
export { type Connections, scimConnections } from './connections.js'
export type { ImportedToken, MadeCredential, NewConnection } from './create.js'
export type { Duration, Life } from './duration.js'
export type { Middleware } from './endpoint.js'
export { ConnectionsError, type ConnectionsErrorCode } from './errors.js'
export type { ConnectionEvent, ConnectionEventName, ConnectionHooks } from './events.js'
export type {
  EntraFederation,
  FederationChoice,
  IssuerFederation,
  TrustedIssuer,
  TrustedIssuers,
} from './federated/federation.js'
export type { KeySet } from './federated/key-sets.js'
export type { ConnectionIdentity } from './identity.js'
export type { Invited, MadeInvitation, NewInvitation } from './invitations.js'
export { memoryStore } from './memory-store.js'
export type { ConnectionsOptions, FallbackIdentity } from './options.js'
export type { ConnectionChange, ConnectionPlace } from './place.js'
export type { Rate, RateDecision, RateLimiter } from './rates.js'
export type { ConnectionState, CredentialState, Federation, Method } from './record.js'
export type { NewRecording } from './recording.js'
export type { Rotation } from './rotate.js'
export type { ScopeTable } from './scopes.js'
export type { SetupNotes } from './setup-notes.js'
export { sqlStore } from './sql-store.js'
export type { PausedConnection } from './states.js'
export type { ConnectionPage, ConnectionStore, ConnectionWrite, StoredConnection } from './store.js'
export { ALL_TENANTS, type TenantChoice } from './tenant.js'
export type { ExportedRow, Forgotten, TenantData } from './tenant-data.js'
export type { ConnectionUpdate } from './update.js'
export type { Connection, Credential, DoneBy, Invitation } from './view.js'
