import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
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
  return decide(
    policy({
      action,
      resourceType: type.name,
      id,
      auth: context.auth,
      tenant: context.auth.tenant,
      params: context.request.params,
      request: context.request.request,
    }),
  )
}

async function decide(decision: unknown): Promise<void> {
  const permitted = await decision
  // A policy that only throws returns undefined. `auth.roles && …` without roles gives null or '', which is no permission.
  if (permitted !== undefined && !permitted) throw ScimError.forbidden()
}
