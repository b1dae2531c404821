import type { Draft } from '../adapter/contract.js'
import { keepUnwritable } from './access.js'
import { checkStored } from './adapter-fault.js'
import { authorize } from './authorize.js'
import type { Context } from './context.js'
import { announce } from './events.js'
import type { Input } from './input.js'
import { readResource } from './read-resource.js'
import type { ResourceType } from './resource-type.js'
import { projectionAfterWrite, type Result, resourceResult } from './result.js'

/** RFC 7644 section 3.3: "To create new resources, clients send HTTP POST requests to the resource endpoint." */
export async function create(context: Context, type: ResourceType, input: Input): Promise<Result> {
  await authorize(context, type, 'create', undefined)
  const resource = keepUnwritable(context, type, readResource(context, type, await input.body()), undefined)
  const projection = projectionAfterWrite(context, type, input.query, resource)
  const { schemas: _, ...draft } = resource
  const call = context.call(projection)
  const stored = await type.adapter(call).create(draft as Draft, call)
  checkStored(type, 'create', stored)
  announce(context, type, { action: 'created', id: String(stored.id), resource: stored })
  return resourceResult(context, type, 201, stored, projection)
}
