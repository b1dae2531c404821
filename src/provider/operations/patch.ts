import { META } from '../../adapter/selections.js'
import { patchOf } from '../../patch/delta.js'
import { emptyResult, headersOf, projectionAfterWrite, type Result, resourceResult } from '../answer/result.js'
import type { Context } from '../request/context.js'
import { noteChanges } from '../request/facts.js'
import type { Input } from '../request/input.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault, checkStored } from '../store/adapter-fault.js'
import { readStored } from '../store/read-stored.js'
import { patchResource } from '../writing/patch-resource.js'
import { preparePatch } from '../writing/prepare-patch.js'
import { writtenByPatch } from '../writing/written-by-patch.js'

/** RFC 7644 section 3.5.2: "HTTP PATCH … enables clients to update one or more attributes of a SCIM resource". */
export async function patch(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  const { operations, ifMatch } = await preparePatch(context, type, id, input)
  // An attribute with `returned: "request"` is in the answer if the client has set it.
  const written = type.requestAttributes.length === 0 ? undefined : writtenByPatch(operations)
  const projection = projectionAfterWrite(context, type, input.query, written)
  // RFC 7644 section 3.5.2: "If one or more of the 'attributes' … the service provider MUST return a 200".
  const wanted = input.query.attributes !== undefined || input.query.excludedAttributes !== undefined

  const patch = patchOf(type.schema, operations)
  const result = await patchResource(context, type, id, patch, ifMatch, wanted ? projection : META)
  noteChanges(context, type, () => (result.changed ? [...patch.attributes] : []), result.changes)
  // Decision A-59g: 200 if the store returns the resource or the client names attributes, else 204.
  if (result.resource) {
    return resourceResult(context, type, 200, checkStored(type, 'patch', result.resource, id), projection)
  }
  if (wanted) {
    return resourceResult(context, type, 200, await readStored(context, type, id, projection), projection)
  }
  if (type.supports.versions && result.version === undefined) {
    throw new AdapterFault(type, 'patch', 'returned no version', 'patch')
  }
  return emptyResult(204, headersOf(context, type, id, result.version))
}
