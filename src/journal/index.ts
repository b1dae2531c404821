/**
 * The log that explains requests and their answers, and the audit trail of changes.
 *
 * @module
 */
export type { AuditEntry, AuditedMember } from './audit/entry.js'
export { memoryAudit } from './audit/memory-audit.js'
export { sqlAudit } from './audit/sql-audit.js'
export type { AuditEnds, AuditRow, AuditStore } from './audit/store.js'
export {
  type AuditHooks,
  type AuditNote,
  type AuditTrail,
  type AuditTrailOptions,
  type AuditVerdict,
  auditTrail,
  type KnownEntry,
} from './audit/trail.js'
export { type ExplainOptions, type Explanation, explain } from './explain/explain.js'
export type { Explainable, Situation } from './explain/situation.js'
export { situations } from './explain/situations.js'
export type { LogEntry, LoggedOperation } from './log/entry.js'
export type { ExchangeQuery, ExchangeStore, LoggedExchange } from './log/exchange.js'
export { type Journal, type JournalOptions, journal, type LogPage, type PageQuery } from './log/journal.js'
export { memoryLog } from './log/memory-log.js'
export type { ExchangePage, ExchangesQuery } from './log/recorder.js'
export { sqlLog } from './log/sql-log.js'
export type { LogQuery, LogStore } from './log/store.js'
export { ALL_TENANTS, type TenantChoice } from './shared/tenant.js'
