// The contracts of the stores of this part, for code that checks or writes a store.
export type { AuditRow, AuditStore } from './audit/store.js'
export type { LogEntry } from './log/entry.js'
export type { ExchangeQuery, LoggedExchange } from './log/exchange.js'
export type { LogQuery, LogStore } from './log/store.js'
export { ALL_TENANTS } from './shared/tenant.js'
