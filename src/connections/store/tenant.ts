import { ALL_TENANTS, SetupError, type TenantChoice } from '../../index.js'

export { ALL_TENANTS, type TenantChoice }

/** Refuses a value that is no tenant: a column that was not loaded must not open the connections of everybody. */
export function requireTenant(call: string, tenant: unknown): asserts tenant is string {
  if (isTenant(tenant)) return
  throw new SetupError('ERR_SCIM_TENANT', `Option tenant of connections.${call} must be a text that is not empty.`)
}

export function requireTenantChoice(call: string, tenant: unknown): asserts tenant is TenantChoice {
  if (tenant !== ALL_TENANTS) requireTenant(call, tenant)
}

/** Each change names the person who makes it. */
export function requireActor(call: string, by: unknown): asserts by is string {
  if (typeof by === 'string' && by !== '') return
  throw new SetupError('ERR_SCIM_OPTION', `Option by of connections.${call} must be a text that is not empty.`)
}

function isTenant(tenant: unknown): tenant is string {
  return typeof tenant === 'string' && tenant !== '' && !/[\0\p{Surrogate}]/u.test(tenant)
}
