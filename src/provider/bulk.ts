import { ScimError } from '../error.js'
import { type BulkResult, bulkResponse, readBulkRequest } from '../message/bulk.js'
import { BulkJob } from './bulk-job.js'
import type { Context } from './context.js'
import { readBody } from './input.js'
import type { Result } from './result.js'
import { inTransaction } from './transaction.js'

/** RFC 7644 section 3.7: "a potentially large collection of resource operations in a single request". */
export async function bulk(context: Context): Promise<Result> {
  const { provider } = context
  const { bulkBytes, bulkOperations } = provider.limits
  const body = await readBody(context, bulkBytes)
  const request = readBulkRequest(body, bulkOperations, context.tolerate)
  const job = new BulkJob(context, request)
  const results = provider.atomicBulk ? await inTransaction(context, () => runAtomic(job)) : await job.run()
  return { status: 200, headers: {}, body: bulkResponse(results), large: false }
}

/** All or nothing: the first failure undoes everything, and is the answer to the whole request (RFC 7644 section 3.12). */
async function runAtomic(job: BulkJob): Promise<readonly BulkResult[]> {
  const results = await job.run(1)
  if (job.failure === undefined) return results
  const { error, index } = job.failure
  throw new ScimError(error.status, `Operation ${index + 1} failed, and none was carried out: ${error.message}`, {
    ...(error.scimType && { scimType: error.scimType }),
  })
}
