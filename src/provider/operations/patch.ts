import { META } from '../../adapter/selections.js'
import { patchOf } from '../../patch/delta.js'
import { normalizePatchInTurns } from '../../patch/normalize.js'
import { emptyResult, headersOf, projectionAfterWrite, type Result, resourceResult } from '../answer/result.js'
import { checkPatchWritable } from '../policy/access.js'
import { authorize } from '../policy/authorize.js'
import { hashPatchedPasswords } from '../policy/password.js'
import { checkPatchedReferences } from '../policy/reference-ids.js'
import { askAboutReferences } from '../policy/references.js'
import { withoutComputedPaths } from '../query/computed-filter.js'
import type { Context } from '../request/context.js'
import { noteChanges, noteSent } from '../request/facts.js'
import type { Input } from '../request/input.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault, checkStored } from '../store/adapter-fault.js'
import { readStored } from '../store/read-stored.js'
import { patchResource } from './patch-resource.js'
import { expectedVersions } from './precondition.js'
import { withoutRepeatedMeta } from './repeated-meta.js'
import { writtenByPatch } from './written-by-patch.js'

/** RFC 7644 section 3.5.2: "HTTP PATCH … enables clients to update one or more attributes of a SCIM resource". */
export async function patch(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'patch', id)
  await askAboutReferences(context, type)
  const body = await input.body()
  noteSent(context, type, body)
  const normalized = await normalizePatchInTurns(
    type.schema,
    body,
    {
      tolerate: context.tolerate,
      identify: identifyReference(context),
      limits: context.provider.patchLimits,
    },
    () => context.breather.pauseIfDue(),
  )
  await context.breather.pauseIfDue()
  checkPatchWritable(context, type, normalized)
  checkPatchedReferences(context, type, normalized)
  const ifMatch = await expectedVersions(context, type, id, input)
  const known = withoutRepeatedMeta(context, type, id, withoutComputedPaths(context, type, normalized))
  const operations = await hashPatchedPasswords(context, known, META)
  // An attribute with `returned: "request"` is in the answer if the client has set it.
  const written = type.requestAttributes.length === 0 ? undefined : writtenByPatch(operations)
  const projection = projectionAfterWrite(context, type, input.query, written)
  // RFC 7644 section 3.5.2: "If one or more of the 'attributes' … the service provider MUST return a 200".
  const wanted = input.query.attributes !== undefined || input.query.excludedAttributes !== undefined

  const patch = patchOf(type.schema, operations)
  const result = await patchResource(context, type, id, patch, ifMatch, wanted ? projection : META)
  noteChanges(context, type, result.changed ? [...patch.attributes] : [], result.changes)
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
