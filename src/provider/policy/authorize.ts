import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
import { isPending } from '../request/pending.js'
import type { Action } from '../setup/options.js'
import type { ResourceType } from '../setup/resource-type.js'

/** RFC 7644 section 2: maps the authenticated client to what it may do, before the operation is looked at. */
export function authorize(
  context: Context,
  type: ResourceType,
  action: Action,
  id: string | undefined,
): void | Promise<void> {
  const policy = context.provider.options.authorize
  if (policy === undefined) return undefined
  const decision = policy({
    action,
    resourceType: type.name,
    id,
    auth: context.auth,
    tenant: context.auth.tenant,
    params: context.request.params,
    request: context.request.request,
  })
  return isPending(decision) ? decision.then(requirePermission) : requirePermission(decision)
}

// A policy that forgets to answer opens nothing: `auth.scopes?.includes(action)` without scopes, `PERMISSIONS[auth.role]` of
// an unknown role and a function without return give undefined.
function requirePermission(decision: unknown): void {
  if (!decision) throw ScimError.forbidden()
}
