import type { Action } from '../../adapter/contract.js'
import { ScimError } from '../../error.js'
import type { Context } from '../request/context.js'
import { noteOperation } from '../request/facts.js'
import { isPending } from '../request/pending.js'
import type { ResourceType } from '../setup/resource-type.js'

/** RFC 7644 section 2: maps the authenticated client to its permissions, before the router reads the operation. */
export function authorize(
  context: Context,
  type: ResourceType,
  action: Action,
  id: string | undefined,
): void | Promise<void> {
  noteOperation(context, action, type, id)
  const decision = decide(context, type, action, id)
  if (action !== 'list') return decision
  // A list shows references to resources of the same type: `authorize` is not asked twice about that.
  const remember = (): void => void context.setListable(type.name, true)
  return isPending(decision) ? decision.then(remember) : remember()
}

/** Whether the client may list a type at all; the answer is kept for the request. */
export function mayList(context: Context, type: ResourceType): void | Promise<void> {
  const remember = (permitted: boolean): void => void context.setListable(type.name, permitted)
  const refuse = (error: unknown): void => {
    if (!ScimError.is(error) || error.status !== 403) throw error
    remember(false)
  }
  try {
    const decision = decide(context, type, 'list', undefined)
    return isPending(decision) ? decision.then(() => remember(true), refuse) : remember(true)
  } catch (error) {
    return refuse(error)
  }
}

function decide(context: Context, type: ResourceType, action: Action, id: string | undefined): void | Promise<void> {
  if (!isPermitted(context, action, type)) throw ScimError.forbidden()
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

// A policy that forgets to answer opens nothing: `auth.scopes?.includes(action)` without scopes,
// `PERMISSIONS[auth.role]` of an unknown role and a function without return give undefined.
function requirePermission(decision: unknown): void {
  if (!decision) throw ScimError.forbidden()
}

/** Whether the credentials themselves permit an action; they permit everything if they say nothing about it. */
function isPermitted({ auth: { permits } }: Context, action: Action, { name }: ResourceType): boolean {
  // Only true permits: `scopes?.includes(…)` without scopes is undefined.
  return permits === undefined || permits({ action, resourceType: name }) === true
}

const ACTIONS: readonly Action[] = ['retrieve', 'list', 'create', 'replace', 'patch', 'delete']

/** Discovery describes the whole service: credentials that permit nothing may not read it. */
export function authorizeDiscovery(context: Context): void {
  if (context.auth.permits === undefined) return
  const { types } = context.provider
  if (!types.some((type) => ACTIONS.some((action) => permitsQuietly(context, action, type))))
    throw ScimError.forbidden()
}

/** A refusal by exception, which names a missing scope, is a refusal here: another action may be permitted. */
function permitsQuietly(context: Context, action: Action, type: ResourceType): boolean {
  try {
    return isPermitted(context, action, type)
  } catch (error) {
    if (ScimError.is(error) && error.status === 403) return false
    throw error
  }
}
