import { setTimeout as delay } from 'node:timers/promises'
import type { Draft, Patch, PatchResult, Selection, Stored } from '../adapter/contract.js'
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
import { announce, isWatched } from './events.js'
import type { Input } from './input.js'
import { hashPatchedPasswords } from './password.js'
import { conflict, expectedVersions } from './precondition.js'
import type { ResourceType } from './resource-type.js'
import { emptyResult, headersOf, projectionAfterWrite, type Result, resourceResult } from './result.js'
import { unknownResource } from './retrieve.js'
import { inTransaction } from './transaction.js'

const EVERYTHING: Selection = { has: () => true }
const META: Selection = { has: (attribute) => attribute === 'meta' }

/** RFC 7644 section 3.5.2: "HTTP PATCH … enables clients to update one or more attributes of a SCIM resource". */
export async function modify(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'patch', id)
  const normalized = normalizePatch(type.schema, await input.body(), {
    tolerate: context.tolerate,
    limits: context.provider.patchLimits,
  })
  checkPatchWritable(context, type, normalized)
  const ifMatch = await expectedVersions(context, type, id, input)
  const operations = await hashPatchedPasswords(context, normalized, context.call(META))
  const projection = projectionAfterWrite(context, type, input.query, writtenBy(operations))
  // RFC 7644 section 3.5.2: "If one or more of the 'attributes' … the service provider MUST return a 200".
  const wanted = input.query.attributes !== undefined || input.query.excludedAttributes !== undefined

  const patch = patchOf(type.schema, operations)
  const result = await patchResource(context, type, id, patch, ifMatch, wanted ? projection : META)
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
  const outcome = await inTransaction(context, () => patchByAdapter(context, type, id, patch, ifMatch, select))
  if (outcome !== 'decline') return outcome
  const key = JSON.stringify([context.auth.tenant ?? null, type.name, id])
  return context.provider.queue.run(key, () => applyAndReplace(context, type, id, patch, ifMatch))
}

async function patchByAdapter(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
  select: Selection,
): Promise<PatchResult | 'decline'> {
  const call = context.writeCall(select, ifMatch)
  const adapter = type.adapter(call)
  if (adapter.patch === undefined) return 'decline'
  const known = await activationBefore(context, type, id, patch)
  const outcome = await adapter.patch(id, patch, call)
  if (outcome === null || outcome === undefined) throw unknownResource(type, id)
  if (outcome === 'conflict') throw await conflict(context, type, id)
  if (outcome !== 'decline' && outcome.changed) {
    const before = outcome.before ?? known
    const resource = outcome.resource ?? (known && ({ ...known, ...patch.set } as Stored))
    announce(context, type, { action: 'updated', id, resource, before, changes: outcome.changes })
  }
  return outcome
}

/** What tells whether somebody is being deactivated: read only when the patch touches it and somebody listens. */
async function activationBefore(
  context: Context,
  type: ResourceType,
  id: string,
  { attributes }: Patch,
): Promise<Stored | undefined> {
  const names = new Set(type.roles.activation.map(({ keys }) => keys[0] as string))
  if (![...names].some((name) => attributes.has(name)) || !isWatched(context, type)) return undefined
  const call = context.call({ has: (attribute) => names.has(attribute) })
  return (await type.adapter(call).get(id, call)) ?? undefined
}

/** Get, apply, replace under the version that was read; once more when another writer was faster. */
async function applyAndReplace(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
): Promise<PatchResult> {
  // Inside a larger transaction another attempt would read the same again.
  const attempts = context.inTransaction ? 1 : context.provider.limits.patchAttempts
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const outcome = await inTransaction(context, () => applyOnce(context, type, id, patch, ifMatch))
    if (outcome !== 'conflict') return outcome
    if (ifMatch) throw ScimError.preconditionFailed()
    // The other writers of this resource are in other processes; a random pause parts them.
    await delay(Math.random() * Math.min(100, 5 * 2 ** attempt), undefined, { signal: context.signal })
  }
  throw ScimError.unavailable({ retryAfter: 1 })
}

async function applyOnce(
  context: Context,
  type: ResourceType,
  id: string,
  patch: Patch,
  ifMatch: readonly string[] | undefined,
): Promise<PatchResult | 'conflict'> {
  const call = context.call(EVERYTHING)
  const adapter = type.adapter(call)
  const found = await adapter.get(id, call)
  if (found === null || found === undefined) throw unknownResource(type, id)
  const before = await collect(checkStored(type, 'get', found, id))
  const version = type.supports.versions ? String(before.meta?.version) : undefined
  if (ifMatch && !(version !== undefined && ifMatch.includes(version))) throw ScimError.preconditionFailed()

  const draft = patch.apply(before)
  if ((draft as object) === before) return { changed: false, resource: before, before, version }
  const write = context.writeCall(EVERYTHING, version === undefined ? undefined : [version])
  const resource = await adapter.replace(id, withoutAssigned(draft), write)
  if (resource === null || resource === undefined) throw unknownResource(type, id)
  if (resource === 'conflict') return resource
  announce(context, type, { action: 'updated', id, resource, before })
  return { changed: true, resource, before, version: resource.meta?.version ?? undefined }
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
