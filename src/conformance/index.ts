/**
 * Proof for adapter authors: {@link adapterChecks} holds an adapter against the whole contract, {@link replay} sends a
 * service the recorded requests of identity providers. Both give checks for any test runner.
 *
 * @module
 */
export { type AdapterCheck, adapterChecks } from './adapter-checks.js'
export type { Check } from './kit/check.js'
export type { AdapterChecksOptions, CheckedAdapter, CheckedResourceType } from './kit/options.js'
export { ContractViolation } from './kit/violation.js'
export type { ServedType } from './replay/narrow-sequence.js'
export { type ReplayOptions, type ReplayTarget, replay } from './replay/replay.js'
export type { Expectation, Sequence, Step } from './replay/sequence.js'
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
} from './replay/sequences.js'
export { AuditStoreViolation, auditStoreChecks } from './stores/audit-store-checks.js'
export { ConnectionStoreViolation, connectionStoreChecks } from './stores/connection-store-checks.js'
export { LogStoreViolation, logStoreChecks } from './stores/log-store-checks.js'
