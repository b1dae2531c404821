import createDebug from 'debug'
import type { AttributeChange, Identity, Stored } from '../adapter/contract.js'
import type { Context } from './context.js'
import type { ErrorReport, RequestReport } from './options.js'
import type { ResourceType } from './resource-type.js'

const debugError = createDebug('scim:error')

/** Something that has happened to a resource, told after the store has committed it. */
export interface ResourceEvent<Auth extends Identity = Identity> {
  /** `user.created`, `user.updated`, `user.deleted`, …: the resource type in lower camel case and what happened. */
  readonly name: string
  readonly resourceType: string
  readonly id: string
  /** The resource as it is now, where known; undefined after a delete. */
  readonly resource: Stored | undefined
  /** The resource as it was, where known. */
  readonly before: Stored | undefined
  /** What really changed in multi-valued attributes, by `value`, where known. */
  readonly changes: Readonly<Record<string, AttributeChange>> | undefined
  readonly auth: Auth
  readonly tenant: string | undefined
}

/** Hooks by name: `request`, `error`, or an event such as `user.deactivated`. */
export interface EventHooks<Auth extends Identity = Identity> {
  readonly request?: (report: RequestReport<Auth>) => void
  readonly error?: (report: ErrorReport<Auth>) => void
  readonly [event: `${string}.${string}`]: (event: ResourceEvent<Auth>) => void | Promise<void>
}

/** What an operation has done. */
export interface Happening {
  readonly action: 'created' | 'updated' | 'deleted'
  readonly id: string
  readonly resource?: Stored | undefined
  readonly before?: Stored | undefined
  readonly changes?: Readonly<Record<string, AttributeChange>> | undefined
}

/** Tells the hooks that listen; none of them delays or fails the request. */
export function announce(context: Context, type: ResourceType, happening: Happening): void {
  const hooks = context.provider.options.on
  const name = `${type.name.charAt(0).toLowerCase()}${type.name.slice(1)}.${happening.action}` as const
  const hook = hooks?.[name]
  if (hook === undefined) return
  const event: ResourceEvent = {
    name,
    resourceType: type.name,
    id: happening.id,
    resource: happening.resource,
    before: happening.before,
    changes: happening.changes,
    auth: context.auth,
    tenant: context.auth.tenant,
  }
  queueMicrotask(async () => {
    try {
      await hook(event)
    } catch (error) {
      reportError(context, error)
    }
  })
}

/** Tells `on.error` and `debug('scim:error')` of a failure that is not the client's. */
export function reportError(context: Context, error: unknown): void {
  const { method, path } = context.request
  debugError('%s %s: %O', method, path, error)
  try {
    context.provider.options.on?.error?.({ error, method, path, auth: context.auth })
  } catch (failure) {
    debugError('on.error failed: %O', failure)
  }
}

/** Tells `on.request` of a request that has been answered. */
export function reportRequest(context: Context, status: number): void {
  const hook = context.provider.options.on?.request
  if (hook === undefined) return
  const { method, path } = context.request
  try {
    const ms = performance.now() - context.started
    hook({ method, path, status, ms, tolerances: context.tolerated, auth: context.auth })
  } catch (failure) {
    debugError('on.request failed: %O', failure)
  }
}
