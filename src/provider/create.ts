import type { Call, Draft, Stored } from '../adapter/contract.js'
import type { Projection } from '../schema/project.js'
import { keepUnwritable } from './access.js'
import { checkStored } from './adapter-fault.js'
import { authorize } from './authorize.js'
import { takeOver } from './conflict-policy.js'
import type { Context } from './context.js'
import { announce, selectionForEvents } from './events.js'
import type { Input } from './input.js'
import { hashPasswords } from './password.js'
import { isPending } from './pending.js'
import { readResource } from './read-resource.js'
import type { ResourceType } from './resource-type.js'
import { projectionAfterWrite, type Result, resourceResult } from './result.js'
import { inTransaction } from './transaction.js'

/** RFC 7644 section 3.3: "To create new resources, clients send HTTP POST requests to the resource endpoint." */
export async function create(context: Context, type: ResourceType, input: Input): Promise<Result> {
  const { stored, projection } = await createResource(context, type, input)
  const pause = context.breather.pause()
  if (pause) await pause
  return resourceResult(context, type, 201, stored, projection)
}

/** Creates a resource and tells of it. The projection is what a response shows. */
export async function createResource(
  context: Context,
  type: ResourceType,
  input: Input,
): Promise<{ readonly stored: Stored; readonly projection: Projection }> {
  const permitting = authorize(context, type, 'create', undefined)
  if (permitting) await permitting
  const resource = keepUnwritable(context, type, readResource(context, type, await input.body()), undefined)
  const pause = context.breather.pause()
  if (pause) await pause
  const projection = projectionAfterWrite(context, type, input.query, resource)
  const select = selectionForEvents(context, type, projection)
  const hashed = hashPasswords(context, type, resource, select)
  const draft = isPending(hashed) ? await hashed : hashed
  try {
    const stored = await inTransaction(context, () => store(context, type, draft as Draft, context.call(select)))
    return { stored, projection }
  } catch (error) {
    // After the transaction: a database takes nothing more from one in which a statement has failed.
    return { stored: await takeOver(context, type, draft, error, select), projection }
  }
}

async function store(context: Context, type: ResourceType, draft: Draft, call: Call): Promise<Stored> {
  const given = type.adapter(call).create(draft, call)
  const stored = checkStored(type, 'create', isPending(given) ? await given : given)
  announce(context, type, { action: 'created', id: String(stored.id), resource: stored })
  return stored
}
