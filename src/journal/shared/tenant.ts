import { ALL_TENANTS, SetupError, type TenantChoice } from '../../index.js'

export { ALL_TENANTS, type TenantChoice }

/** Refuses a value that is no tenant: a column that was not loaded must not open the log of everybody. */
export function requireTenant(call: string, tenant: unknown): asserts tenant is string {
  if (typeof tenant === 'string') return
  throw new SetupError(
    'ERR_SCIM_TENANT',
    `Option tenant of ${call} must be a text; '' stands for requests without one.`,
  )
}

/** Refuses a value that is neither a tenant nor ALL_TENANTS. */
export function requireTenantChoice(call: string, tenant: unknown): asserts tenant is TenantChoice {
  if (tenant !== ALL_TENANTS) requireTenant(call, tenant)
}
