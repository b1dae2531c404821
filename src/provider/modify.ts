import { setTimeout as delay } from 'node:timers/promises'
import type { Draft, Patch, PatchResult, Selection } from '../adapter/contract.js'
import { ScimError } from '../error.js'
import { patchOf } from '../patch/delta.js'
import { normalizePatch } from '../patch/normalize.js'
import type { PatchOperation } from '../patch/patch.js'
import type { JsonObject } from '../schema/resource.js'
import { checkPatchWritable } from './access.js'
import { AdapterFault, checkStored } from './adapter-fault.js'
import { authorize } from './authorize.js'
import { collect } from './collect.js'
import type { Context } from './context.js'
import { announce } from './events.js'
import type { Input } from './input.js'
import { conflict, expectedVersions } from './precondition.js'
import type { ResourceType } from './resource-type.js'
import { emptyResult, headersOf, projectionAfterWrite, type Result, resourceResult } from './result.js'
import { unknownResource } from './retrieve.js'

const EVERYTHING: Selection = { has: () => true }
const META: Selection = { has: (attribute) => attribute === 'meta' }

/** RFC 7644 section 3.5.2: "HTTP PATCH … enables clients to update one or more attributes of a SCIM resource". */
export async function modify(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'patch', id)
  const operations = normalizePatch(type.schema, await input.body(), {
    tolerate: context.tolerate,
    limits: context.provider.patchLimits,
  })
  checkPatchWritable(context, type, operations)
  const ifMatch = await expectedVersions(context, type, id, input)
  const projection = projectionAfterWrite(context, type, input.query, writtenBy(operations))
  // RFC 7644 section 3.5.2: "If one or more of the 'attributes' … the service provider MUST return a 200".
  const wanted = input.query.attributes !== undefined || input.query.excludedAttributes !== undefined

  const result = await patchResource(
    context,
    type,
    id,
    patchOf(type.schema, operations),
    ifMatch,
    wanted ? projection : META,
  )
  if (result.changed) announce(context, type, { action: 'updated', id, ...result })
  if (result.resource)
    return resourceResult(context, type, 200, checkStored(type, 'patch', result.resource, id), projection)
  if (wanted) {
    const call = context.call(projection)
    const stored = await type.adapter(call).get(id, call)
    if (stored === null || stored === undefined) throw unknownResource(type, id)
    return resourceResult(context, type, 200, checkStored(type, 'get', stored, id), projection)
  }
  if (type.supports.versions && result.version === undefined) {
    throw new AdapterFault(type, 'patch', 'returned no version', 'patch')
  }
  return emptyResult(204, headersOf(context, type, id, result.version))
}

/** By the adapter itself if it can, else by get, apply and replace. */
async function patchResource(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
  select: Selection,
): Promise<PatchResult> {
  const call = context.writeCall(select, ifMatch)
  const adapter = type.adapter(call)
  if (adapter.patch !== undefined) {
    const outcome = await adapter.patch(id, patch, call)
    if (outcome === null || outcome === undefined) throw unknownResource(type, id)
    if (outcome === 'conflict') throw await conflict(context, type, id)
    if (outcome !== 'decline') return outcome
  }
  const key = JSON.stringify([context.auth.tenant ?? null, type.name, id])
  return context.provider.queue.run(key, () => applyAndReplace(context, type, id, patch, ifMatch))
}

/** Get, apply, replace under the version that was read; once more when another writer was faster. */
async function applyAndReplace(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
): Promise<PatchResult> {
  const attempts = context.transaction === undefined ? context.provider.limits.patchAttempts : 1
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const call = context.call(EVERYTHING)
    const adapter = type.adapter(call)
    const found = await adapter.get(id, call)
    if (found === null || found === undefined) throw unknownResource(type, id)
    const current = await collect(checkStored(type, 'get', found, id))
    const version = type.supports.versions ? String(current.meta?.version) : undefined
    if (ifMatch && !(version !== undefined && ifMatch.includes(version))) throw ScimError.preconditionFailed()

    const draft = patch.apply(current)
    if ((draft as object) === current) return { changed: false, version, resource: current, before: current }
    const write = context.writeCall(EVERYTHING, version === undefined ? undefined : [version])
    const stored = await adapter.replace(id, withoutAssigned(draft), write)
    if (stored === null || stored === undefined) throw unknownResource(type, id)
    if (stored !== 'conflict') {
      return { changed: true, resource: stored, before: current, version: stored.meta?.version ?? undefined }
    }
    if (ifMatch) throw ScimError.preconditionFailed()
    // The other writers of this resource are in other processes; a random pause parts them.
    await delay(Math.random() * Math.min(100, 5 * 2 ** attempt), undefined, { signal: context.signal })
  }
  throw ScimError.unavailable({ retryAfter: 1 })
}

/** A draft has none of what the server assigns. */
function withoutAssigned(draft: Draft): Draft {
  const { id: _id, meta: _meta, schemas: _schemas, ...rest } = draft as Draft & Record<string, unknown>
  return rest
}

/** What the client set, in the shape of a resource, for attributes that are returned when they were set. */
function writtenBy(operations: readonly PatchOperation[]): JsonObject {
  const written: JsonObject = {}
  for (const { attribute, subAttribute, value } of operations) {
    if (value === undefined) continue
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
