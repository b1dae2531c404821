import type { Draft, Selection, Stored } from '../adapter/contract.js'
import { applyMutability, neededForReplace } from '../schema/mutability.js'
import type { Projection } from '../schema/project.js'
import type { JsonObject } from '../schema/resource.js'
import { keepUnwritable, unwritable } from './access.js'
import { checkStored } from './adapter-fault.js'
import { changeInTurn } from './attempts.js'
import { authorize } from './authorize.js'
import { collect } from './collect.js'
import type { Context } from './context.js'
import { announce, isWatched, selectionForEvents } from './events.js'
import type { Input } from './input.js'
import { hashPasswords } from './password.js'
import { isPending } from './pending.js'
import { conflict, expectedVersions } from './precondition.js'
import { readResource } from './read-resource.js'
import type { ResourceType } from './resource-type.js'
import { projectionAfterWrite, type Result, resourceResult } from './result.js'
import { unknownResource } from './retrieve.js'
import { inTransaction } from './transaction.js'

/** RFC 7644 section 3.5.1: "HTTP PUT is used to replace a resource's attributes." */
export async function replace(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  const { stored, projection } = await replaceResource(context, type, id, input)
  const pause = context.breather.pause()
  if (pause) await pause
  return resourceResult(context, type, 200, stored, projection)
}

/** Replaces a resource and tells of it. The projection is what a response shows. */
export async function replaceResource(
  context: Context,
  type: ResourceType,
  id: string,
  input: Input,
): Promise<{ readonly stored: Stored; readonly projection: Projection }> {
  const permitting = authorize(context, type, 'replace', id)
  if (permitting) await permitting
  const resource = readResource(context, type, await input.body(), true)
  const pause = context.breather.pause()
  if (pause) await pause
  const expecting = expectedVersions(context, type, id, input)
  const ifMatch = isPending(expecting) ? await expecting : expecting
  const projection = projectionAfterWrite(context, type, input.query, resource)
  const hashing = hashPasswords(context, type, resource, projection)
  const hashed = isPending(hashing) ? await hashing : hashing
  const before = selectionBefore(context, type)
  const attempt = () => attemptReplace(context, type, id, hashed, ifMatch, projection, before)
  // What depends on nothing that is stored is written at once, and in one go.
  const stored = before
    ? await changeInTurn(context, type, id, attempt)
    : ((await inTransaction(context, attempt)) as Stored)
  return { stored, projection }
}

/** `'conflict'` when the resource has changed since the attempt has read it. */
async function attemptReplace(
  context: Context,
  type: ResourceType,
  id: string,
  resource: JsonObject,
  ifMatch: readonly string[] | undefined,
  projection: Selection,
  before: Selection | undefined,
): Promise<Stored | 'conflict'> {
  const current = before && (await retrieveBefore(context, type, id, before))
  const known = current as unknown as JsonObject | undefined
  const draft = keepUnwritable(context, type, applyMutability(type.schema, known, resource), known)
  const read = current && type.supports.versions ? [String(current.meta?.version)] : undefined
  context.throwIfOver()
  const write = context.writeCall(selectionForEvents(context, type, projection), ifMatch ?? read)
  const given = type.adapter(write).replace(id, draft as Draft, write)
  const outcome = isPending(given) ? await given : given
  if (outcome === 'conflict') {
    if (ifMatch || !read) throw await conflict(context, type, id)
    return outcome
  }
  // RFC 7644 section 3.2: PUT "MUST NOT be used to create new resources".
  if (outcome === null || outcome === undefined) throw unknownResource(type, id)
  const stored = checkStored(type, 'replace', outcome, id)
  announce(context, type, { action: 'updated', id, resource: stored, before: current })
  return stored
}

/** Reads what has to be known of the resource before it is replaced. */
async function retrieveBefore(context: Context, type: ResourceType, id: string, select: Selection): Promise<Stored> {
  const call = context.call(select)
  const stored = await type.adapter(call).get(id, call)
  if (stored === null || stored === undefined) throw unknownResource(type, id)
  return collect(checkStored(type, 'get', stored, id), neededBefore(context, type))
}

function selectionBefore(context: Context, type: ResourceType): Selection | undefined {
  // Events tell all that was.
  if (isWatched(context, type)) return { has: () => true }
  const needed = neededBefore(context, type)
  return needed.size === 0 ? undefined : { has: (attribute) => attribute === 'meta' || needed.has(attribute) }
}

/** What the rules of mutability compare with, and what the client may not write and therefore stays as it is. */
function neededBefore(context: Context, type: ResourceType): ReadonlySet<string> {
  const needed = neededForReplace(type.schema)
  const kept = unwritable(context, type)
  return kept.length === 0 ? needed : new Set([...needed, ...kept.map(({ keys }) => keys[0] as string)])
}
