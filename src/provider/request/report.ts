import createDebug from 'debug'
import { type SetupCode, SetupError } from '../../error.js'
import type { HookContext } from '../setup/hooks.js'
import type { LimitName } from '../setup/limits.js'
import type { Context } from './context.js'

const debugError = createDebug('scim:error')

/** Tells `on.error` and `debug('scim:error')` of a failure that is not the client's. */
export function reportError(context: Context, error: unknown): void {
  const { method, path } = context.request
  debugFailure(`${method} ${path}`, error)
  if (wasTold(context, error)) return
  const report = { error, method, path, auth: context.identity }
  context.provider.listeners.tell('error', report, hookContext(context), (thrown) => debugFailure('on.error', thrown))
}

// A router that is mounted wrongly fails in every request alike.
const TOLD_ONCE: ReadonlySet<string> = new Set(['ERR_SCIM_PARAMS'] satisfies SetupCode[])

/** Whether an error is one that `on.error` is told once, and has been told. */
function wasTold({ provider: { toldOnce } }: Context, error: unknown): boolean {
  if (!SetupError.is(error) || !TOLD_ONCE.has(error.code)) return false
  const told = toldOnce.has(error.code)
  toldOnce.add(error.code)
  return told
}

function debugFailure(where: string, error: unknown): void {
  try {
    debugError('%s: %O', where, error)
  } catch {
    // It throws when it is looked at, and what reports a failure must not be one.
    debugError('%s: something that cannot be shown', where)
  }
}

const MINUTE = 60_000

/** Tells `on.error` that answers lack something because of a limit: once a minute, for it may be so of many requests. */
export function reportLimit(context: Context, limit: LimitName): void {
  const { limits, toldOfLimits } = context.provider
  const last = toldOfLimits.get(limit)
  if (last !== undefined && context.started - last < MINUTE) return
  toldOfLimits.set(limit, context.started)
  reportError(context, new Error(`An answer was cut short: limits.${limit} is ${limits[limit]} (docs/limits.md).`))
}

/** Tells `on.request` of a request that has been answered. */
export function reportRequest(context: Context, status: number): void {
  const { listeners } = context.provider
  if (!listeners.has('request')) return
  const { method, path } = context.request
  const ms = performance.now() - context.started
  const report = { method, path, status, ms, tolerances: context.tolerated, auth: context.identity }
  listeners.tell('request', report, hookContext(context), (error) => reportError(context, error))
}

/** What hooks get beside an event or a report. */
export function hookContext({ request }: Context): HookContext {
  return { request: request.request }
}
