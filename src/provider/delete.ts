import { authorize } from './authorize.js'
import type { Context } from './context.js'
import { announce } from './events.js'
import type { Input } from './input.js'
import { conflict, expectedVersions } from './precondition.js'
import type { ResourceType } from './resource-type.js'
import { emptyResult, type Result } from './result.js'
import { unknownResource } from './retrieve.js'

const NOTHING = { has: () => false }

/** RFC 7644 section 3.6: "Clients request resource removal via DELETE." */
export async function remove(context: Context, type: ResourceType, id: string, input: Input): Promise<Result> {
  await authorize(context, type, 'delete', id)
  const ifMatch = await expectedVersions(context, type, id, input)
  const call = context.writeCall(NOTHING, ifMatch)
  const outcome = await type.adapter(call).delete(id, call)
  if (outcome === 'conflict') throw await conflict(context, type, id)
  if (!outcome) throw unknownResource(type, id)
  announce(context, type, { action: 'deleted', id, resource: undefined })
  return emptyResult(204)
}
