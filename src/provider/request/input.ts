import type { Awaitable } from '../../adapter/contract.js'
import { type Condition, readCondition } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import { checkContentType } from '../../message/media-type.js'
import type { QueryParameters } from '../../message/query-parameters.js'
import type { Context } from './context.js'
import { andThen } from './pending.js'
import { type BodyLimits, headerOf } from './request.js'

/** The input of an operation beside its resource: the parts of a request, or of one operation in a bulk request. */
export interface Input {
  readonly query: QueryParameters
  readonly ifMatch: Condition | undefined
  readonly ifNoneMatch: Condition | undefined
  /** Reads the parsed body. */
  readonly body: () => Awaitable<unknown>
}

/** The input of a request of its own. */
export function inputOf(context: Context): Input {
  const { request } = context
  return {
    query: context.query,
    ifMatch: readCondition(headerOf(request, 'if-match')),
    ifNoneMatch: readCondition(headerOf(request, 'if-none-match')),
    body: () => readBody(context, context.provider.limits.bodyBytes),
  }
}

/** Reads and parses the body of a request. */
export function readBody(context: Context, bytes: number): Awaitable<unknown> {
  checkContentType(headerOf(context.request, 'content-type'), context.tolerate)
  const { jsonDepth, jsonValues } = context.provider.limits
  const limits = { bytes, depth: jsonDepth, values: jsonValues }
  const reading = context.isRecorded ? recordedBody(context, limits) : context.request.body(limits)
  return andThen(reading, (body) => {
    if (body === undefined) throw ScimError.invalidSyntax('The body of the request is missing.')
    return andThen(context.breather.pauseIfDue(), () => body)
  })
}

/** Reads a body and keeps it for the recording. */
async function recordedBody({ request, facts }: Context, limits: BodyLimits): Promise<unknown> {
  facts.body = await request.body({
    ...limits,
    onBroken: (text) => {
      facts.broken = text
    },
  })
  return facts.body
}
