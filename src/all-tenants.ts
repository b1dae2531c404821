/** Stands for every tenant. It has to be written out: an absent tenant is never all of them. */
export const ALL_TENANTS: unique symbol = Symbol.for('express-scim.all-tenants')

/** One tenant, or all of them by name. */
export type TenantChoice = string | typeof ALL_TENANTS
