import { ScimError } from '../../error.js'
import { type BulkResult, bulkResponse, readBulkRequest } from '../../message/bulk.js'
import type { Result } from '../answer/result.js'
import { runInTransaction } from '../events/transaction.js'
import type { Context } from '../request/context.js'
import { readBody } from '../request/input.js'
import { BulkJob } from './job.js'
import { readSteps, type Step } from './step.js'

/** RFC 7644 section 3.7: "a potentially large collection of resource operations in a single request". */
export async function bulk(context: Context): Promise<Result> {
  const { provider, tolerate } = context
  context.facts.action = 'bulk'
  const request = readBulkRequest(await readBulkBody(context), provider.limits.bulkOperations, tolerate)
  const steps = await readSteps(context, request.operations)
  const results = provider.atomicBulk
    ? await runInTransaction(context, () => runAtomic(context, steps))
    : await new BulkJob(context, steps, request.failOnErrors).run()
  return { status: 200, headers: {}, body: bulkResponse(results), large: false }
}

/**
 * RFC 7644 section 3.7.4: "The returned response MUST specify the limit exceeded in the body of the error response."
 */
async function readBulkBody(context: Context): Promise<unknown> {
  const { bulkBytes } = context.provider.limits
  try {
    return await readBody(context, bulkBytes)
  } catch (error) {
    if (!ScimError.is(error) || error.status !== 413) throw error
    throw new ScimError(413, `A bulk request must not have more than ${bulkBytes} bytes (maxPayloadSize).`, {
      headers: error.headers,
    })
  }
}

/**
 * All or nothing: the first failure undoes everything, and is the answer to the whole request (RFC 7644 section 3.12).
 */
async function runAtomic(context: Context, steps: readonly Step[]): Promise<readonly BulkResult[]> {
  // Made anew each time: a database may run the work of a transaction more than once.
  const job = new BulkJob(context, steps, 1)
  const results = await job.run()
  if (job.failure === undefined) return results
  const { error, index } = job.failure
  // The others have not been carried out in the end.
  context.facts.bulk = context.facts.bulk?.filter((one) => one !== undefined && one.status >= 400)
  throw new ScimError(error.status, `Operation ${index + 1} failed, and none was carried out: ${error.message}`, {
    ...(error.scimType && { scimType: error.scimType }),
    headers: error.headers,
    // The caller that runs the transaction must know of the conflict with another one, to run it again.
    cause: error.cause,
  })
}
