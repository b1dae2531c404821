import type { ScimError } from '../../error.js'
import type { RequestReport } from '../setup/hooks.js'
import { CLIENT_GONE, type Context } from './context.js'
import { headerOf } from './request.js'

const CLIENT_ID = /^[\w.:-]{8,64}$/

/** The report of a request that has been answered. */
export function requestReport(context: Context, answered: number): RequestReport {
  const { request, facts, identity } = context
  const { error } = facts
  const { userAgent, provider } = context.provider.userAgents.of(headerOf(request, 'user-agent'))
  const status = request.isAborted() ? CLIENT_GONE : answered
  const ms = performance.now() - context.started
  return {
    id: context.id,
    clientId: clientIdOf(headerOf(request, 'x-request-id') ?? headerOf(request, 'client-request-id')),
    time: new Date(Date.now() - ms),
    ms,
    method: request.method,
    path: request.path,
    query: context.provider.queryShapes.of(request.query),
    status,
    code: error && errorCode(error),
    scimType: error?.scimType,
    attribute: error?.attribute,
    detail: error?.message,
    refusal: error?.refusal,
    action: facts.action,
    resourceType: facts.resourceType,
    resourceId: facts.resourceId,
    count: facts.count,
    changes: facts.changes,
    bulk: facts.bulk?.filter((one) => one !== undefined),
    tolerances: context.tolerated,
    tolerated: context.toleratedAttributes,
    userAgent,
    provider,
    params: presentParams(request.params),
    auth: identity,
    tenant: identity?.tenant ?? error?.refusal?.tenant,
    via: request.inProcess?.via ?? 'client',
  }
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({})

/** Copies the parameters of the mount path. Reading a parameter that the path does not have would throw. */
function presentParams(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(params)
  if (names.length === 0) return NO_PARAMS
  const present = names.filter((name) => name in params)
  return Object.fromEntries(present.map((name) => [name, params[name] ?? '']))
}

/** The client's own id for a request, if a log can hold it. */
function clientIdOf(value: string | undefined): string | undefined {
  return value !== undefined && CLIENT_ID.test(value) ? value : undefined
}

const CODES: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'methodNotAllowed',
  406: 'notAcceptable',
  409: 'conflict',
  412: 'preconditionFailed',
  413: 'tooLarge',
  415: 'unsupportedMediaType',
  428: 'preconditionRequired',
  429: 'tooManyRequests',
  499: 'clientGone',
  501: 'notImplemented',
  503: 'unavailable',
}

/** A stable word for the situation: the error's own, its `scimType`, or one for its status. */
export function errorCode({ code, scimType, status, refusal }: ScimError): string {
  if (code !== undefined) return code
  if (refusal !== undefined) return `credentials.${refusal.reason}`
  return scimType ?? CODES[status] ?? (status >= 500 ? 'failure' : 'refused')
}
