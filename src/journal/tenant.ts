import { SetupError } from '../index.js'

/** Stands for every tenant. It has to be written out: an absent tenant is never all of them. */
export const ALL_TENANTS: unique symbol = Symbol.for('express-scim.all-tenants')

/** One tenant, or all of them by name. */
export type TenantChoice = string | typeof ALL_TENANTS

/** Refuses what is no tenant: a column that was not loaded must not open the log of everybody. */
export function requireTenant(call: string, tenant: unknown): asserts tenant is string {
  if (typeof tenant === 'string') return
  throw new SetupError(
    'ERR_SCIM_TENANT',
    `Member tenant of ${call} must be a text; '' stands for requests without one.`,
  )
}

/** The same where ALL_TENANTS may stand. */
export function requireTenantChoice(call: string, tenant: unknown): asserts tenant is TenantChoice {
  if (tenant !== ALL_TENANTS) requireTenant(call, tenant)
}
