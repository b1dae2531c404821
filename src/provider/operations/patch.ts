import { META } from '../../adapter/selections.js'
import { patchOf } from '../../patch/delta.js'
import { normalizePatchInTurns } from '../../patch/normalize.js'
import type { PatchOperation } from '../../patch/patch.js'
import type { JsonObject } from '../../schema/resource.js'
import { emptyResult, headersOf, projectionAfterWrite, type Result, resourceResult } from '../answer/result.js'
import { checkPatchWritable } from '../policy/access.js'
import { authorize } from '../policy/authorize.js'
import { hashPatchedPasswords } from '../policy/password.js'
import { askAboutReferences } from '../policy/references.js'
import { withoutComputedPaths } from '../query/computed-filter.js'
import type { Context } from '../request/context.js'
import { noteChanges } from '../request/facts.js'
import type { Input } from '../request/input.js'
import { identifyReference } from '../request/resource-uri.js'
import type { ResourceType } from '../setup/resource-type.js'
import { AdapterFault, checkStored } from '../store/adapter-fault.js'
import { readStored } from '../store/read-stored.js'
import { patchResource } from './patch-resource.js'
import { expectedVersions } from './precondition.js'
import { withoutRepeatedMeta } from './repeated-meta.js'

/** RFC 7644 section 3.5.2: "HTTP PATCH … enables clients to update one or more attributes of a SCIM resource". */
export async function modify(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'patch', id)
  await askAboutReferences(context, type)
  const normalized = await normalizePatchInTurns(
    type.schema,
    await input.body(),
    {
      tolerate: context.tolerate,
      identify: identifyReference(context),
      limits: context.provider.patchLimits,
    },
    () => context.breather.pause(),
  )
  await context.breather.pause()
  checkPatchWritable(context, type, normalized)
  const ifMatch = await expectedVersions(context, type, id, input)
  const known = withoutRepeatedMeta(context, type, id, withoutComputedPaths(context, type, normalized))
  const operations = await hashPatchedPasswords(context, known, META)
  const projection = projectionAfterWrite(context, type, input.query, writtenBy(type, operations))
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

/** What the client set, in the shape of a resource, for attributes that are returned when they were set. */
function writtenBy({ requestAttributes }: ResourceType, operations: readonly PatchOperation[]): JsonObject | undefined {
  if (requestAttributes.length === 0) return undefined
  const written: JsonObject = {}
  for (const { op, attribute, subAttribute, value } of operations) {
    if (value === undefined || op === 'remove') continue
    let holder = written
    const keys = (subAttribute ?? attribute).keys
    for (const key of keys.slice(0, -1)) {
      holder[key] ??= {}
      holder = holder[key] as JsonObject
    }
    const last = keys[keys.length - 1]
    if (last !== undefined) holder[last] = value
  }
  return written
}
