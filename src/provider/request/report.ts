import { channel as channelNamed } from 'node:diagnostics_channel'
import createDebug from 'debug'
import { docsAt, type SetupCode, SetupError } from '../../setup-error.js'
import { MINUTE } from '../../time.js'
import type { ErrorReport, HookContext, RequestReport, ResourceEvent } from '../setup/hooks.js'
import type { LimitName } from '../setup/limits.js'
import type { Context } from './context.js'
import { identifiersOf } from './identifiers.js'
import { logText } from './log-text.js'
import { redacted } from './redact.js'
import { reportLine } from './report-line.js'
import { requestReport } from './request-report.js'

const debugError = createDebug('scim:error')
const debugRequest = createDebug('scim:request')
const channel = channelNamed('express-scim:request')

/**
 * Reports to `on.error` and `debug('scim:error')` a failure that is not the client's, without values of rows.
 *
 * @param event Of whose hook it is a failure.
 */
export function reportError(context: Context, failure: unknown, event?: ResourceEvent): void {
  const { method, path } = context.request
  const error = showable(failure)
  debugFailure(`${method} ${logText(path)}`, error)
  if (wasReported(context, error)) return
  const { listeners } = context.provider
  const of = event && { event: event.name, resourceType: event.resourceType, id: event.id, tenant: event.tenant }
  const report: ErrorReport = { error, requestId: context.id, method, path, auth: context.identity, ...of }
  listeners.emit('error', report, hookContext(context), (thrown) => debugFailure('on.error', showable(thrown)))
}

function showable(error: unknown): unknown {
  try {
    return redacted(error)
  } catch {
    // It throws when it is looked at.
    return error
  }
}

// A router that is mounted wrongly fails in every request alike.
const REPORTED_ONCE: ReadonlySet<string> = new Set(['ERR_SCIM_MOUNT', 'ERR_SCIM_PARAMS'] satisfies SetupCode[])

/** Whether `on.error` gets this kind of error only once and has already got it. */
function wasReported({ provider: { reportedOnce } }: Context, error: unknown): boolean {
  if (!SetupError.is(error) || !REPORTED_ONCE.has(error.code)) return false
  const wasThere = reportedOnce.has(error.code)
  reportedOnce.add(error.code)
  return wasThere
}

function debugFailure(where: string, error: unknown): void {
  try {
    debugError('%s: %O', where, error)
  } catch {
    // It throws when it is looked at, and the report of a failure must not fail.
    debugError('%s: something that cannot be shown', where)
  }
}

/**
 * Reports to `on.error` that answers lack something because of a limit: once a minute, for it may be so of many
 * requests.
 */
export function reportLimit(context: Context, limit: LimitName): void {
  const { limits, reportedLimits } = context.provider
  const last = reportedLimits.get(limit)
  if (last !== undefined && context.started - last < MINUTE) return
  reportedLimits.set(limit, context.started)
  reportError(
    context,
    new Error(`An answer was cut short: limits.${limit} is ${limits[limit]} (${docsAt('limits.md')}).`),
  )
}

/**
 * Reports to `on.request`, `debug('scim:request')` and the diagnostics channel a request that has been answered, or of
 * whose answer is unknown.
 */
export function reportRequest(context: Context, answered: number): void {
  const { listeners } = context.provider
  if (!isReported(context)) return
  try {
    const report = requestReport(context, answered)
    if (debugRequest.enabled) debugRequest('%s', reportLine(report))
    publishReport(report)
    listeners.emit('request', report, hookContext(context), (error) => reportError(context, error))
  } catch (error) {
    // The client gets its answer even if reading the host's objects throws.
    reportError(context, error)
  }
}

/** Whether a hook or DEBUG needs reports of requests. If not, no facts are collected for them. */
export function isReported({ provider: { listeners } }: Context): boolean {
  return listeners.has('request') || debugRequest.enabled || channel.hasSubscribers
}

/** Monitoring reads reports too; the identity that `authenticate` returned may hold secrets of the application. */
function publishReport(report: RequestReport): void {
  if (!channel.hasSubscribers) return
  const { auth: _auth, ...published } = report
  channel.publish(published)
}

/** The second argument of hooks, beside an event or a report. */
export function hookContext(context: Context): HookContext {
  return {
    request: context.request.request,
    identifiers: () => identifiersOf(context),
  }
}
