/**
 * Connections: which identity provider may provision, for which tenant, with which credentials. {@link scimConnections}
 * makes them; the router gets them as `authenticate`.
 *
 * @module
 */
export { type Connections, scimConnections } from './connections.js'
export type { ConnectionIdentity } from './core/identity.js'
export type {
  EntraFederation,
  FederationChoice,
  IssuerFederation,
  TrustedIssuer,
  TrustedIssuers,
} from './federated/federation.js'
export type { KeySet } from './federated/key-sets.js'
export type { Middleware } from './oauth/endpoint.js'
export type { ImportedToken, MadeCredential, NewConnection } from './operations/create.js'
export type { InvitationRights, MadeInvitation, NewInvitation } from './operations/invitations.js'
export type { ConnectionChange, ConnectionPlace } from './operations/place.js'
export type { NewRecording } from './operations/recording.js'
export type { Rotation } from './operations/rotate.js'
export type { PausedConnection } from './operations/states.js'
export type { ExportedRow, ForgetResult, TenantData } from './operations/tenant-data.js'
export type { ConnectionUpdate } from './operations/update.js'
export type { Connection, Credential, DoneBy, Invitation } from './operations/view.js'
export type { Duration, Life } from './options/duration.js'
export {
  CONNECTION_EVENTS,
  type ConnectionEvent,
  type ConnectionEventName,
  type ConnectionHooks,
} from './options/events.js'
export type { ConnectionsOptions, FallbackIdentity } from './options/options.js'
export type { Rate, RateDecision, RateLimiter } from './options/rates.js'
export type { ScopeTable } from './options/scopes.js'
export { ConnectionsError, type ConnectionsErrorCode } from './store/errors.js'
export { memoryStore } from './store/memory-store.js'
export type { ConnectionState, CredentialState, Federation, Method } from './store/record.js'
export type { SetupNotes } from './store/setup-notes.js'
export { sqlStore } from './store/sql-store.js'
export type { ConnectionPage, ConnectionStore, ConnectionWrite, StoredConnection } from './store/store.js'
export { ALL_TENANTS, type TenantChoice } from './store/tenant.js'
