import { isAmong } from '../../adapter/versions.js'
import { ScimError } from '../../error.js'
import { emptyResult, headersOf, projectionFor, type Result, resourceResult } from '../answer/result.js'
import { permit } from '../policy/permit.js'
import type { Context } from '../request/context.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { readStored } from '../store/read-stored.js'

/** RFC 7644 section 3.4.1: "To retrieve a known resource, clients send GET requests to the resource endpoint." */
export async function retrieve(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await permit(context, type, 'retrieve', id)
  const projection = projectionFor(context, type, input.query)
  const stored = await readStored(context, type, id, projection, context.readCall(projection))
  const version = stored.meta?.version
  if (type.supports.versions) {
    // RFC 9110 section 13.2.2: If-Match comes first, for every method.
    if (input.ifMatch && !isAmong(input.ifMatch, version)) throw ScimError.preconditionFailed()
    // RFC 9110 section 13.1.2: If-None-Match that names the present version makes a 304.
    if (input.ifNoneMatch && isAmong(input.ifNoneMatch, version)) {
      return emptyResult(304, headersOf(context, type, stored.id, version))
    }
  }
  return resourceResult(context, type, 200, stored, projection)
}
