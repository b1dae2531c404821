/**
 * Proof for adapter authors: {@link adapterChecks} holds an adapter against the whole contract, {@link replay} sends a
 * service the recorded requests of identity providers. Both give checks for any test runner.
 *
 * @module
 */
export { type AdapterCheck, adapterChecks } from './adapter-checks.js'
export { AuditStoreViolation, auditStoreChecks } from './audit-store-checks.js'
export type { Check } from './check.js'
export { ConnectionStoreViolation, connectionStoreChecks } from './connection-store-checks.js'
export { LogStoreViolation, logStoreChecks } from './log-store-checks.js'
export type { ServedType } from './narrow-sequence.js'
export type { AdapterChecksOptions, CheckedAdapter, CheckedResourceType } from './options.js'
export { type ReplayOptions, type ReplayTarget, replay } from './replay.js'
export type { Expectation, Sequence, Step } from './sequence.js'
export {
  authentik,
  entra,
  google,
  jumpcloud,
  keycloak,
  microsoftValidator,
  okta,
  onelogin,
  ping,
  probes,
  sequences,
} from './sequences.js'
export { ContractViolation } from './violation.js'
