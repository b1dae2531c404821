import { ANYTHING, BOOLEAN, type Checks, FUNCTION, objectOf, required, TEXT } from '../../check-options.js'
import type { AuditHooks, AuditNote, AuditTrailOptions } from './trail.js'

// The store, the secret, the days and tenants have messages of their own.

/** The values that each option of `auditTrail` takes. */
export const OPTIONS: Checks<keyof AuditTrailOptions> = {
  store: ANYTHING,
  secret: ANYTHING,
  strict: BOOLEAN,
  days: ANYTHING,
  on: objectOf({ audit: FUNCTION, error: FUNCTION } satisfies Checks<keyof AuditHooks>),
  now: FUNCTION,
}

/** The options of `note`. */
export const NOTE: Checks<keyof AuditNote> = {
  tenant: ANYTHING,
  actor: required(TEXT),
  action: required(TEXT),
  via: TEXT,
  requestId: TEXT,
  resourceType: TEXT,
  resourceId: TEXT,
  reason: TEXT,
}

/** The options of `page`. */
export const PAGE: Checks = { tenant: ANYTHING, after: ANYTHING, count: ANYTHING, resourceId: TEXT }

/** The options of `export`. */
export const EXPORT: Checks = { tenant: ANYTHING, after: ANYTHING }

/** The options of `erase`. */
export const ERASE: Checks = { tenant: ANYTHING, id: required(TEXT) }
