import type { Draft, Selection, Stored } from '../adapter/contract.js'
import { applyMutability, neededForReplace } from '../schema/mutability.js'
import type { JsonObject } from '../schema/resource.js'
import { keepUnwritable, unwritable } from './access.js'
import { checkStored } from './adapter-fault.js'
import { authorize } from './authorize.js'
import { collect } from './collect.js'
import type { Context } from './context.js'
import { announce, isWatched } from './events.js'
import type { Input } from './input.js'
import { hashPasswords } from './password.js'
import { conflict, expectedVersions } from './precondition.js'
import { readResource } from './read-resource.js'
import type { ResourceType } from './resource-type.js'
import { projectionAfterWrite, type Result, resourceResult } from './result.js'
import { unknownResource } from './retrieve.js'
import { inTransaction } from './transaction.js'

/** RFC 7644 section 3.5.1: "HTTP PUT is used to replace a resource's attributes." */
export async function replace(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'replace', id)
  const resource = readResource(context, type, await input.body(), true)
  const ifMatch = await expectedVersions(context, type, id, input)
  const current = await retrieveForReplace(context, type, id)
  const known = current as unknown as JsonObject | undefined
  const draft = keepUnwritable(context, type, applyMutability(type.schema, known, resource), known)
  const projection = projectionAfterWrite(context, type, input.query, resource)
  const {
    schemas: _,
    id: _id,
    meta: _meta,
    ...hashed
  } = await hashPasswords(context, type, draft, context.call(projection))
  const stored = await inTransaction(context, async () => {
    const write = context.writeCall(projection, ifMatch)
    const outcome = await type.adapter(write).replace(id, hashed as Draft, write)
    if (outcome === 'conflict') throw await conflict(context, type, id)
    // RFC 7644 section 3.2: PUT "MUST NOT be used to create new resources".
    if (outcome === null || outcome === undefined) throw unknownResource(type, id)
    checkStored(type, 'replace', outcome, id)
    announce(context, type, { action: 'updated', id, resource: outcome, before: current })
    return outcome
  })
  return resourceResult(context, type, 200, stored, projection)
}

/** Reads what the rules of mutability compare with, and nothing when they compare with nothing. */
async function retrieveForReplace(context: Context, type: ResourceType, id: string): Promise<Stored | undefined> {
  // What the client may not write stays as it is.
  const kept = unwritable(context, type).map(({ keys }) => keys[0] ?? '')
  const needed = new Set([...neededForReplace(type.schema), ...kept])
  // Events tell all that was.
  const everything = isWatched(context, type)
  if (needed.size === 0 && !everything) return undefined
  const select: Selection = { has: (attribute) => everything || needed.has(attribute) }
  const call = context.call(select)
  const stored = await type.adapter(call).get(id, call)
  if (stored === null || stored === undefined) throw unknownResource(type, id)
  return collect(checkStored(type, 'get', stored, id), needed)
}
